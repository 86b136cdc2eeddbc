import type { Survey, SurveyedObject } from '../knowledge/survey.ts';
import type { KeyText, Uid } from '../objects/key.ts';
import type { Finding, Origin, Reason, Refusal } from './plan.ts';
import type { ExistingObject, TargetFacts } from './target-facts.ts';

/** What the plan does with one object of the point. */
export type Decision =
  | { readonly kind: 'create' }
  | { readonly kind: 'merge' }
  | { readonly kind: 'adopt'; readonly uid: Uid }
  | { readonly kind: 'omitted' | 'withheld'; readonly origin: Origin; readonly reason: Reason };

/** Everything that the parts of planning read and add to. Index of the arrays is the row. */
export interface Draft {
  readonly survey: Survey;
  readonly target: TargetFacts;
  readonly decisions: Decision[];
  readonly findings: Finding[];
  readonly refusals: Refusal[];
}

export function objectAt(draft: Draft, row: number): SurveyedObject {
  const object = draft.survey.objects[row];
  if (object === undefined) throw new RangeError(`no row ${row}`);
  return object;
}
export function rowOf(draft: Draft, key: KeyText): number | undefined {
  return draft.survey.byKey.get(key);
}
/** Gets a step: created, adopted or merged. */
export function isPlanned(draft: Draft, row: number | undefined): row is number {
  const kind = row === undefined ? undefined : draft.decisions[row]?.kind;
  return kind === 'create' || kind === 'adopt' || kind === 'merge';
}
export function existingAt(draft: Draft, row: number): ExistingObject | undefined {
  return draft.target.existing.get(objectAt(draft, row).key);
}
export function omit(
  draft: Draft,
  row: number,
  kind: 'omitted' | 'withheld',
  origin: Origin,
  code: string,
  sentence: string,
): void {
  draft.decisions[row] = { kind, origin, reason: { code, sentence } };
}
export function note(draft: Draft, object: SurveyedObject, code: string, sentence: string): void {
  draft.findings.push({ severity: 'note', key: object.key, reason: { code, sentence } });
}
export function conflict(draft: Draft, object: SurveyedObject, how: string): void {
  draft.refusals.push({
    key: object.key,
    reason: {
      code: 'CONFLICT',
      sentence: `${object.key} is already in the target and is not the captured one: ${how}`,
    },
    hint: 'delete or rename it there, leave it out with --namespace or --selector, or recover into another target',
  });
}
