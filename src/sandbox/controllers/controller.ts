import type { ObjectApi } from '../api/api.ts';
import type { Clock } from '../clock.ts';
import type { StoreChange } from '../storage/store.ts';

/** What a controller is given. */
export interface ControllerContext {
  readonly api: ObjectApi;
  readonly clock: Clock;
  /** 0 <= x < 1, seeded: names with random endings are the same in every run with the same seed. */
  random(): number;
  /** A line in the log of the sandbox: what the real one would print. */
  log(line: string): void;
  /** False: what controllers do is not told as Events. */
  readonly events?: boolean;
}

/**
 * One controller or operator model. It notes changes as they are committed and works when it is stepped, so that a test
 * decides who acts first and when. A restart forgets everything but what the API holds.
 */
export interface Controller {
  /** As the real one is named: `deployment-controller`, `cloudnative-pg`. */
  readonly name: string;
  /** Only notes what to look at; called once with `added` for every existing object when the controller starts. */
  onChange(change: StoreChange): void;
  /** Does some of what was noted and is due; true when it did anything. */
  step(): Promise<boolean>;
  /** The clock time (ms) at which it has work even if nothing changes: retries, polls, schedules. */
  dueAt(): number | undefined;
}

/** Makes a controller, as the sandbox starts (or restarts) it. */
export type ControllerMaker = (context: ControllerContext) => Controller;
