import type { SurveyedObject } from '../knowledge/surveyed.ts';
import { type Draft, existingAt } from './decision.ts';

/**
 * Why nobody may take the data behind this object for restored; undefined for what has none, does not come back, or is the captured
 * object itself, alive. One of its name that is in the target already, be it by a run before, proves nothing (DESIGN 8).
 */
export function unprovenData(draft: Draft, object: SurveyedObject): string | undefined {
  const data = object.more?.data;
  const decision = draft.decisions[object.row];
  if (data === undefined || decision === undefined) return undefined;
  if (decision.kind === 'create') return `${object.key}: ${data.why}`;
  if (decision.kind !== 'adopt' || existingAt(draft, object.row)?.uid === object.uid) return undefined;
  return `${object.key} is in the target already, and nothing has shown that the captured data is in it: ${data.why}`;
}
