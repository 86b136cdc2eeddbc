import type { IncomingHttpHeaders } from 'node:http';
import { createGunzip, type Gunzip } from 'node:zlib';
import { malformed } from './answer.ts';
import type { Sink } from './exchange.ts';

/** Unpacks a gzip body on its way into a sink; passes every other body through. */
export class Inflate implements Sink {
  readonly #behind: Sink;
  #gunzip: Gunzip | undefined;
  #failure: unknown;
  #fail: ((error: unknown) => void) | undefined;

  constructor(behind: Sink) {
    this.#behind = behind;
  }

  start(status: number, headers: IncomingHttpHeaders): void {
    if (headers['content-encoding'] === 'gzip') this.#open();
    this.#behind.start(status, headers);
  }

  data(chunk: Buffer): void | Promise<void> {
    const gunzip = this.#gunzip;
    if (gunzip === undefined) return this.#behind.data(chunk);
    return this.#unlessFailed((done) => gunzip.write(chunk, () => done()));
  }

  end(): void | Promise<void> {
    const gunzip = this.#gunzip;
    if (gunzip === undefined) return this.#behind.end();
    return this.#unlessFailed((done) => {
      gunzip.once('end', done);
      gunzip.end();
    }).then(() => this.#behind.end());
  }

  #open(): void {
    const gunzip = createGunzip({ chunkSize: 64 << 10 });
    this.#gunzip = gunzip;
    const fail = (error: unknown) => {
      this.#failure ??= error;
      gunzip.destroy();
      this.#fail?.(this.#failure);
    };
    gunzip.on('data', (piece: Buffer) => {
      try {
        const wait = this.#behind.data(piece);
        if (wait === undefined) return;
        gunzip.pause();
        wait.then(() => gunzip.resume(), fail);
      } catch (error) {
        fail(error);
      }
    });
    gunzip.on('error', (cause) => fail(malformed('a request', 'is no gzip', cause)));
  }

  #unlessFailed(work: (done: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#fail = reject;
      work(resolve);
    });
  }
}
