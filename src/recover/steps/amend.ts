import { amendmentOf } from '../../plan/amendment.ts';
import type { AmendStep } from '../../plan/plan.ts';
import { capturedOf, failed, type RunContext, type StepOutcome } from '../run-context.ts';
import { addressOf } from '../wire.ts';
import { restoreFieldsOf } from './fields.ts';
import { refusalOf } from './refusal.ts';
import { awaitBefore } from './waits.ts';

/** Returns what the first write of an object held back, then its managed fields: they are always the last write. */
export async function amend(context: RunContext, step: AmendStep): Promise<StepOutcome> {
  const { key } = step.target;
  const uid = context.uidOf(key);
  if (uid === undefined) return failed('GONE', `Nothing is known of ${key}, which should have been written before.`);
  if (step.wait !== undefined) {
    const unmet = await awaitBefore(context, step.wait);
    if (unmet !== undefined) return unmet;
  }
  // What was there already and agrees was never held back: what people have changed in it since is theirs.
  if (context.log.ended(step.of)?.adopted === true && (await isOwned(context, step)))
    return { kind: 'done', adopted: true };
  const captured = await capturedOf(context.reader, step.source.row);
  const body = amendmentOf(step, captured, context.uidOf);
  const answer = await context.wire.patch(addressOf(step.target), { kind: 'merge', body }, uid);
  if (answer.kind === 'rejected') {
    if (answer.status === 404) return failed('GONE', `${key} has been deleted since it was written.`);
    return refusalOf(answer, `the amendment of ${key}`);
  }
  const fields = await restoreFieldsOf(context, key, uid, answer.object);
  if (fields.kind === 'not yet') return fields.outcome;
  return { kind: 'done', ...(fields.kind === 'lost' ? { notes: [fields.reason] } : {}) };
}

/** Whether the living object has the owners that this write would give it; true where it would give none. */
async function isOwned(context: RunContext, step: AmendStep): Promise<boolean> {
  if (step.owners.length === 0) return true;
  const answer = await context.wire.get(addressOf(step.target));
  if (answer.kind === 'rejected') return false;
  const living = new Set((answer.object.metadata.ownerReferences ?? []).map((owner) => owner.uid));
  return step.owners.every((link) => {
    const uid = link.kind === 'living' ? link.uid : link.kind === 'relink' ? context.uidOf(link.owner) : undefined;
    return link.kind === 'drop' || (uid !== undefined && living.has(uid));
  });
}
