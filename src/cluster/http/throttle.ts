import type { IncomingHttpHeaders } from 'node:http';
import { type RawAnswer, retryAfterSeconds } from './answer.ts';
import { Collector } from './collector.ts';
import type { Sink } from './exchange.ts';

/** One answer by which the server asked for less. */
export interface Throttled {
  readonly status: number;
  /** How long the request waits before it goes out again. */
  readonly waitMillis: number;
  readonly path: string;
}

/** Stands before a sink and keeps from it the answers that only say "later" (429, 503 with Retry-After) or "who are you" (401). */
export class Gate implements Sink {
  readonly #behind: Sink;
  #held: Collector | undefined;
  #status = 0;

  constructor(behind: Sink) {
    this.#behind = behind;
  }

  start(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    const later = status === 429 || (status === 503 && headers['retry-after'] !== undefined);
    if (later || status === 401) this.#held = new Collector(1 << 20, 'a refusal');
    (this.#held ?? this.#behind).start(status, headers);
  }

  data(chunk: Buffer): void | Promise<void> {
    return (this.#held ?? this.#behind).data(chunk);
  }

  end(): void | Promise<void> {
    return (this.#held ?? this.#behind).end();
  }

  get status(): number {
    return this.#status;
  }

  /** The answer that was kept back, if it was one of those. */
  get held(): RawAnswer | undefined {
    return this.#held?.answer;
  }

  /** Lets the kept answer through after all. */
  release(): void {
    const held = this.held;
    if (held === undefined) return;
    this.#behind.start(held.status, held.headers);
    this.#behind.data(held.body);
    this.#behind.end();
  }
}

/**
 * Milliseconds to wait before the next attempt; undefined when the patience that is left does not reach.
 * A server that says 0, or nothing, still gets a pause that grows from 50 ms.
 */
export function throttleWait(
  held: RawAnswer,
  attempt: number,
  patienceMillis: number,
  random: () => number,
): number | undefined {
  const asked = retryAfterSeconds(held.headers) ?? 1;
  const floor = 50 * 2 ** Math.min(attempt, 5);
  const wait = Math.round(Math.max(asked * 1000, floor) * (1 + 0.1 * random()));
  return wait > patienceMillis ? undefined : wait;
}
