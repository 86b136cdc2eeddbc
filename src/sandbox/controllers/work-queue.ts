import type { Clock } from '../clock.ts';

const FIRST_RETRY_MS = 5;
const LAST_RETRY_MS = 1_000_000;

/**
 * What a controller has to look at, by key: at once, at a time of the clock, or again after a failure (5 ms, doubled each
 * time up to 1,000 s: client-go's rate limiter per item). A key that is added twice is worked on once.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #longest: number;
  readonly #ready = new Set<string>();
  /** When a key becomes ready by itself. */
  readonly #due = new Map<string, number>();
  /** Heap of [time, key]; entries that `#due` no longer says are stale. */
  readonly #heap: (readonly [number, string])[] = [];
  readonly #failures = new Map<string, number>();

  /** `longest`: the longest wait between two tries of a key, in ms. */
  constructor(clock: Clock, longest = LAST_RETRY_MS) {
    this.#clock = clock;
    this.#longest = longest;
  }

  add(key: string): void {
    this.#ready.add(key);
  }

  /** Ready at `time` (ms of the clock), or earlier if it was due earlier. */
  addAt(key: string, time: number): void {
    const known = this.#due.get(key);
    if (known !== undefined && known <= time) return;
    this.#due.set(key, time);
    this.#push([time, key]);
  }

  addAfter(key: string, milliseconds: number): void {
    if (milliseconds <= 0) this.add(key);
    else this.addAt(key, this.#clock.now() + milliseconds);
  }

  /** After a failure: later each time, until `forget`. */
  retry(key: string): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.addAfter(key, Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures, 30), this.#longest));
  }

  failuresOf(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** All that is ready now, taken out of the queue. */
  takeReady(): string[] {
    const now = this.#clock.now();
    for (let top = this.#heap[0]; top !== undefined && top[0] <= now; top = this.#heap[0]) {
      this.#pop();
      if (this.#due.get(top[1]) !== top[0]) continue;
      this.#due.delete(top[1]);
      this.#ready.add(top[1]);
    }
    if (this.#ready.size === 0) return [];
    const keys = [...this.#ready];
    this.#ready.clear();
    return keys;
  }

  /** When something is ready: now if it is, undefined if nothing waits. */
  dueAt(): number | undefined {
    if (this.#ready.size > 0) return this.#clock.now();
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (this.#due.get(top[1]) === top[0]) return top[0];
      this.#pop();
    }
    return undefined;
  }

  #push(entry: readonly [number, string]): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above[0] <= entry[0]) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const smaller = right !== undefined && left !== undefined && right[0] < left[0] ? right : left;
      if (smaller === undefined || smaller[0] >= last[0]) break;
      heap[at] = smaller;
      at = smaller === right ? 2 * at + 2 : 2 * at + 1;
    }
    heap[at] = last;
  }
}
