import { STAGES, type Stage, type Step } from '../plan/plan.ts';

/** What a renderer shows. `etaSeconds` is absent until a rate is known. */
export interface Progress {
  /** The first stage that has not ended. */
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  /** Writes answered each second, over the last seconds. */
  readonly rate: number;
  readonly failed: number;
  readonly etaSeconds?: number;
}

const EVERY_MILLIS = 200;

/** Counts ended steps and tells about them a few times each second. */
export class ProgressMeter {
  readonly #left: Record<Stage, number>;
  readonly #total: number;
  readonly #tell: ((progress: Progress) => void) | undefined;
  readonly #writes: () => number;
  #done = 0;
  #failed = 0;
  #toldAt: number;
  #toldWrites = 0;
  #toldDone = 0;
  #rate = 0;
  #pace = 0;

  constructor(steps: readonly Step[], writes: () => number, tell: ((progress: Progress) => void) | undefined) {
    this.#left = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;
    for (const { stage } of steps) this.#left[stage]++;
    this.#total = steps.length;
    this.#tell = tell;
    this.#writes = writes;
    this.#toldAt = performance.now();
  }

  ended(step: Step, well: boolean): void {
    this.#left[step.stage]--;
    this.#done++;
    if (!well) this.#failed++;
    if (this.#tell === undefined) return;
    const now = performance.now();
    if (now - this.#toldAt >= EVERY_MILLIS || this.#done === this.#total) this.#say(now);
  }

  #say(now: number): void {
    const seconds = Math.max(0.001, (now - this.#toldAt) / 1000);
    const [rate, pace] = [(this.#writes() - this.#toldWrites) / seconds, (this.#done - this.#toldDone) / seconds];
    // The last half second weighs most, so that neither a burst nor a pause jumps.
    const weight = Math.min(1, seconds / 1.5);
    this.#rate += (rate - this.#rate) * weight;
    this.#pace += (pace - this.#pace) * weight;
    this.#toldAt = now;
    this.#toldWrites = this.#writes();
    this.#toldDone = this.#done;
    const stage = STAGES.find((one) => this.#left[one] > 0) ?? 'release';
    // The first steps wait for definitions to be served and say nothing of the rest.
    const known = this.#pace > 0 && this.#done * 10 >= this.#total;
    const eta = known ? { etaSeconds: (this.#total - this.#done) / this.#pace } : {};
    this.#tell?.({ stage, done: this.#done, total: this.#total, rate: this.#rate, failed: this.#failed, ...eta });
  }
}
