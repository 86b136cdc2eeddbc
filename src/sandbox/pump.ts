import type { Clock } from './clock.ts';
import type { ControllerRunner } from './controller-runner.ts';

const SOONEST_MS = 5;
const LATEST_MS = 1_000;

/** With a real clock controllers work by themselves: after every change, and when something is due. */
export function startPump(
  runner: ControllerRunner,
  store: { subscribe(listener: () => void): () => void },
  clock: Clock,
  log: (line: string) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let working = false;
  let changed = false;
  let stopped = false;
  const plan = (): void => {
    if (stopped || working) return;
    clearTimeout(timer);
    const due = runner.dueAt();
    const wait = changed ? SOONEST_MS : Math.min(LATEST_MS, Math.max(SOONEST_MS, (due ?? Infinity) - clock.now()));
    timer = setTimeout(() => void work(), wait);
    timer.unref();
  };
  const work = async (): Promise<void> => {
    working = true;
    changed = false;
    try {
      await runner.settle();
    } catch (error) {
      log(`defect: ${error instanceof Error ? error.stack : String(error)}`);
    }
    working = false;
    plan();
  };
  const unsubscribe = store.subscribe(() => {
    if (changed) return;
    changed = true;
    plan();
  });
  plan();
  return () => {
    stopped = true;
    clearTimeout(timer);
    unsubscribe();
  };
}
