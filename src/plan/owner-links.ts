import type { SurveyedObject } from '../knowledge/survey.ts';
import type { OwnerReference } from '../objects/json.ts';
import { groupOf, type KeyText, type Uid, versionOf } from '../objects/key.ts';
import { type Draft, existingAt, isPlanned, objectAt } from './decision.ts';
import type { OwnerLink, Reason } from './plan.ts';

const NO_LINKS: readonly OwnerLink[] = [];

/**
 * What becomes of each captured owner reference. The garbage collector deletes what names an owner that it cannot find, so a
 * reference is written only when its owner is known to be there (DESIGN 4, rule 3; lab 8).
 */
export function ownerLinksOf(
  draft: Draft,
  object: SurveyedObject,
  mustAmend?: (owner: number) => boolean,
): readonly OwnerLink[] {
  if (object.owners.length === 0) return NO_LINKS;
  const known = draft.links.get(object.row) ?? object.owners.map((owner, index) => linkOf(draft, object, owner, index));
  draft.links.set(object.row, known);
  if (mustAmend === undefined) return known;
  const late = (link: OwnerLink): boolean =>
    link.kind === 'relink' && mustAmend(draft.survey.byKey.get(link.owner) ?? -1);
  return known.some(late)
    ? known.map((link) => (late(link) ? ({ ...link, when: 'amend' } as OwnerLink) : link))
    : known;
}

function linkOf(draft: Draft, object: SurveyedObject, owner: OwnerReference, index: number): OwnerLink {
  const was = owner.uid as Uid;
  const named = `${owner.kind} ${owner.name}`;
  const drop = (code: string, why: string): OwnerLink => ({
    kind: 'drop',
    index,
    owner: named,
    was,
    reason: {
      code,
      sentence: `${object.key}: the reference to its owner ${named} is not written: ${why}`,
    } satisfies Reason,
  });
  const row = draft.survey.byUid.get(owner.uid.toLowerCase());
  if (row === undefined) {
    const known = draft.survey.vocabulary.ofReference(owner.apiVersion, owner.kind);
    return known === undefined
      ? drop(
          'OWNER-OF-UNKNOWN-KIND',
          `no kind ${owner.kind} of ${groupOf(owner.apiVersion) || 'the core group'} is known, and once it were the object would be collected`,
        )
      : drop('OWNER-UNKNOWN', 'no object with its UID was captured');
  }
  const found = objectAt(draft, row);
  if (found.name !== owner.name || found.kind !== owner.kind || found.group !== groupOf(owner.apiVersion)) {
    return drop('OWNER-MISNAMED', `its UID is that of ${found.key}`);
  }
  if (found.namespace !== undefined && object.namespace === undefined) {
    return drop('OWNER-IN-NAMESPACE', `${found.key} stands in a Namespace and the owned object does not`);
  }
  if (found.namespace !== undefined && found.namespace !== object.namespace) {
    return drop('OWNER-ACROSS-NAMESPACES', `${found.key} stands in another Namespace: the object would be collected`);
  }
  const apiVersion = versionServed(found, owner.apiVersion, draft);
  const key: KeyText = found.key;
  if (isPlanned(draft, row)) return { kind: 'relink', index, owner: key, was, apiVersion, when: 'create' };
  const existing = existingAt(draft, row);
  if (existing !== undefined && !existing.terminating && isMinted(found))
    return { kind: 'living', index, owner: key, was, apiVersion, uid: existing.uid };
  if (existing !== undefined && !existing.terminating && existing.uid === found.uid)
    return { kind: 'living', index, owner: key, was, apiVersion, uid: existing.uid };
  const decision = draft.decisions[row];
  return drop(
    'OWNER-OMITTED',
    `${key} does not come back as an object (${decision !== undefined && 'reason' in decision ? decision.reason.code : 'omitted'})`,
  );
}

function isMinted(object: SurveyedObject): boolean {
  return object.treatment.kind === 'merge';
}

/** The captured version of the reference when some cluster serves it, else the owner's own. */
function versionServed(owner: SurveyedObject, apiVersion: string, draft: Draft): string {
  const versions = draft.survey.vocabulary.ofResource(owner.resource)?.versions ?? [];
  if (versions.includes(versionOf(apiVersion))) return apiVersion;
  return owner.group === '' ? owner.version : `${owner.group}/${owner.version}`;
}
