import type { Accepted, Rejection } from '../../cluster/port.ts';
import type { JsonObject, KubeObject } from '../../objects/json.ts';
import { type KeyText, keyTextOf, resourceName, type Uid } from '../../objects/key.ts';
import { stepAgrees } from '../../plan/agreement.ts';
import { bodyOf, nameOf } from '../../plan/body.ts';
import type { CopyStep, CreateStep, Reason } from '../../plan/plan.ts';
import { capturedOf, failed, later, type RunContext, type StepOutcome } from '../run-context.ts';
import { addressOf } from '../wire.ts';
import { isOurs } from './fields.ts';
import { finish, isDefinition } from './finish.ts';
import { refusalOf } from './refusal.ts';
import { awaitBefore } from './waits.ts';
import { yieldTo } from './yielding.ts';

/** Refusals that are answered by giving a field up, at most: each one costs a request. */
const GIVE_UPS = 8;
const EQUAL = { kind: 'equal' } as const;

/** Carries out a create; a copy is the same under another name. */
export async function create(context: RunContext, step: CreateStep | CopyStep): Promise<StepOutcome> {
  const { target, writing } = step;
  if (step.kind === 'create' && step.wait !== undefined) {
    const unmet = await awaitBefore(context, step.wait);
    if (unmet !== undefined) return unmet;
  }
  const name = step.kind === 'copy' ? nameOf(step.name, context.uidOf) : target.name;
  const key =
    step.kind === 'copy' ? keyTextOf(resourceName(target.group, target.resource), target.namespace, name) : target.key;
  const known = context.log.progress(step.id).posted;
  if (known !== undefined) {
    context.uids.set(key, known.uid);
    return await finish(context, step, name, { key, uid: known.uid, generation: known.generation, notes: [] });
  }
  const captured = await capturedOf(context.reader, step.source.row);
  const written = bodyOf(step, captured, context.uidOf, step.kind === 'copy' ? { name } : {});
  const at = collectionOf(step);
  const notes: Reason[] = [];
  let body: JsonObject = written.body;
  for (let givenUp = 0; ; givenUp++) {
    const answer = await context.wire.create(at, body);
    if (answer.kind === 'accepted') return await posted(context, step, name, key, answer, notes, captured);
    if (answer.status === 409 && answer.reason === 'AlreadyExists')
      return await exists(context, step, name, key, captured);
    const left = givenUp < GIVE_UPS ? yieldTo(answer, writing.yields, body) : undefined;
    if (left === undefined) return refused(step, key, answer);
    body = left.body;
    notes.push(...left.given);
  }
}

function refused(step: CreateStep | CopyStep, key: KeyText, answer: Rejection): StepOutcome {
  return refusalOf(answer, step.kind === 'copy' ? `${key}, copy of ${step.target.key}` : `${key}`);
}

/** The object exists now. Most have nothing more to write: then one record is enough. */
async function posted(
  context: RunContext,
  step: CreateStep | CopyStep,
  name: string,
  key: KeyText,
  answer: Accepted,
  notes: readonly Reason[],
  captured: KubeObject,
): Promise<StepOutcome> {
  const { uid, generation } = answer.object.metadata;
  if (uid === undefined) return later('REFUSED', `The server answered without a UID for ${key}.`);
  context.uids.set(key, uid as Uid);
  const made = { key, uid: uid as Uid, generation, notes };
  if (!hasMore(step)) return { kind: 'done', key, uid: made.uid, ...(notes.length === 0 ? {} : { notes }) };
  const record = { t: 'posted', id: step.id, key, uid: made.uid } as const;
  context.log.append(generation === undefined ? record : { ...record, generation });
  return await finish(context, step, name, made, { captured, live: answer.object });
}

function hasMore(step: CreateStep | CopyStep): boolean {
  return step.writing.status === 'after' || step.writing.fields === 'restore' || isDefinition(step);
}

/**
 * An object of that key is there. Ours when our log has its UID; adopted when it is what we would write. An equal one that
 * carries our manager was written by a process that died before it could say so: what is left of its writes is done.
 */
async function exists(
  context: RunContext,
  step: CreateStep | CopyStep,
  name: string,
  key: KeyText,
  captured: KubeObject,
): Promise<StepOutcome> {
  const answer = await context.wire.get(addressOf(step.target, name));
  if (answer.kind === 'rejected') {
    if (answer.status === 404) return later('REFUSED', `${key} was there and is gone again.`);
    return refusalOf(answer, `${key}`);
  }
  const live = answer.object;
  const uid = live.metadata.uid as Uid;
  if (live.metadata.deletionTimestamp !== undefined)
    return later(
      'TERMINATING',
      `${key} is being deleted in the target and its finalizers hold it: ${(live.metadata.finalizers ?? []).join(', ')}.`,
    );
  const known = context.uids.get(key) === uid;
  const agreement = known ? EQUAL : stepAgrees(step, captured, live, context.uidOf);
  if (agreement.kind === 'differs')
    return failed(
      'CONFLICT',
      `${key} is in the target and differs from the captured one at ${agreement.paths.join(', ')}.`,
    );
  context.uids.set(key, uid);
  if (!isOurs(live)) return { kind: 'done', adopted: true, key, uid };
  return await finish(
    context,
    step,
    name,
    { key, uid, generation: live.metadata.generation, notes: [] },
    { captured, live },
  );
}

function collectionOf(step: CreateStep | CopyStep) {
  const { group, version, resource, namespace } = step.target;
  return namespace === undefined ? { group, version, resource } : { group, version, resource, namespace };
}
