import type { Answer } from '../../cluster/port.ts';
import { getAt } from '../../objects/pointer.ts';
import { sameJson } from '../../objects/same-json.ts';
import type { PlannedCheck } from '../../plan/plan.ts';
import type { CheckResult } from './check.ts';

/** The name of the thing outside is the captured one: `Ready=True` proves nothing, only this does (lab 6). */
export function checkExternal(
  check: Extract<PlannedCheck, { kind: 'external' }>,
  answer: Answer | undefined,
): CheckResult {
  const { key, path, value } = check;
  const base = { id: `external ${key} ${path}`, kind: 'external', key } as const;
  if (answer === undefined || answer.kind === 'rejected')
    return {
      ...base,
      status: 'failed',
      code: 'IDENTITY-UNREAD',
      sentence: `${key} could not be read: ${answer?.message ?? 'it was not recovered'}.`,
    };
  const found = getAt(answer.object, path);
  if (sameJson(found, value))
    return {
      ...base,
      status: 'verified',
      code: 'IDENTITY-EQUAL',
      sentence: `${key} names ${JSON.stringify(value)}, as captured.`,
    };
  const sentence = `${key} names ${found === undefined ? 'nothing' : JSON.stringify(found)} at ${path}; captured was ${JSON.stringify(value)}.`;
  return { ...base, status: 'failed', code: 'IDENTITY-CHANGED', sentence };
}
