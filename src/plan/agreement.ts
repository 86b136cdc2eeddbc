import type { SurveyedObject } from '../knowledge/surveyed.ts';
import { covers } from '../objects/diff.ts';
import type { JsonObject, KubeObject } from '../objects/json.ts';
import type { Uid } from '../objects/key.ts';
import { namesSameOwner } from '../objects/owners.ts';
import { bodyOf, nameOf, type UidOf } from './body.ts';
import type { CopyStep, CreateStep } from './plan.ts';
import type { ExistingObject } from './target-facts.ts';
import { targetOf } from './writing.ts';

/** Fields of metadata that a controller or another tool may add to: what is there beyond the planned does not disagree. */
const NEVER_COMPARED = [
  '/metadata/ownerReferences',
  '/metadata/generation',
  '/metadata/generateName',
  '/metadata/finalizers',
  '/status',
  '/apiVersion',
];

/** Whether a living object has the content that would be written for the captured one, before any step exists; owners are not looked at. */
export function contentAgrees(
  surveyed: SurveyedObject,
  captured: KubeObject,
  live: KubeObject,
): ExistingObject['content'] {
  const { more } = surveyed;
  const ignoring = [
    ...(more?.ignoring ?? []),
    ...(more?.laters ?? []).map((later) => later.path),
    ...(more?.yields ?? []).map(({ path }) => path),
    ...(more?.workload === undefined ? [] : ['/spec/replicas']),
  ];
  const edits = surveyed.edits;
  // A rewritten UID cannot be known here: those places are not compared.
  const unknown = (more?.uses ?? []).filter((use) => use.action === 'rewrite').map((use) => use.path);
  const { body } = bodyOf(
    {
      target: targetOf(surveyed),
      writing: { edits, owners: [], status: 'leave', fields: 'leave', yields: [], ignoring: [] },
    },
    captured,
    () => undefined,
  );
  const paths = compare(body, live, [...ignoring, ...unknown]);
  return paths.length === 0 ? { kind: 'equal' } : { kind: 'differs', paths };
}

/** Whether what is there is what this step would write: content over the planned fields, and the owners relinked. */
export function stepAgrees(
  step: CreateStep | CopyStep,
  captured: KubeObject,
  live: KubeObject,
  uidOf: UidOf,
): { readonly kind: 'equal' } | { readonly kind: 'differs'; readonly paths: readonly string[] } {
  const name = step.kind === 'copy' ? { name: nameOf(step.name, uidOf) } : {};
  const { body } = bodyOf(step, captured, uidOf, name);
  const paths = [...compare(body, live, [...step.writing.ignoring, ...step.writing.yields.map(({ path }) => path)])];
  const planned = ownerUids((body as unknown as KubeObject).metadata);
  const later = laterOwners(step, captured, live, uidOf);
  const living = ownerUids(live.metadata);
  const missing = planned.some((uid) => !living.includes(uid));
  const foreign = living.some((uid) => !planned.includes(uid) && !later.includes(uid));
  if (missing || foreign) paths.push('/metadata/ownerReferences');
  return paths.length === 0 ? { kind: 'equal' } : { kind: 'differs', paths };
}

/**
 * UIDs of owners that a second write adds: a run that was killed may have added them already. One that this run has not met
 * yet is told by its kind and name.
 */
function laterOwners(step: CreateStep | CopyStep, captured: KubeObject, live: KubeObject, uidOf: UidOf): string[] {
  return step.writing.owners.flatMap((link) => {
    const reference = captured.metadata.ownerReferences?.[link.index];
    if (link.kind !== 'relink' || link.when !== 'amend' || reference === undefined) return [];
    const known = uidOf(link.owner);
    if (known !== undefined) return [known];
    return (live.metadata.ownerReferences ?? [])
      .filter((owner) => namesSameOwner(owner, reference))
      .map((owner) => owner.uid);
  });
}

function compare(planned: JsonObject, live: KubeObject, ignoring: readonly string[]): readonly string[] {
  return covers(planned, live as unknown as JsonObject, { limit: 5, ignoring: [...NEVER_COMPARED, ...ignoring] });
}
function ownerUids(metadata: KubeObject['metadata']): Uid[] {
  return (metadata.ownerReferences ?? []).map((owner) => owner.uid as Uid);
}
