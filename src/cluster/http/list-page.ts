import type { IncomingHttpHeaders } from 'node:http';
import { clusterFault } from '../codes.ts';
import type { RawItem, Rejection } from '../port.ts';
import { isSuccess, rejectionOf } from './answer.ts';
import { Collector } from './collector.ts';
import type { Sink } from './exchange.ts';
import { type ListHead, ListScanner } from './list-scanner.ts';
import type { Transport } from './transport.ts';

export interface PageEnd {
  readonly kind: 'page';
  readonly head: ListHead;
  readonly items: number;
}

export interface PageParts {
  readonly transport: Transport;
  /** With a revision: the same page again, of exactly that revision. */
  readonly path: (again: string | undefined) => string;
  readonly token: string;
  readonly what: string;
  readonly accept: string;
  readonly signal: AbortSignal;
  readonly onItem: (item: RawItem) => void | Promise<void>;
  /** Told once, as soon as it is known, which token the next page has ('' when there is none). */
  readonly onToken: (token: string) => void;
}

/**
 * One page of a list. Begun before its turn it waits, with the socket paused, until it is opened.
 * After a lost connection it is asked for again at the same revision, and what was given out already is passed over.
 */
export class Page {
  readonly token: string;
  readonly #parts: PageParts;
  readonly #opened = Promise.withResolvers<void>();
  #open = false;
  #running: Promise<PageEnd | Rejection> | undefined;
  #given = 0;
  #last: { readonly name: string; readonly namespace: string | undefined; readonly uid: string } | undefined;
  #revision = '';
  #told = false;

  constructor(parts: PageParts) {
    this.#parts = parts;
    this.token = parts.token;
  }

  open(): void {
    this.#open = true;
    this.#opened.resolve();
  }

  begin(): void {
    this.#running ??= this.#run();
    // Whoever reads the page meets the failure; a page that is never read may fail unseen.
    this.#running.catch(() => undefined);
  }

  read(): Promise<PageEnd | Rejection> {
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<PageEnd | Rejection> {
    const { transport, signal, accept, path } = this.#parts;
    let sink: PageSink | undefined;
    await transport.send(
      {
        method: 'GET',
        path: () => path(this.#given > 0 ? this.#revision : undefined),
        accept,
        kind: 'read',
        totalMillis: transport.limits.page,
        signal,
      },
      () => {
        sink = this.#sink();
        return sink;
      },
    );
    if (sink === undefined) throw clusterFault('CONNECTION-LOST', `${this.#parts.what} was not answered.`);
    return sink.outcome();
  }

  #sink(): PageSink {
    if (this.#given > 0 && this.token === '' && this.#revision === '')
      throw this.#cannotGoOn('its revision is not known');
    return new PageSink({
      bounds: { item: this.#parts.transport.limits.item, what: this.#parts.what },
      pass: this.#given,
      isOpen: () => this.#open,
      opened: this.#opened.promise,
      onHead: (revision, next) => {
        this.#revision = revision;
        if (this.#told) return;
        this.#told = true;
        this.#parts.onToken(next);
      },
      onItem: (item) => {
        this.#given++;
        this.#last = item;
        return this.#parts.onItem(item);
      },
      onPassed: (item) => {
        const { name, namespace, uid } = this.#last ?? item;
        if (item.name !== name || item.namespace !== namespace || item.uid !== uid)
          throw this.#cannotGoOn('the server gives other items now');
      },
    });
  }

  #cannotGoOn(why: string) {
    return clusterFault(
      'CONNECTION-LOST',
      `The connection was lost in the middle of ${this.#parts.what}, and ${why}.`,
      {
        hint: 'List it again from the start.',
        details: { sent: 'maybe', given: this.#given },
      },
    );
  }
}

interface PageSinkParts {
  readonly bounds: { readonly item: number; readonly what: string };
  /** How many items were given out by an earlier attempt. */
  readonly pass: number;
  readonly isOpen: () => boolean;
  readonly opened: Promise<void>;
  readonly onHead: (revision: string, next: string) => void;
  readonly onItem: (item: RawItem) => void | Promise<void>;
  /** The last of the items that are passed over. */
  readonly onPassed: (item: RawItem) => void;
}

class PageSink implements Sink {
  readonly #parts: PageSinkParts;
  readonly #scanner: ListScanner;
  #refusal: Collector | undefined;
  #seen = 0;
  #headSeen = false;

  constructor(parts: PageSinkParts) {
    this.#parts = parts;
    this.#scanner = new ListScanner(parts.bounds);
  }

  start(status: number, headers: IncomingHttpHeaders): void {
    if (isSuccess(status)) return;
    this.#refusal = new Collector(1 << 20, this.#parts.bounds.what);
    this.#refusal.start(status, headers);
  }

  data(chunk: Buffer): void | Promise<void> {
    if (this.#refusal !== undefined) return this.#refusal.data(chunk);
    this.#scanner.push(chunk);
    if (!this.#parts.isOpen()) return this.#parts.opened.then(() => this.#drain());
    return this.#drain();
  }

  end(): void {
    // `outcome` checks that the list is whole.
  }

  outcome(): PageEnd | Rejection {
    if (this.#refusal !== undefined) return rejectionOf(this.#refusal.answer);
    const head = this.#scanner.finish();
    if (this.#seen < this.#parts.pass) {
      throw clusterFault('CONNECTION-LOST', `${this.#parts.bounds.what} came back shorter after a lost connection.`, {
        hint: 'List it again from the start.',
      });
    }
    if (!this.#headSeen) this.#parts.onHead(head.revision, head.continueToken);
    return { kind: 'page', head, items: this.#seen };
  }

  #drain(): void | Promise<void> {
    for (;;) {
      const item = this.#scanner.next();
      if (!this.#headSeen) this.#look();
      if (item === undefined) return undefined;
      if (this.#seen++ < this.#parts.pass) {
        if (this.#seen === this.#parts.pass) this.#parts.onPassed(item);
        continue;
      }
      const wait = this.#parts.onItem(item);
      if (wait !== undefined) return wait.then(() => this.#drain());
    }
  }

  #look(): void {
    const metadata = this.#scanner.metadata;
    if (metadata === undefined) return;
    this.#headSeen = true;
    this.#parts.onHead(metadata.revision, metadata.continueToken);
  }
}
