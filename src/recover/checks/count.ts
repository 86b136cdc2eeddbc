import { resourceName } from '../../objects/key.ts';
import type { PlannedCheck } from '../../plan/plan.ts';
import type { CheckResult } from './check.ts';

/** No more of a resource than the point has: a surplus is a thing that was created twice (lab 6). `found` undefined: it could not be listed. */
export function checkCount(check: Extract<PlannedCheck, { kind: 'count' }>, found: number | string): CheckResult {
  const name = resourceName(check.group, check.resource);
  const base = { id: `count ${name}`, kind: 'count' } as const;
  if (typeof found === 'string') return { ...base, status: 'not run', code: 'UNREADABLE', sentence: found };
  const sentence = `${found} ${name} are there, ${check.expected} were expected.`;
  if (found === check.expected) return { ...base, status: 'verified', code: 'COUNT-EQUAL', sentence };
  return { ...base, status: 'failed', code: found > check.expected ? 'SURPLUS' : 'TOO-FEW', sentence };
}
