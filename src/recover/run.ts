import { setTimeout as sleep } from 'node:timers/promises';
import { isFault, sentenceOf } from '../outcome/fault.ts';
import type { Reason, Step } from '../plan/plan.ts';
import { recoverFault } from './codes.ts';
import type { Pace } from './pace.ts';
import type { ProgressMeter } from './progress.ts';
import type { RunContext, StepOutcome } from './run-context.ts';
import type { EndedRecord } from './run-record.ts';
import { REAL_TIME, type RunTime } from './run-time.ts';
import { Schedule } from './schedule.ts';
import { blockedBy, circling, type StepResult } from './step-result.ts';
import { carryOut } from './steps/carry-out.ts';

export interface RunParts {
  readonly context: RunContext;
  readonly pace: Pace;
  readonly meter: ProgressMeter;
  /** Stops the taking of steps. */
  readonly signal: AbortSignal;
  /** Called when requests under way have been waited for long enough. */
  readonly cutOff: () => void;
  /** Default: the real one. */
  readonly time?: RunTime;
}

/** These end the run: no step can fare better, or it must not be tried. */
const FATAL = [
  'WRONG-CLUSTER',
  'FINGERPRINT-REFUSED',
  'CLUSTER-CLOSED',
  'CREDENTIAL-FAILED',
  'TLS-REFUSED',
  'INTERRUPTED',
];
const LOSSES = ['CONNECTION-LOST', 'TIMED-OUT', 'MALFORMED-ANSWER', 'REQUEST-REFUSED'];
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 4_000;

/**
 * Carries out the steps of a plan that have not been done: many at a time, in the plan's order where nothing else decides.
 * What fails for a passing reason is tried again in rounds, until rounds have moved nothing for `limits.patience`; then it has
 * failed and what needs it is blocked. Throws INTERRUPTED when `signal` says so, and what ends the run (WRONG-CLUSTER).
 */
export class Run {
  readonly #parts: RunParts;
  readonly #steps: readonly Step[];
  readonly #schedule: Schedule;
  readonly #results: (StepResult | undefined)[];
  /** Steps to be tried again in the next round, with the newest reason. */
  readonly #parked = new Map<number, Reason>();
  /** Requests' places taken, and steps begun that have not come back: waiting ones hold no place. */
  #places = 0;
  #under = 0;
  #moved = false;
  #idleMillis = 0;
  #pause = FIRST_PAUSE;
  #fatal: unknown;
  #settle: (() => void) | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#steps = parts.context.plan.steps;
    this.#results = new Array(this.#steps.length);
    this.#schedule = new Schedule(this.#steps, (index, by) => this.#block(index, by));
  }

  /** Results by the index of the step. */
  async carryOut(): Promise<readonly StepResult[]> {
    this.#resume();
    const { signal } = this.#parts;
    const wake = () => this.#settle?.();
    signal.addEventListener('abort', wake);
    try {
      while (this.#fatal === undefined && !signal.aborted) {
        this.#take();
        // Steps that only wait do not keep others from being tried again.
        if (this.#parked.size > 0 && this.#places === 0) await this.#round();
        else if (this.#under > 0) await this.#change();
        else if (this.#schedule.ready === 0) break;
      }
      await this.#drain();
    } finally {
      signal.removeEventListener('abort', wake);
      this.#parts.context.log.flush();
    }
    if (this.#fatal !== undefined) throw this.#fatal;
    if (signal.aborted) throw interrupted();
    return this.#results.map((result, index) => result ?? circling(this.#steps[index]));
  }

  /** A place given up while a step only waits, so that others can be carried out. */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    this.#places--;
    this.#settle?.();
    try {
      return await work();
    } finally {
      this.#places++;
    }
  }

  /** Steps that are done stay done; everything else is tried. */
  #resume(): void {
    const { log } = this.#parts.context;
    for (const [index, step] of this.#steps.entries()) {
      const record = log.ended(step.id);
      if (record?.outcome !== 'done' || this.#mustBeSeen(step)) continue;
      this.#results[index] = { outcome: 'done', adopted: record.adopted === true, notes: record.notes ?? [] };
      this.#schedule.end(index, 'done');
      this.#parts.meter.ended(step, true);
    }
  }

  /** Held is seen, not assumed: until its system is released, a hold of an earlier try is made sure of again. */
  #mustBeSeen(step: Step): boolean {
    if (step.kind !== 'hold') return false;
    const { log, plan } = this.#parts.context;
    return !plan.steps.some(
      (other) =>
        other.kind === 'release' &&
        other.system === step.system &&
        (log.ended(other.id)?.outcome === 'done' || log.progress(other.id).parts.has('scaled')),
    );
  }

  #take(): void {
    while (this.#places < this.#parts.pace.limit && this.#fatal === undefined && !this.#parts.signal.aborted) {
      const index = this.#schedule.next();
      if (index === undefined) return;
      this.#places++;
      this.#under++;
      this.#try(index, this.#steps[index] as Step);
    }
  }

  #try(index: number, step: Step): void {
    const { context, signal } = this.#parts;
    carryOut(context, step)
      .catch((error: unknown): StepOutcome | undefined => this.#thrown(error))
      .then((outcome) => {
        this.#places--;
        this.#under--;
        if (outcome !== undefined) this.#came(index, step, outcome);
        if (this.#fatal === undefined && !signal.aborted) this.#take();
        if (this.#places === 0 || this.#fatal !== undefined || signal.aborted) this.#settle?.();
      })
      .catch((error: unknown) => {
        this.#fatal ??= error;
        this.#settle?.();
      });
  }

  #thrown(error: unknown): StepOutcome | undefined {
    if (isFault(error)) {
      if (error.code === 'ABORTED' && this.#parts.signal.aborted) return undefined;
      if (LOSSES.includes(error.code))
        return { kind: 'later', reason: { code: 'UNREACHABLE', sentence: sentenceOf(error) } };
      if (!FATAL.includes(error.code)) return { kind: 'failed', reason: { code: error.code, sentence: error.message } };
    }
    this.#fatal ??= error;
    return undefined;
  }

  #came(index: number, step: Step, outcome: StepOutcome): void {
    if (outcome.kind === 'later') {
      this.#parked.set(index, outcome.reason);
      return;
    }
    this.#moved ||= outcome.kind === 'done';
    this.#end(index, step, outcome);
  }

  #end(index: number, step: Step, outcome: Exclude<StepOutcome, { kind: 'later' }>): void {
    const { log } = this.#parts.context;
    const done = outcome.kind === 'done';
    if (done) {
      this.#results[index] = { outcome: 'done', adopted: outcome.adopted === true, notes: outcome.notes ?? [] };
      const { kind: _, ...rest } = outcome;
      log.append({ t: 'ended', id: step.id, outcome: 'done', ...rest } satisfies EndedRecord);
    } else {
      this.#results[index] = {
        outcome: outcome.kind as 'failed' | 'withheld',
        adopted: false,
        reason: outcome.reason,
        notes: [],
      };
      log.append({ t: 'ended', id: step.id, outcome: outcome.kind as 'failed' | 'withheld', ...outcome.reason });
    }
    this.#parts.meter.ended(step, done);
    this.#schedule.end(index, done ? 'done' : 'undone');
  }

  #block(index: number, by: number): void {
    const step = this.#steps[index] as Step;
    const result = blockedBy(step, this.#steps[by], this.#results[by]);
    this.#results[index] = result;
    this.#parked.delete(index);
    this.#parts.meter.ended(step, result.outcome === 'withheld');
  }

  /** Everything that could be taken has come back. */
  async #round(): Promise<void> {
    if (this.#moved) {
      this.#idleMillis = 0;
      this.#pause = FIRST_PAUSE;
    } else if (this.#idleMillis >= this.#parts.context.limits.patience && this.#under === 0) {
      const given = [...this.#parked].sort(([a], [b]) => a - b);
      this.#parked.clear();
      for (const [index, reason] of given)
        if (this.#results[index] === undefined)
          this.#end(index, this.#steps[index] as Step, { kind: 'failed', reason });
      this.#moved = true;
      return;
    }
    this.#moved = false;
    await (this.#parts.time ?? REAL_TIME).sleep(this.#pause, this.#parts.signal);
    this.#idleMillis += this.#pause;
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    for (const index of this.#parked.keys()) this.#schedule.again(index);
    this.#parked.clear();
  }

  /** Lets requests under way end, but not for ever. */
  async #drain(): Promise<void> {
    if (this.#under === 0) return;
    const { cutOff, context } = this.#parts;
    const timer = setTimeout(cutOff, context.limits.interrupt);
    const last = performance.now() + context.limits.interrupt + 1_000;
    while (this.#under > 0 && performance.now() < last) await Promise.race([this.#change(), sleep(50)]);
    clearTimeout(timer);
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#settle = () => {
        this.#settle = undefined;
        resolve();
      };
    });
  }
}

export function interrupted(): Error {
  return recoverFault('INTERRUPTED', 'The recovery was interrupted; what was written is in its log.', {
    hint: 'Run the same command again: it goes on where it stopped.',
  });
}
