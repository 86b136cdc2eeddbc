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
 * conversion webhook down the server says 200 and drops them all (lab 8). `held`: places that stay ours for now.
 */
export async function restoreFields(
  context: RunContext,
  at: ObjectAddress,
  uid: Uid,
  captured: readonly ManagedFieldsEntry[],
  seen: KubeObject | undefined,
  held: readonly string[] = [],
): Promise<FieldsOutcome> {
  const what = `the managed fields of ${at.resource}/${at.namespace === undefined ? '' : `${at.namespace}/`}${at.name}`;
  const live = seen ?? (await liveOf(context, at));
  if (live === undefined) return lost(`The object is not there any more to be given ${what}.`);
  const managedFields = fieldsOver(captured, live.metadata.managedFields ?? [], 'seaworthy', held);
  const body = { metadata: { managedFields } } as never;
  const answer = await context.wire.patch(at, { kind: 'merge', body }, uid);
  if (answer.kind === 'accepted') {
    const missing = missingFrom(managedFields, answer.object.metadata.managedFields ?? []);
    if (missing.length === 0) return { kind: 'restored' };
    return lost(`The server answered without ${what} as they were sent; missing: ${missing.join(', ')}.`);
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

/**
 * The entries that were sent and are not in the answer, told by who wrote what and when. A manager that runs on the target
 * may have written in between, within the same second perhaps: its own entry, not older than what was sent, is no loss.
 * Other entries may have come.
 */
export function missingFrom(sent: readonly ManagedFieldsEntry[], kept: readonly ManagedFieldsEntry[]): string[] {
  const there = new Set(kept.map((entry) => canonicalText(entry)));
  const writer = (entry: ManagedFieldsEntry): string =>
    [entry.manager, entry.operation, entry.subresource ?? '', entry.apiVersion].filter((part) => part !== '').join(' ');
  const newer = (entry: ManagedFieldsEntry): boolean =>
    kept.some((one) => writer(one) === writer(entry) && (one.time ?? '') >= (entry.time ?? ''));
  return sent
    .filter((entry) => !there.has(canonicalText(entry)) && !newer(entry))
    .map((entry) => `${writer(entry)} ${entry.time ?? ''}`);
}

/** Whether some write of ours shows on the object: nobody else uses this manager's name. */
export function isOurs(live: Pick<KubeObject, 'metadata'>): boolean {
  return (live.metadata.managedFields ?? []).some((entry) => entry.manager === 'seaworthy');
}

async function liveOf(context: RunContext, at: ObjectAddress): Promise<KubeObject | undefined> {
  const answer = await context.wire.get(at);
  return answer.kind === 'accepted' ? answer.object : undefined;
}

function lost(sentence: string): FieldsOutcome {
  return { kind: 'lost', reason: { code: 'FIELDS-LOST', sentence } };
}
