import type { KeyText } from '../objects/key.ts';
import { EXIT, type ExitCode } from '../outcome/fault.ts';
import type { Plan, Reason, Step, StepId } from '../plan/plan.ts';
import type { CheckResult } from './checks/check.ts';
import type { StepResult } from './step-result.ts';

/** A step that is not done, or that is done and lost something on the way. */
export interface StepReport {
  readonly id: StepId;
  readonly kind: Step['kind'];
  readonly key?: KeyText;
  readonly system?: string;
  readonly reason: Reason;
}
export interface RunCounts {
  readonly done: number;
  readonly failed: number;
  readonly blocked: number;
  readonly withheld: number;
}

/** What a recovery came to. */
export interface RunResult {
  readonly counts: RunCounts;
  readonly failed: readonly StepReport[];
  readonly blocked: readonly StepReport[];
  readonly withheld: readonly StepReport[];
  /** Objects that were there already and agree. */
  readonly adopted: readonly KeyText[];
  /** Fields given up because the target refused their value. */
  readonly yields: readonly StepReport[];
  /** Objects that are there and lost something that was captured (FIELDS-LOST). */
  readonly lost: readonly StepReport[];
  /** What a hold could not see (NO-CONTROLLER-MANAGER). */
  readonly remarks: readonly StepReport[];
  readonly checks: readonly CheckResult[];
  /** Systems that nothing holds. */
  readonly notHeld: readonly string[];
  /** From the first write to the last answer; 0 when nothing was written. */
  readonly seconds: number;
  /** Writes that the server answered in this run, refused ones included. */
  readonly writes: number;
  readonly exit: ExitCode;
}

/** What a run measured beside its steps. */
export interface RunFigures {
  readonly seconds: number;
  readonly writes: number;
}

export function resultOf(
  plan: Plan,
  results: readonly StepResult[],
  checks: readonly CheckResult[],
  figures: RunFigures,
): RunResult {
  const reports: Record<'failed' | 'blocked' | 'withheld', StepReport[]> = { failed: [], blocked: [], withheld: [] };
  const [yields, lost, remarks]: [StepReport[], StepReport[], StepReport[]] = [[], [], []];
  const adopted: KeyText[] = [];
  let done = 0;
  for (const [index, step] of plan.steps.entries()) {
    const result = results[index];
    if (result === undefined) continue;
    if (result.outcome === 'done') {
      done++;
      if (result.adopted && 'target' in step) adopted.push(step.target.key);
    } else if (result.reason !== undefined) reports[result.outcome].push(reportOf(step, result.reason));
    for (const note of result.notes) {
      const list = note.code === 'FIELDS-LOST' ? lost : note.code === 'NO-CONTROLLER-MANAGER' ? remarks : yields;
      list.push(reportOf(step, note));
    }
  }
  for (const { kind, key, reason } of plan.omissions)
    if (kind === 'withheld') reports.withheld.push({ id: `withheld ${key}` as StepId, kind: 'create', key, reason });
  const { failed, blocked, withheld } = reports;
  const counts = { done, failed: failed.length, blocked: blocked.length, withheld: withheld.length };
  const { notHeld } = plan;
  const base = { counts, failed, blocked, withheld, adopted, yields, lost, remarks, checks, notHeld, ...figures };
  return { ...base, exit: exitOf(base) };
}

function reportOf(step: Step, reason: Reason): StepReport {
  return {
    id: step.id,
    kind: step.kind,
    ...('target' in step ? { key: step.target.key } : {}),
    ...(step.system === undefined ? {} : { system: step.system }),
    reason,
  };
}

/**
 * 0: every step is done, nothing was lost, and no check failed or could not be carried out, but for readiness that needs
 * kubelets which are not there. 3: anything else; data that nothing verified is never green. Refusals and breakdowns throw instead.
 */
export function exitOf(result: Pick<RunResult, 'counts' | 'lost' | 'checks'>): ExitCode {
  const { failed, blocked, withheld } = result.counts;
  if (failed + blocked + withheld > 0 || result.lost.length > 0) return EXIT.partial;
  const open = result.checks.some(
    (check) => check.status === 'failed' || (check.status === 'not run' && check.kind !== 'ready'),
  );
  return open ? EXIT.partial : EXIT.fine;
}
