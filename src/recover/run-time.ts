import { setTimeout as sleep } from 'node:timers/promises';

/** What tells a run the time and lets it wait. A rehearsal gives one in which a minute takes no minute. */
export interface RunTime {
  /** Monotonic milliseconds. */
  now(): number;
  /** Comes back when the time has passed or the signal says stop, whichever is first; never throws. */
  sleep(millis: number, signal?: AbortSignal): Promise<void>;
}

export const REAL_TIME: RunTime = {
  now: () => performance.now(),
  sleep: (millis, signal) =>
    sleep(millis, undefined, signal === undefined ? {} : { signal }).catch(() => undefined) as Promise<void>,
};
