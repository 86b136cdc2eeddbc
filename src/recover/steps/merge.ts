import type { Accepted } from '../../cluster/port.ts';
import type { KubeObject } from '../../objects/json.ts';
import type { Uid } from '../../objects/key.ts';
import { bodyOf } from '../../plan/body.ts';
import { mergeOf } from '../../plan/merge.ts';
import type { MergeStep, Writing } from '../../plan/plan.ts';
import { capturedOf, later, type RunContext, type StepOutcome } from '../run-context.ts';
import { addressOf } from '../wire.ts';
import { refusalOf } from './refusal.ts';

/** Of an object that its minter never made, what a merge can stand for: the body, without owners, status and managed fields. */
const BARE: Writing = { edits: [], owners: [], status: 'leave', fields: 'leave', yields: [], ignoring: [] };

/** Waits until the target has minted the object, then merges what people had written into it. Where nobody mints it, it is made. */
export async function merge(context: RunContext, step: MergeStep): Promise<StepOutcome> {
  const { key } = step.target;
  const at = addressOf(step.target);
  let refusal: StepOutcome | undefined;
  const minted = await context.until(context.limits.minted, async (): Promise<Accepted | 'refused' | undefined> => {
    const answer = await context.wire.get(at);
    if (answer.kind === 'accepted') return answer;
    if (answer.status === 404) return undefined;
    refusal = refusalOf(answer, `${key}`);
    return 'refused';
  });
  if (refusal !== undefined) return refusal;
  const captured = await capturedOf(context.reader, step.source.row);
  if (minted === undefined || minted === 'refused') return await make(context, step, captured);
  const live = minted.object;
  const uid = live.metadata.uid as Uid;
  if (live.metadata.deletionTimestamp !== undefined)
    return later('TERMINATING', `${key} is being deleted in the target.`);
  context.uids.set(key, uid);
  const body = mergeOf(step, captured, live);
  if (body === undefined) return { kind: 'done', adopted: true, key, uid };
  const answer = await context.wire.patch(at, { kind: 'merge', body }, uid);
  return answer.kind === 'accepted' ? { kind: 'done', key, uid } : refusalOf(answer, `${key}`);
}

async function make(context: RunContext, step: MergeStep, captured: KubeObject): Promise<StepOutcome> {
  const { key, group, version, resource, namespace } = step.target;
  const { body } = bodyOf({ target: step.target, writing: BARE }, captured, context.uidOf);
  const place = { group, version, resource };
  const answer = await context.wire.create(namespace === undefined ? place : { ...place, namespace }, body);
  // Minted at last, between our look and our write: the next round merges.
  if (answer.kind === 'rejected') return refusalOf(answer, `${key}`);
  const uid = answer.object.metadata.uid as Uid;
  context.uids.set(key, uid);
  return { kind: 'done', key, uid };
}
