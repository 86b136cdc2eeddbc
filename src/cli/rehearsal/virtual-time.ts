import type { RunTime } from '../../recover/run-time.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** What one write takes: about what a server on a small machine takes (lab 3). */
const WRITE_MS = 1;

/**
 * The time of a rehearsal. The sandbox's clock goes on by a little with each write, and otherwise only when everyone waits: then it
 * jumps to the next moment at which somebody wants to be woken, and controllers do what falls due on the way. So nothing is
 * late because this machine is busy, and a minute of settling takes none.
 */
export class VirtualTime implements RunTime {
  readonly #sandbox: Sandbox;
  #sleepers: Sleeper[] = [];
  /** Requests and readings that are under way. */
  #busy = 0;
  #owed = 0;
  #waited = 0;
  #stopped = false;
  #failure: unknown;
  readonly #pump: Promise<void>;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.#pump = this.#run().catch((error: unknown) => {
      this.#failure = error;
      // Who waits would wait for ever.
      for (const { wake } of this.#sleepers.splice(0)) wake();
    });
  }

  /** Milliseconds that passed while everyone waited. */
  get waited(): number {
    return this.#waited;
  }

  now(): number {
    return this.#sandbox.clock.now();
  }

  sleep(millis: number, signal?: AbortSignal): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (signal?.aborted === true) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleeper = { at: this.now() + millis, wake: resolve };
    this.#sleepers.push(sleeper);
    const woken = (): void => {
      this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
      resolve();
    };
    signal?.addEventListener('abort', woken, { once: true });
    return promise.then(() => {
      signal?.removeEventListener('abort', woken);
      if (this.#failure !== undefined) throw this.#failure;
    });
  }

  /** Time stands still while this is under way, but for what it owes. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#busy++;
    try {
      return await work();
    } finally {
      this.#busy--;
    }
  }

  wrote(): void {
    this.#owed += WRITE_MS;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#pump;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await new Promise((resolve) => setImmediate(resolve));
      const owed = Math.floor(this.#owed);
      this.#owed -= owed;
      if (owed > 0) await this.#sandbox.advance(owed);
      else await this.#sandbox.settle();
      this.#wake();
      // Whoever was woken or answered has begun something new by the next turn, or waits again.
      if (this.#busy === 0 && owed === 0 && this.#sleepers.length > 0) await this.#jump();
    }
  }

  async #jump(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#busy > 0 || this.#owed > 0 || this.#sleepers.length === 0) return;
    const next = Math.min(...this.#sleepers.map(({ at }) => at));
    const before = this.now();
    await this.#sandbox.settle({ until: Math.max(before, next) });
    this.#waited += this.now() - before;
    this.#wake();
  }

  #wake(): void {
    const now = this.now();
    const due = this.#sleepers.filter(({ at }) => at <= now);
    if (due.length === 0) return;
    this.#sleepers = this.#sleepers.filter(({ at }) => at > now);
    for (const { wake } of due) wake();
  }
}
