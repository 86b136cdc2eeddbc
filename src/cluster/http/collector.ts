import type { IncomingHttpHeaders } from 'node:http';
import { malformed, type RawAnswer } from './answer.ts';
import type { Sink } from './exchange.ts';

/** Takes a whole answer into memory, up to a bound. */
export class Collector implements Sink {
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  readonly #parts: Buffer[] = [];
  #size = 0;
  readonly #most: number;
  readonly #what: string;

  /** `most` bytes; a longer body is a MALFORMED-ANSWER that names `what`. */
  constructor(most: number, what: string) {
    this.#most = most;
    this.#what = what;
  }

  start(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  data(chunk: Buffer): undefined {
    this.#size += chunk.length;
    if (this.#size > this.#most) throw malformed(this.#what, `is longer than ${this.#most} bytes`);
    this.#parts.push(chunk);
  }

  end(): void {
    // Nothing is pending: the parts are joined when they are asked for.
  }

  get answer(): RawAnswer {
    const [only] = this.#parts;
    const body = this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts);
    return { status: this.#status, headers: this.#headers, body };
  }
}
