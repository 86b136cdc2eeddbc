import type { Edit } from '../knowledge/edit.ts';
import { orderRemovals } from '../knowledge/object-edits.ts';
import type { Later, SurveyedObject } from '../knowledge/surveyed.ts';
import { compareText } from '../objects/key.ts';
import type { Draft } from './decision.ts';
import { rowOf } from './decision.ts';
import type { OwnerLink, Policy, Reason, Target, Writing } from './plan.ts';

const NO_REASONS: readonly Reason[] = [];
const NOTHING: readonly never[] = [];

/** Where an object is written: its captured version, or one that the target serves. */
export function targetOf(object: SurveyedObject): Target {
  const [resource = ''] = object.resource.split('.', 1);
  const { key, group, version, kind, name, namespace } = object;
  return namespace === undefined
    ? { key, group, version, kind, resource, name }
    : { key, group, version, kind, resource, namespace, name };
}

export interface Held {
  /** Written with 0 replicas: it runs a system's controllers, or belongs to what does. */
  readonly replicas: boolean;
  /** Values that are written otherwise first, as far as they apply here. */
  readonly laters: readonly Later[];
  /** Rewritten UIDs that the first write cannot know. */
  readonly lateUses: ReadonlySet<string>;
}

/** How one object is written, with the reasons for everything that is not as it was captured. */
export function writingOf(
  draft: Draft,
  object: SurveyedObject,
  owners: readonly OwnerLink[],
  held: Held,
  policy: Policy,
): { writing: Writing; reasons: readonly Reason[] } {
  const { more } = object;
  const reasons: Reason[] = [];
  const removed: Edit[] = [...object.edits];
  for (const { path, to, rule } of more?.unlists ?? []) {
    const row = rowOf(draft, to);
    const omitted =
      row !== undefined && draft.decisions[row]?.kind !== 'create' && draft.decisions[row]?.kind !== 'adopt';
    if (omitted) removed.push({ kind: 'remove', path, rule: rule.code });
  }
  const edits: Edit[] = removed.length === object.edits.length ? removed : orderRemovals(removed);
  for (const use of more?.uses ?? []) {
    const of = draft.survey.objects[draft.survey.byUid.get(use.uid) ?? -1]?.key;
    if (use.action !== 'rewrite' || of === undefined || held.lateUses.has(use.path)) continue;
    edits.push({
      kind: 'rewrite-uid',
      path: use.path,
      place: use.place,
      was: use.uid,
      form: use.form,
      of,
      rule: use.rule.code,
    });
  }
  for (const later of held.laters)
    edits.push({ kind: 'set', path: later.path, value: later.value, rule: later.rule.code });
  if (held.replicas) edits.push({ kind: 'set', path: '/spec/replicas', value: 0, rule: 'HELD-AT-ZERO' });

  for (const edit of edits) reasons.push({ code: edit.rule, sentence: sentenceOf(edit, object, held) });
  for (const link of owners) if (link.kind === 'drop') reasons.push(link.reason);
  const ignoring =
    more === undefined && !held.replicas
      ? NOTHING
      : [
          ...(more?.ignoring ?? NOTHING),
          ...(more?.laters ?? NOTHING).map((later) => later.path),
          ...(more?.workload !== undefined || held.replicas ? ['/spec/replicas'] : NOTHING),
        ];
  const writing: Writing = {
    edits: edits.length === 0 ? NOTHING : edits,
    owners,
    status: object.status,
    fields: fieldsWritten(object, policy),
    yields:
      more?.yields === undefined
        ? NOTHING
        : more.yields.map(({ path, rule }) => ({
            path,
            reason: { code: rule.code, sentence: `${object.key}: ${rule.why}` },
          })),
    ignoring: ignoring.length === 0 ? NOTHING : [...new Set(ignoring)].sort(compareText),
  };
  return { writing, reasons: reasons.length === 0 ? NO_REASONS : reasons };
}

export function fieldsWritten(object: SurveyedObject, policy: Policy): Writing['fields'] {
  if (object.fields === 'none' || policy.fieldOwnership === 'none') return 'leave';
  return policy.fieldOwnership === 'all' || object.fields === 'apply' ? 'restore' : 'leave';
}

function sentenceOf(edit: Edit, object: SurveyedObject, held: Held): string {
  const why = held.laters.find((later) => later.rule.code === edit.rule && later.path === edit.path)?.rule.why;
  switch (edit.kind) {
    case 'remove':
      return `${edit.path} is not written`;
    case 'set':
      return edit.rule === 'HELD-AT-ZERO'
        ? `${object.key} is written with 0 replicas: ${object.more?.workload === undefined ? 'its owner scales it' : 'until its system is released'}`
        : `${edit.path} is ${JSON.stringify(edit.value)} first: ${why ?? edit.rule}`;
    case 'rewrite-uid':
      return `${edit.path} gets the new UID of ${edit.of}`;
  }
}
