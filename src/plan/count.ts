import { compareText } from '../objects/key.ts';
import { type Plan, STAGES, type Stage, type Step } from './plan.ts';

export interface PlanCount {
  readonly objects: number;
  readonly steps: number;
  /** Requests that write, at least: barriers and adoptions make none, a status or managed fields make one more. */
  readonly writes: number;
  readonly byAction: Readonly<Record<Step['kind'], number>>;
  readonly byStage: Readonly<Record<Stage, number>>;
  /** Omissions and withheld objects by code. */
  readonly omitted: Readonly<Record<string, number>>;
  readonly withheld: Readonly<Record<string, number>>;
  readonly findings: Readonly<Record<'danger' | 'warning' | 'note', number>>;
  readonly refusals: number;
}

/** Counts a plan: the visitor for figures. */
export function count(plan: Plan): PlanCount {
  const byAction: Record<Step['kind'], number> = {
    hold: 0,
    create: 0,
    adopt: 0,
    merge: 0,
    copy: 0,
    amend: 0,
    release: 0,
    barrier: 0,
  };
  const byStage = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;
  let writes = 0;
  for (const step of plan.steps) {
    byAction[step.kind]++;
    byStage[step.stage]++;
    writes += writesOf(step);
  }
  const findings = { danger: 0, warning: 0, note: 0 };
  for (const finding of plan.findings) findings[finding.severity]++;
  const of = (kind: 'omitted' | 'withheld'): Record<string, number> =>
    tally(plan.omissions.filter((one) => one.kind === kind).map((one) => one.reason.code));
  return {
    objects: plan.point.objects,
    steps: plan.steps.length,
    writes,
    byAction,
    byStage,
    omitted: of('omitted'),
    withheld: of('withheld'),
    findings,
    refusals: plan.refusals.length,
  };
}

export function writesOf(step: Step): number {
  switch (step.kind) {
    case 'create':
    case 'copy':
      return 1 + (step.writing.status === 'after' ? 1 : 0) + (step.writing.fields === 'restore' ? 1 : 0);
    case 'amend':
    case 'merge':
      return 1;
    case 'hold':
      return step.workloads.length + step.webhooks.length;
    case 'release':
      return step.workloads.length;
    case 'adopt':
    case 'barrier':
      return 0;
  }
}

function tally(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of [...codes].sort(compareText)) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
