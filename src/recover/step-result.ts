import type { Reason, Step } from '../plan/plan.ts';

/** How one step came out in the end. `blocked` and `withheld` by another step name it in their sentence. */
export interface StepResult {
  readonly outcome: 'done' | 'failed' | 'blocked' | 'withheld';
  readonly adopted: boolean;
  readonly reason?: Reason;
  readonly notes: readonly Reason[];
}

/** What becomes of a step whose need was not done. What depends on a withheld step is withheld with it: nothing went wrong. */
export function blockedBy(step: Step, cause: Step | undefined, result: StepResult | undefined): StepResult {
  if (result?.outcome === 'withheld') {
    const reason = { code: 'WITHHELD', sentence: `${step.id} waits for ${cause?.id}, which is withheld.` };
    return { outcome: 'withheld', adopted: false, reason, notes: [] };
  }
  const reason = { code: 'BLOCKED', sentence: `${step.id} needs ${cause?.id}, which was not done.` };
  return { outcome: 'blocked', adopted: false, reason, notes: [] };
}

/** Nothing ever made it ready, so it waits for itself: a defect of the plan that must show. */
export function circling(step: Step | undefined): StepResult {
  const sentence = `${step?.id ?? 'a step'} waits for itself over other steps.`;
  return { outcome: 'blocked', adopted: false, reason: { code: 'BLOCKED', sentence }, notes: [] };
}
