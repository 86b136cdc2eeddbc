import type { IncomingHttpHeaders } from 'node:http';
import { isJsonObject } from '../../objects/json.ts';
import { clusterFault } from '../codes.ts';
import type { CollectionAddress, WatchEvent, WatchOptions } from '../port.ts';
import { collectionPath, withQuery } from './address.ts';
import { isSuccess, kubeObjectOf, malformed, rejectionOf, statusRejection } from './answer.ts';
import { Collector } from './collector.ts';
import type { Sink } from './exchange.ts';
import type { Transport } from './transport.ts';

/** Seconds after which the server ends a watch when the caller names no time. */
const DEFAULT_SECONDS = 300;
const GRACE_MILLIS = 30_000;

/**
 * Watches a collection. Ends when the server's time is up; throws CONNECTION-LOST when the connection was lost before.
 * The server is held up while the caller has not taken what came before.
 */
export async function* watch(
  transport: Transport,
  at: CollectionAddress,
  options: WatchOptions = {},
): AsyncGenerator<WatchEvent, void, undefined> {
  const seconds = options.timeoutSeconds ?? DEFAULT_SECONDS;
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const path = withQuery(collectionPath(at), {
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: options.fromRevision,
    ...(options.sendInitialEvents === undefined
      ? {}
      : { sendInitialEvents: options.sendInitialEvents, resourceVersionMatch: 'NotOlderThan' }),
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    timeoutSeconds: seconds,
  });
  const events = new EventSink(transport.limits.item, `the watch ${collectionPath(at)}`);
  let begun = false;
  const ended = transport
    .send(
      {
        method: 'GET',
        path: () => path,
        kind: 'watch',
        totalMillis: 0,
        idleMillis: seconds * 1000 + GRACE_MILLIS,
        signal,
      },
      () => {
        // Events that were given out cannot be taken back: only a watch that never began starts over.
        begun ||= events.begun;
        if (begun) throw events.loss;
        return events;
      },
    )
    .then(
      () => events.finish(),
      (error: unknown) => events.fail(error),
    );
  try {
    for (;;) {
      const event = await events.take();
      if (event === undefined) return;
      yield event;
      if (event.kind === 'expired' || event.kind === 'failed') return;
    }
  } finally {
    stop.abort(new Error('the watch ended'));
    events.free();
    await ended;
  }
}

class EventSink implements Sink {
  readonly #most: number;
  readonly #what: string;
  readonly #ready: WatchEvent[] = [];
  #parts: Buffer[] = [];
  #size = 0;
  #refusal: Collector | undefined;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;
  #taken: PromiseWithResolvers<void> | undefined;
  begun = false;

  constructor(most: number, what: string) {
    this.#most = most;
    this.#what = what;
  }

  get loss(): Error {
    return clusterFault('CONNECTION-LOST', `The connection was lost in the middle of ${this.#what}.`, {
      hint: 'Watch on from the revision of the last event.',
      details: { sent: 'maybe' },
    });
  }

  start(status: number, headers: IncomingHttpHeaders): void {
    this.#refusal = undefined;
    this.begun = isSuccess(status);
    if (this.begun) return;
    this.#refusal = new Collector(1 << 20, this.#what);
    this.#refusal.start(status, headers);
  }

  data(chunk: Buffer): void | Promise<void> {
    if (this.#refusal !== undefined) return this.#refusal.data(chunk);
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      this.#add(chunk.subarray(from, end));
      this.#line();
      from = end + 1;
    }
    if (from < chunk.length) this.#add(chunk.subarray(from));
    if (this.#ready.length === 0) return undefined;
    this.#wake?.();
    this.#taken = Promise.withResolvers();
    return this.#taken.promise;
  }

  end(): void {
    if (this.#refusal !== undefined) {
      const rejection = rejectionOf(this.#refusal.answer);
      this.#ready.push(rejection.status === 410 ? { kind: 'expired' } : { kind: 'failed', rejection });
    } else this.#line();
  }

  finish(): void {
    this.#ended = true;
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.finish();
  }

  free(): void {
    this.#ready.length = 0;
    this.#taken?.resolve();
  }

  async take(): Promise<WatchEvent | undefined> {
    for (;;) {
      const event = this.#ready.shift();
      if (event !== undefined) return event;
      this.#taken?.resolve();
      this.#taken = undefined;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  #add(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > this.#most) throw malformed(this.#what, `has an event longer than ${this.#most} bytes`);
    this.#parts.push(part);
  }

  #line(): void {
    const text = Buffer.concat(this.#parts).toString('utf8').trim();
    this.#parts = [];
    this.#size = 0;
    if (text !== '') this.#ready.push(eventOf(text, this.#what));
  }
}

function eventOf(text: string, what: string): WatchEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed(what, 'has an event that is no JSON or is cut short', cause);
  }
  if (!isJsonObject(value) || typeof value.type !== 'string') throw malformed(what, 'has an event without a type');
  if (value.type === 'ERROR') {
    const status = isJsonObject(value.object) ? value.object : {};
    const code = typeof status.code === 'number' ? status.code : 500;
    return code === 410 ? { kind: 'expired' } : { kind: 'failed', rejection: statusRejection(status, code) };
  }
  const object = kubeObjectOf(value.object, what);
  switch (value.type) {
    case 'ADDED':
      return { kind: 'added', object };
    case 'MODIFIED':
      return { kind: 'modified', object };
    case 'DELETED':
      return { kind: 'deleted', object };
    case 'BOOKMARK':
      return {
        kind: 'bookmark',
        revision: object.metadata.resourceVersion ?? '',
        initialEventsEnd: object.metadata.annotations?.['k8s.io/initial-events-end'] === 'true',
      };
    default:
      throw malformed(what, 'has an event of an unknown type');
  }
}
