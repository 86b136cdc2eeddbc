import type { Uid } from '../../objects/key.ts';
import type { AdoptStep } from '../../plan/plan.ts';
import { failed, later, type RunContext, type StepOutcome } from '../run-context.ts';
import { addressOf } from '../wire.ts';
import { refusalOf } from './refusal.ts';

/** Looks whether the living object is still the one that the plan speaks of. Writes nothing. */
export async function adopt(context: RunContext, step: AdoptStep): Promise<StepOutcome> {
  const { key } = step.target;
  const answer = await context.wire.get(addressOf(step.target));
  if (answer.kind === 'rejected') {
    if (answer.status === 404)
      return failed('GONE', `${key} was in the target when it was planned and has been deleted.`);
    return refusalOf(answer, `${key}`);
  }
  const { uid, deletionTimestamp } = answer.object.metadata;
  if (uid !== step.uid) return failed('CONFLICT', `${key} has been replaced by another object since it was planned.`);
  if (deletionTimestamp !== undefined) return later('TERMINATING', `${key} is being deleted in the target.`);
  context.uids.set(key, uid as Uid);
  return { kind: 'done', adopted: true, key, uid: uid as Uid };
}
