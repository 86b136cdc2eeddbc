import type { Json, KubeObject } from '../../objects/json.ts';
import type { KeyText, Uid } from '../../objects/key.ts';
import { bodyOf } from '../../plan/body.ts';
import { heldPlaces, managedFieldsOf } from '../../plan/fields-back.ts';
import type { CopyStep, CreateStep, Reason } from '../../plan/plan.ts';
import { capturedOf, failed, type RunContext, type StepOutcome } from '../run-context.ts';
import { addressOf } from '../wire.ts';
import { restoreFields } from './fields.ts';
import { refusalOf } from './refusal.ts';
import { awaitEstablished, seconds } from './waits.ts';

/** An object that exists and whose step has more to write. */
export interface Made {
  readonly key: KeyText;
  readonly uid: Uid;
  readonly generation: number | undefined;
  readonly notes: readonly Reason[];
}

/**
 * The writes after the POST: status, then managed fields as the last, each skipped when the log says that it was answered.
 * A CustomResourceDefinition is done only when its resources are served.
 */
export async function finish(
  context: RunContext,
  step: CreateStep | CopyStep,
  name: string,
  made: Made,
  seen?: { readonly captured: KubeObject; readonly live: KubeObject },
): Promise<StepOutcome> {
  const { key, uid, generation } = made;
  const { parts } = context.log.progress(step.id);
  const notes = [...made.notes];
  const { writing } = step;
  const writesStatus = writing.status === 'after' && !parts.has('status');
  const writesFields = writing.fields === 'restore' && !parts.has('fields');
  if (writesStatus || writesFields) {
    const captured = seen?.captured ?? (await capturedOf(context.reader, step.source.row));
    let live = seen?.live;
    const status = writesStatus ? statusOf(context, step, captured, name, generation) : undefined;
    if (status !== undefined) {
      const body = { status };
      const answered = await context.wire.patch(addressOf(step.target, name), { kind: 'merge', body }, uid, 'status');
      if (answered.kind === 'rejected') return statusRefused(refusalOf(answered, `the status of ${key}`));
      live = answered.object;
      context.log.append({ t: 'part', id: step.id, part: 'status' });
    }
    if (isDefinition(step) && !(await awaitEstablished(context, key))) return notServed(context, key);
    const managedFields = writesFields ? managedFieldsOf(step, captured, context.uidOf) : undefined;
    if (managedFields !== undefined) {
      const held = step.kind === 'create' ? heldPlaces(step, captured) : [];
      const outcome = await restoreFields(context, addressOf(step.target, name), uid, managedFields, live, held);
      if (outcome.kind === 'not yet') return outcome.outcome;
      if (outcome.kind === 'lost') notes.push(outcome.reason);
      else context.log.append({ t: 'part', id: step.id, part: 'fields' });
    }
  } else if (isDefinition(step) && !(await awaitEstablished(context, key))) return notServed(context, key);
  return { kind: 'done', key, uid, ...(notes.length === 0 ? {} : { notes }) };
}

function statusOf(
  context: RunContext,
  step: CreateStep | CopyStep,
  captured: KubeObject,
  name: string,
  generation: number | undefined,
): Json | undefined {
  return bodyOf(step, captured, context.uidOf, { name, ...(generation === undefined ? {} : { generation }) }).status;
}

/** Without its status a finished Job would run again: a refusal stops what comes after. */
function statusRefused(outcome: StepOutcome): StepOutcome {
  return outcome.kind === 'failed' ? failed('STATUS-REFUSED', outcome.reason.sentence) : outcome;
}

/** Of a CustomResourceDefinition. */
export function isDefinition(step: CreateStep | CopyStep): boolean {
  return step.target.resource === 'customresourcedefinitions' && step.target.group === 'apiextensions.k8s.io';
}
function notServed(context: RunContext, key: KeyText): StepOutcome {
  return failed(
    'NOT-ESTABLISHED',
    `${key} was written, and its resources were not served in ${seconds(context.limits.established)}.`,
  );
}
