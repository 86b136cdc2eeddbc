import { EXIT, type ExitCode } from '../outcome/fault.ts';
import type { Plan, Refusal } from '../plan/plan.ts';

/** 1: something refuses the plan. 3: findings of danger or warning, or objects withheld. Notes and omissions by rule are fine. */
export function exitOfPlan(plan: Pick<Plan, 'findings' | 'omissions'>, refusals: readonly Refusal[]): ExitCode {
  if (refusals.length > 0) return EXIT.failed;
  const found =
    plan.findings.some(({ severity }) => severity !== 'note') || plan.omissions.some(({ kind }) => kind === 'withheld');
  return found ? EXIT.partial : EXIT.fine;
}
