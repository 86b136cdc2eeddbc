import type { Plan, Refusal } from '../plan/plan.ts';
import { recoverFault } from './codes.ts';
import type { Consents } from './run-record.ts';

/**
 * Why this plan may not run with these consents: what stands in it, an incomplete point, operators to be held. `held`: ids of holds
 * that an earlier try of the same run has begun, for which consent was given then.
 */
export function refusalsOf(plan: Plan, consents: Consents, held: ReadonlySet<string> = new Set()): Refusal[] {
  const refusals = [...plan.refusals];
  if (!plan.point.complete && consents.acceptIncomplete !== true)
    refusals.push({
      reason: {
        code: 'POINT-INCOMPLETE',
        sentence: `The point ${plan.point.id} is incomplete: it lacks something that the cluster had when it was taken.`,
      },
      hint: 'Look at what is missing with `seaworthy points show`; take another point, or consent with --accept-incomplete.',
    });
  for (const step of plan.steps) {
    if (step.kind !== 'hold' || consents.holdExisting === true || held.has(step.id)) continue;
    for (const { target, replicas } of step.workloads)
      refusals.push({
        key: target.key,
        reason: {
          code: 'HOLD-EXISTING',
          sentence: `${target.key} runs ${step.system} in the target with ${replicas} replicas and would act on half of what it manages.`,
        },
        hint: 'Consent with --hold-existing: it is scaled to 0 until everything that it manages is back.',
      });
  }
  return refusals;
}

/** Throws the refusals as one fault: with the code of the first when they share it, else PLAN-REFUSED. All are in its details. */
export function refuse(refusals: readonly Refusal[]): void {
  const [first] = refusals;
  if (first === undefined) return;
  const { code, sentence } = first.reason;
  const known = ['POINT-INCOMPLETE', 'HOLD-EXISTING', 'MISSING-PERMISSION'] as const;
  const same = known.find((one) => one === code && refusals.every((refusal) => refusal.reason.code === one));
  const more = refusals.length === 1 ? '' : ` (and ${refusals.length - 1} more)`;
  throw recoverFault(same ?? 'PLAN-REFUSED', `${sentence}${more} Nothing was written.`, {
    hint: first.hint,
    details: { refusals },
  });
}
