import type { Answer } from '../../cluster/port.ts';
import { holds } from '../../knowledge/where.ts';
import type { PlannedCheck } from '../../plan/plan.ts';
import type { CheckResult } from './check.ts';

/** Whether a living object is what knowledge calls ready. Without a ready node what needs kubelets is not run. */
export function checkReady(
  check: Extract<PlannedCheck, { kind: 'ready' }>,
  answer: Answer | undefined,
  nodes: boolean,
): CheckResult {
  const { key } = check;
  const base = { id: `ready ${key}`, kind: 'ready', key } as const;
  if (check.needsKubelet && !nodes)
    return {
      ...base,
      status: 'not run',
      code: 'NEEDS-KUBELET',
      sentence: `${key}: no node of the target is ready, so it cannot become ready.`,
    };
  if (answer === undefined || answer.kind === 'rejected')
    return {
      ...base,
      status: 'failed',
      code: 'NOT-READY',
      sentence: `${key} could not be read: ${answer?.message ?? 'it was not recovered'}.`,
    };
  return holds(check.rule, answer.object)
    ? { ...base, status: 'verified', code: 'READY', sentence: `${key} is ready.` }
    : { ...base, status: 'failed', code: 'NOT-READY', sentence: `${key} is not ready.` };
}
