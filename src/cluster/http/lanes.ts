import { clusterFault } from '../codes.ts';
import type { Dial, Identity } from './dial.ts';
import { Lane } from './lane.ts';
import { LaneLoss } from './loss.ts';

interface Waiter {
  readonly give: (lane: Lane) => void;
  readonly fail: (cause: unknown) => void;
}

/** The connections of one cluster: made on demand up to a bound, then waited for; the one idle longest goes first. */
export class Lanes {
  readonly #dial: Dial;
  readonly #origin: string;
  readonly #most: number;
  readonly #all = new Set<Lane>();
  readonly #extra = new Set<Lane>();
  readonly #idle = new Set<Lane>();
  readonly #waiting = new Set<Waiter>();
  readonly #closing = new AbortController();
  #dialling = 0;
  /** Connections made so far. */
  made = 0;

  constructor(dial: Dial, origin: string, most: number) {
    this.#dial = dial;
    this.#origin = origin;
    this.#most = most;
  }

  get busy(): number {
    return this.#all.size - this.#idle.size + this.#dialling;
  }

  /** `verified` prefers a lane on which that fingerprint was read. Rejects with LaneLoss, or when aborted or closed. */
  async take(
    identity: Identity | undefined,
    options: { readonly verified?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Lane> {
    this.#refuseWhenClosed();
    options.signal?.throwIfAborted();
    const idle = this.#idleLane(options.verified);
    if (idle !== undefined) return idle;
    if (this.#all.size + this.#dialling < this.#most) return await this.#make(identity, options.signal, this.#all);
    return await this.#wait(options.signal);
  }

  /** A lane beside the bound, for a watch, which would hold one of the others for minutes. Closed when given back. */
  async takeExtra(identity: Identity | undefined, signal: AbortSignal | undefined): Promise<Lane> {
    this.#refuseWhenClosed();
    signal?.throwIfAborted();
    return await this.#make(identity, signal, this.#extra);
  }

  /** Gives a lane back; one whose request did not end cleanly is not used again. */
  give(lane: Lane, clean: boolean): void {
    if (!clean || lane.spent || this.#extra.has(lane) || this.#closing.signal.aborted) lane.destroy();
    if (lane.spent) {
      this.#forget(lane);
      return;
    }
    const [waiter] = this.#waiting;
    if (waiter === undefined) {
      this.#idle.add(lane);
      return;
    }
    this.#waiting.delete(waiter);
    waiter.give(lane);
  }

  /** All idle lanes end, so that the next connections are made with new credentials. */
  renew(): void {
    for (const lane of this.#idle) lane.destroy();
  }

  async close(): Promise<void> {
    this.#closing.abort(clusterFault('CLUSTER-CLOSED', 'The cluster was closed.'));
    for (const waiter of this.#waiting) waiter.fail(this.#closing.signal.reason);
    this.#waiting.clear();
    const ends = [...this.#all, ...this.#extra].map(async (lane) => {
      lane.destroy();
      await lane.client.destroy().catch(() => undefined);
    });
    await Promise.all(ends);
  }

  #refuseWhenClosed(): void {
    this.#closing.signal.throwIfAborted();
  }

  #idleLane(verified: string | undefined): Lane | undefined {
    let first: Lane | undefined;
    for (const lane of this.#idle) {
      if (lane.spent) {
        this.#idle.delete(lane);
        continue;
      }
      first ??= lane;
      if (verified === undefined || lane.verified === verified) {
        first = lane;
        break;
      }
    }
    if (first !== undefined) this.#idle.delete(first);
    return first;
  }

  async #make(identity: Identity | undefined, signal: AbortSignal | undefined, home: Set<Lane>): Promise<Lane> {
    const counted = home === this.#all;
    if (counted) this.#dialling++;
    const either = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    const dialled = this.#dial(identity, either).then((socket) => {
      if (either.aborted) socket.destroy();
      return socket;
    });
    try {
      const socket = await abortable(dialled, either);
      const lane = new Lane(socket, this.#origin, (spent) => this.#forget(spent));
      home.add(lane);
      this.made++;
      return lane;
    } catch (error) {
      either.throwIfAborted();
      throw error instanceof LaneLoss ? error : new LaneLoss('no', error);
    } finally {
      if (counted) this.#dialling--;
      if (counted && this.#waiting.size > 0) queueMicrotask(() => this.#wake());
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<Lane> {
    return new Promise((resolve, reject) => {
      const aborted = () => {
        this.#waiting.delete(waiter);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        give: (lane) => {
          signal?.removeEventListener('abort', aborted);
          resolve(lane);
        },
        fail: (cause) => {
          signal?.removeEventListener('abort', aborted);
          reject(cause);
        },
      };
      signal?.addEventListener('abort', aborted, { once: true });
      this.#waiting.add(waiter);
    });
  }

  /** A place became free without a lane to hand over: the longest waiting caller is told to try again. */
  #wake(): void {
    if (this.#all.size + this.#dialling >= this.#most) return;
    const [waiter] = this.#waiting;
    if (waiter === undefined) return;
    this.#waiting.delete(waiter);
    waiter.fail(new LaneLoss('no', new TurnCame()));
  }

  #forget(lane: Lane): void {
    this.#idle.delete(lane);
    this.#extra.delete(lane);
    if (this.#all.delete(lane)) this.#wake();
  }
}

/** The reason of a LaneLoss that only says: ask again, there is room now. */
export class TurnCame extends Error {}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    signal.addEventListener('abort', aborted, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}
