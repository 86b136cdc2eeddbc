import { conflict, type Draft, existingAt, objectAt, rowOf } from './decision.ts';
import { ownerLinksOf } from './owner-links.ts';

/** An object that is already there agrees only when its owners are those of the captured one, as they are in the target. */
export function judgeAdoptedOwners(draft: Draft): void {
  for (const object of draft.survey.objects) {
    const decision = draft.decisions[object.row];
    const existing = existingAt(draft, object.row);
    // The captured object itself keeps what it has: it is not another of its name.
    if (decision?.kind !== 'adopt' || existing === undefined || existing.uid === object.uid || existing.ours === true)
      continue;
    const expected: string[] = [];
    let missing: string | undefined;
    for (const link of ownerLinksOf(draft, object)) {
      if (link.kind === 'drop') continue;
      const uid = link.kind === 'living' ? link.uid : livingUid(draft, rowOf(draft, link.owner));
      if (uid === undefined) missing ??= link.owner;
      else expected.push(uid);
    }
    if (missing !== undefined)
      conflict(draft, object, `its owner ${missing} is not there, so it belongs to something else or to nothing`);
    else if (expected.sort().join() !== [...existing.owners].sort().join())
      conflict(draft, object, 'it has other owners');
  }
}

/** Of what is in the target already; an unfinished object of a run before is planned as a create that finds it. */
function livingUid(draft: Draft, row: number | undefined): string | undefined {
  const decision = row === undefined ? undefined : draft.decisions[row];
  if (decision?.kind === 'adopt') return decision.uid;
  const existing = row === undefined ? undefined : draft.target.existing.get(objectAt(draft, row).key);
  if (decision?.kind === 'merge') return existing?.uid;
  return decision?.kind === 'create' && existing?.unfinished === true && !existing.terminating
    ? existing.uid
    : undefined;
}
