import { REAL_TIME, type RunTime } from './run-time.ts';

/**
 * Looks at once and then at growing pauses (from `poll` to ten times that) until there is a value; undefined when `millis`
 * have passed. Throws what `interruption` makes as soon as the signal says stop.
 */
export async function lookUntil<T>(
  millis: number,
  poll: number,
  look: () => Promise<T | undefined>,
  signal: AbortSignal,
  interruption: () => unknown,
  time: RunTime = REAL_TIME,
): Promise<T | undefined> {
  const end = time.now() + millis;
  for (let pause = poll; ; pause = Math.min(pause * 1.5, poll * 10)) {
    if (signal.aborted) throw interruption();
    const found = await look();
    if (found !== undefined) return found;
    const left = end - time.now();
    if (left <= 0) return undefined;
    await time.sleep(Math.min(pause, left), signal);
  }
}
