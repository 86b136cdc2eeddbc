import type { ObjectAddress } from '../../cluster/port.ts';
import { canonicalText } from '../../objects/canonical.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../objects/json.ts';
import type { KeyText, Uid } from '../../objects/key.ts';
import { fieldsOver, managedFieldsOf } from '../../plan/fields-back.ts';
import type { Reason } from '../../plan/plan.ts';
import type { RunContext, StepOutcome } from '../run-context.ts';
import { capturedOf } from '../run-context.ts';
import { addressOf } from '../wire.ts';
import { refusalOf, wordsOf } from './refusal.ts';

/** What became of managed fields that were written back: nothing to say, a loss to report, or a reason to try again. */
export type FieldsOutcome =
  | { readonly kind: 'restored' }
  | { readonly kind: 'lost'; readonly reason: Reason }
  | { readonly kind: 'not yet'; readonly outcome: StepOutcome };

/**
 * Writes the whole list of managed fields as the last write of an object, and believes only the answer: with a
 * conversion webhook down the server says 200 and drops them all (lab 8).
 */
export async function restoreFields(
  context: RunContext,
  at: ObjectAddress,
  uid: Uid,
  captured: readonly ManagedFieldsEntry[],
  seen: KubeObject | undefined,
): Promise<FieldsOutcome> {
  const what = `the managed fields of ${at.resource}/${at.namespace === undefined ? '' : `${at.namespace}/`}${at.name}`;
  const live = seen ?? (await liveOf(context, at));
  if (live === undefined) return lost(`The object is not there any more to be given ${what}.`);
  const managedFields = fieldsOver(captured, live.metadata.managedFields ?? [], 'seaworthy');
  const body = { metadata: { managedFields } } as never;
  const answer = await context.wire.patch(at, { kind: 'merge', body }, uid);
  if (answer.kind === 'accepted') {
    if (sameFields(managedFields, answer.object.metadata.managedFields ?? [])) return { kind: 'restored' };
    return lost(`The server answered without ${what} as they were sent.`);
  }
  const outcome = refusalOf(answer, what);
  if (outcome.kind === 'later' && answer.status !== 404) return { kind: 'not yet', outcome };
  return lost(`The server refused ${what}: ${wordsOf(answer)}`);
}

/** Gives an object that was written again after its creation the managed fields that it had when captured. */
export async function restoreFieldsOf(
  context: RunContext,
  key: KeyText,
  uid: Uid,
  live: KubeObject | undefined,
): Promise<FieldsOutcome> {
  const creator = context.creatorOf(key);
  if (creator === undefined || creator.kind === 'copy' || creator.writing.fields !== 'restore')
    return { kind: 'restored' };
  const captured = await capturedOf(context.reader, creator.source.row);
  const managedFields = managedFieldsOf(creator, captured, context.uidOf);
  if (managedFields === undefined) return { kind: 'restored' };
  return await restoreFields(context, addressOf(creator.target), uid, managedFields, live);
}

/** Equal as sets: the server sorts entries by its own rules. */
export function sameFields(sent: readonly ManagedFieldsEntry[], kept: readonly ManagedFieldsEntry[]): boolean {
  if (sent.length !== kept.length) return false;
  const left = sent.map((entry) => canonicalText(entry)).sort();
  const right = kept.map((entry) => canonicalText(entry)).sort();
  return left.every((text, index) => text === right[index]);
}

/** Whether some write of ours shows on the object: nobody else uses this manager's name. */
export function isOurs(live: KubeObject): boolean {
  return (live.metadata.managedFields ?? []).some((entry) => entry.manager === 'seaworthy');
}

async function liveOf(context: RunContext, at: ObjectAddress): Promise<KubeObject | undefined> {
  const answer = await context.wire.get(at);
  return answer.kind === 'accepted' ? answer.object : undefined;
}

function lost(sentence: string): FieldsOutcome {
  return { kind: 'lost', reason: { code: 'FIELDS-LOST', sentence } };
}
