import type { PlannedCheck } from '../../plan/plan.ts';
import type { CheckResult } from './check.ts';

/** Data that lives in no object: nothing here can verify it, and nothing here says that it is well. */
export function checkData(check: Extract<PlannedCheck, { kind: 'data' }>): CheckResult {
  const { key, sentence } = check;
  return { id: `data ${key}`, kind: 'data', status: 'not run', code: 'DATA-NOT-RUN', sentence, key };
}
