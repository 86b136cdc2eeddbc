import type { RunTime } from '../../src/recover/run-time.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** The clock of a sandbox that is moved only while everybody waits for it. */
export interface EventTime extends RunTime {
  stop(): void;
}

/** Milliseconds of the real clock in which no request came: then whoever works is waiting. */
const QUIET_MS = 1;

/**
 * Controllers work after every change, and time passes by itself, but only while somebody sleeps and no request comes: then it
 * jumps to the moment for which the first sleeper waits. So a minute takes no minute, and no outcome hangs on how fast the machine is.
 */
export function eventTime(sandbox: Sandbox): EventTime {
  const sleepers = new Set<{ readonly due: number; wake(): void }>();
  let requests = 0;
  let working = false;
  let stopped = false;
  let defect: unknown;
  let timer: NodeJS.Timeout | undefined;
  const counting = (): undefined => {
    requests++;
    return undefined;
  };
  sandbox.knobs.troubles.add(counting);

  const work = async (until?: number): Promise<void> => {
    if (working || stopped) return;
    working = true;
    try {
      await sandbox.settle(until === undefined ? {} : { until });
    } catch (error) {
      defect ??= error;
    } finally {
      working = false;
    }
  };
  const tick = (seen: number): void => {
    timer = undefined;
    if (stopped || sleepers.size === 0) return;
    if (working || requests !== seen) {
      plan();
      return;
    }
    const due = Math.min(...[...sleepers].map((one) => one.due));
    void work(due).then(() => {
      for (const one of [...sleepers]) if (one.due <= sandbox.clock.now() || defect !== undefined) one.wake();
      plan();
    });
  };
  const plan = (): void => {
    if (timer !== undefined || stopped || sleepers.size === 0) return;
    const seen = requests;
    timer = setTimeout(() => tick(seen), QUIET_MS);
  };
  let soon: NodeJS.Immediate | undefined;
  const unsubscribe = sandbox.tap(() => {
    soon ??= setImmediate(() => {
      soon = undefined;
      void work();
    });
  });
  return {
    now: () => sandbox.clock.now(),
    async sleep(millis, signal) {
      if (defect !== undefined) throw defect;
      if (signal?.aborted === true || stopped) return;
      await new Promise<void>((resolve) => {
        const sleeper = {
          due: sandbox.clock.now() + millis,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
        plan();
      });
    },
    stop() {
      stopped = true;
      unsubscribe();
      clearTimeout(timer);
      clearImmediate(soon);
      sandbox.knobs.troubles.delete(counting);
      for (const one of [...sleepers]) one.wake();
    },
  };
}
