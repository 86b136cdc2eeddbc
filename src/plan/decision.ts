import type { Survey, SurveyedObject } from '../knowledge/survey.ts';
import { compareText, type KeyText, type ResourceName, type Uid } from '../objects/key.ts';
import type { Finding, Origin, OwnerLink, Policy, Reason, Refusal } from './plan.ts';
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
  readonly policy: Policy;
  /** Resources of which the point is not complete: what it does not hold of them may well have been there. */
  readonly incomplete: ReadonlySet<ResourceName>;
  readonly decisions: Decision[];
  /** By row: its place when all objects are sorted by key. */
  readonly keyRank: Int32Array;
  /** Owner links by row, once all decisions are made. */
  readonly links: Map<number, readonly OwnerLink[]>;
  readonly findings: Finding[];
  readonly refusals: Refusal[];
}

/** Each row's place in the order of keys. */
export function keyRankOf(survey: Survey): Int32Array {
  const rows = Int32Array.from(survey.objects, (_, row) => row);
  const keys = survey.objects.map(({ key }) => key);
  rows.sort((a, b) => compareText(keys[a] ?? '', keys[b] ?? ''));
  const ranks = new Int32Array(rows.length);
  for (let rank = 0; rank < rows.length; rank++) ranks[rows[rank] ?? 0] = rank;
  return ranks;
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
/** What is there is not the captured object: refused, unless the person said that the target's is to stay. */
export function conflict(draft: Draft, object: SurveyedObject, how: string): void {
  const existing = existingAt(draft, object.row);
  const kept = draft.policy.keepTarget?.some(
    (one) => one === object.key || (one.endsWith('/') && one.slice(0, -1) === object.namespace),
  );
  if (kept === true && existing !== undefined) {
    draft.decisions[object.row] = { kind: 'adopt', uid: existing.uid };
    note(
      draft,
      object,
      'TARGET-KEPT',
      `${object.key} is already in the target and ${how}: the target's stays, as was asked for`,
    );
    return;
  }
  draft.refusals.push({
    key: object.key,
    reason: {
      code: 'CONFLICT',
      sentence: `${object.key} is already in the target and is not the captured one: ${how}`,
    },
    hint: 'keep what the target has with --keep-target, delete it there, leave it out with --namespace or --selector, or recover into another target',
  });
}
