import { setTimeout as sleep } from 'node:timers/promises';
import { isFault } from '../../outcome/fault.ts';
import { clusterFault } from '../codes.ts';
import type { Credentials } from '../credentials.ts';
import type { Dial } from './dial.ts';
import { exchange, type Sink, type WireRequest } from './exchange.ts';
import { type Guard, NOT_PINNED } from './guard.ts';
import { Inflate } from './inflate.ts';
import type { Lane } from './lane.ts';
import { Lanes, TurnCame } from './lanes.ts';
import type { Limits } from './limits.ts';
import { LaneLoss } from './loss.ts';
import { lossFault } from './loss-fault.ts';
import { Gate, type Throttled, throttleWait } from './throttle.ts';

/** A request in the adapter's words. `path` is asked anew for each attempt. */
export interface Outgoing {
  readonly method: WireRequest['method'];
  readonly path: () => string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string | Uint8Array;
  /** A `write` leaves only over a verified lane and is never repeated after a loss; a `watch` has a lane of its own. */
  readonly kind: 'read' | 'write' | 'watch';
  readonly totalMillis: number;
  readonly idleMillis?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface TransportStats {
  /** Requests written to a connection, fingerprints included. */
  readonly requests: number;
  /** Answers 429, and 503 with Retry-After. */
  readonly throttles: number;
  /** Reads that were tried again after a loss. */
  readonly retries: number;
  /** Connections made. */
  readonly connections: number;
  /** Fingerprints read before a write. */
  readonly verifications: number;
}

export interface TransportParts {
  readonly url: URL;
  readonly dial: Dial;
  readonly credentials: Credentials;
  readonly limits: Limits;
  readonly gzip: boolean;
  readonly userAgent: string;
  readonly onThrottle?: ((throttled: Throttled) => void) | undefined;
  readonly random: () => number;
}

/** Brings a request to the server and its answer to a sink: credentials, lanes, fingerprint, patience and retries. */
export class Transport {
  readonly #parts: TransportParts;
  readonly #lanes: Lanes;
  readonly #base: string;
  #requests = 0;
  #throttles = 0;
  #retries = 0;
  /** What must be true of a connection before a write leaves over it. */
  guard: Guard = NOT_PINNED;

  constructor(parts: TransportParts) {
    this.#parts = parts;
    this.#lanes = new Lanes(parts.dial, parts.url.origin, parts.limits.lanes);
    this.#base = parts.url.pathname.replace(/\/+$/, '');
  }

  get limits(): Limits {
    return this.#parts.limits;
  }

  stats(): TransportStats {
    return {
      requests: this.#requests,
      throttles: this.#throttles,
      retries: this.#retries,
      connections: this.#lanes.made,
      verifications: this.guard.verifications,
    };
  }

  close(): Promise<void> {
    return this.#lanes.close();
  }

  /** `makeSink` is called for each attempt that starts over; it may throw when what it gave out cannot be taken back. */
  async send(outgoing: Outgoing, makeSink: () => Sink): Promise<void> {
    const { limits, random } = this.#parts;
    let patience = limits.patience;
    let losses = 0;
    let throttles = 0;
    let renewed = false;
    for (;;) {
      const gate = new Gate(makeSink());
      try {
        await this.#once(outgoing, gate);
      } catch (error) {
        if (!(error instanceof LaneLoss)) throw this.#abortFault(outgoing, error);
        if (error.cause instanceof TurnCame) continue;
        const again =
          (outgoing.kind !== 'write' || error.beforeWrite) && !error.untrusted && !error.timedOut && !error.garbled;
        if (!again || losses >= limits.retries) throw lossFault(outgoing, error, this.#parts.url.origin, losses + 1);
        this.#retries++;
        await this.#pause(limits.backoff * 2 ** losses++ * (0.5 + random()), outgoing.signal);
        continue;
      }
      const { held } = gate;
      if (held === undefined) return;
      if (held.status === 401) {
        // The server did nothing yet, so this is no second try of a write.
        if (renewed || !(await this.#parts.credentials.renew())) {
          gate.release();
          return;
        }
        renewed = true;
        this.#lanes.renew();
        continue;
      }
      this.#throttles++;
      const wait = throttleWait(held, throttles++, patience, random);
      this.#parts.onThrottle?.({ status: held.status, waitMillis: wait ?? 0, path: outgoing.path() });
      if (wait === undefined) {
        gate.release();
        return;
      }
      patience -= wait;
      await this.#pause(wait, outgoing.signal);
    }
  }

  async #once(outgoing: Outgoing, sink: Sink): Promise<void> {
    const { credentials, limits, gzip, userAgent } = this.#parts;
    const { kind, signal } = outgoing;
    this.guard.refuseIfWrong();
    const [identity, own] = await Promise.all([credentials.certificate(), credentials.headers()]);
    const headers: Record<string, string | string[]> = { ...own, 'user-agent': userAgent };
    headers.accept = outgoing.accept ?? 'application/json';
    headers['accept-encoding'] = gzip ? 'gzip' : 'identity';
    if (outgoing.contentType !== undefined) headers['content-type'] = outgoing.contentType;
    const wire: WireRequest = {
      method: outgoing.method,
      path: this.#base + outgoing.path(),
      headers,
      body: outgoing.body,
      headersMillis: limits.headers,
      idleMillis: outgoing.idleMillis ?? limits.idle,
      totalMillis: outgoing.totalMillis,
      signal,
    };
    const wanted = kind === 'write' ? this.guard.pinned : undefined;
    const lane =
      kind === 'watch'
        ? await this.#lanes.takeExtra(identity, signal)
        : await this.#lanes.take(identity, { verified: wanted, signal });
    let clean = false;
    try {
      if (kind === 'write') await this.#verify(lane, headers, signal);
      this.#requests++;
      // Nothing may stand between the line above and this one: the lane that was verified is the lane that is written to.
      await exchange(lane, wire, gzip ? new Inflate(sink) : sink);
      clean = true;
    } finally {
      this.#lanes.give(lane, clean);
    }
  }

  /** Reads the fingerprint over this very lane unless that was done since it was made. */
  async #verify(lane: Lane, headers: WireRequest['headers'], signal: AbortSignal | undefined): Promise<void> {
    const { limits, random } = this.#parts;
    let patience = limits.patience;
    for (let attempt = 0; this.guard.mustVerify(lane); attempt++) {
      this.#requests++;
      const held = await this.guard.verify(lane, this.#base, headers, limits, signal).catch((error: unknown) => {
        throw error instanceof LaneLoss ? error.asBeforeWrite() : error;
      });
      if (held === undefined) continue;
      this.#throttles++;
      const wait = throttleWait(held, attempt, patience, random);
      this.#parts.onThrottle?.({ status: held.status, waitMillis: wait ?? 0, path: 'fingerprint' });
      if (wait === undefined) throw this.guard.refused(held);
      patience -= wait;
      await this.#pause(wait, signal);
    }
  }

  async #pause(millis: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await sleep(millis, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw signal?.aborted ? aborted(signal) : error;
    }
  }

  #abortFault(outgoing: Outgoing, error: unknown): unknown {
    if (isFault(error) || outgoing.signal?.aborted !== true) return error;
    return aborted(outgoing.signal);
  }
}

function aborted(signal: AbortSignal) {
  return clusterFault('ABORTED', 'The request was aborted.', { cause: signal.reason });
}
