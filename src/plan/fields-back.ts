import type { KubeObject, ManagedFieldsEntry } from '../objects/json.ts';
import { renameUids } from '../objects/managed-fields.ts';
import { parsePointer } from '../objects/pointer.ts';
import { ownerUid, rewritten, type UidOf, type WritingStep } from './body.ts';

/** The captured managed fields with the UIDs of owners, and the renamed keys, as they are in the target; a dropped owner's key is dropped. */
export function managedFieldsOf(
  step: WritingStep,
  captured: KubeObject,
  uidOf: UidOf,
): readonly ManagedFieldsEntry[] | undefined {
  const entries = captured.metadata.managedFields;
  if (step.writing.fields === 'leave' || entries === undefined) return undefined;
  const uids = new Map<string, string | null>();
  for (const link of step.writing.owners)
    uids.set(link.was, link.kind === 'drop' ? null : (ownerUid(link, uidOf) ?? null));
  const keys = new Map<string, string>();
  for (const one of step.writing.edits) {
    if (one.kind !== 'rewrite-uid' || one.place !== 'key') continue;
    const key = parsePointer(one.path).at(-1) ?? '';
    keys.set(key, rewritten(key, one, uidOf));
  }
  return renameUids(
    entries,
    (uid) => uids.get(uid),
    (key) => keys.get(key),
  );
}

/**
 * The managed fields to write back over what the target has now: the captured entries, then those that the target's own
 * managers made meanwhile; what this program wrote is nobody's.
 */
export function fieldsOver(
  captured: readonly ManagedFieldsEntry[],
  live: readonly ManagedFieldsEntry[],
  fieldManager: string,
): readonly ManagedFieldsEntry[] {
  const identity = (entry: ManagedFieldsEntry): string =>
    [entry.manager, entry.operation, entry.subresource ?? '', entry.apiVersion].join('|');
  const known = new Set(captured.map(identity));
  return [...captured, ...live.filter((entry) => entry.manager !== fieldManager && !known.has(identity(entry)))];
}
