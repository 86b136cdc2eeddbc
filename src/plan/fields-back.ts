import type { KubeObject, ManagedFieldsEntry } from '../objects/json.ts';
import { fieldsOf, leafText, leavesOf, renameUids } from '../objects/managed-fields.ts';
import { getAt, parsePointer } from '../objects/pointer.ts';
import { sameJson } from '../objects/same-json.ts';
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

/** Places that a step writes otherwise than they were captured, and that a release or a second write gives back. */
export function heldPlaces(step: WritingStep, captured: KubeObject): readonly string[] {
  const { edits, ignoring } = step.writing;
  return edits.flatMap((edit) => {
    const isHeld = edit.kind === 'set' && ignoring.includes(edit.path);
    return isHeld && !sameJson(edit.value, getAt(captured, edit.path)) ? [edit.path] : [];
  });
}

/**
 * The managed fields to write back over what the target has now: the captured entries, then those that the target's own
 * managers made meanwhile; what this program wrote is nobody's, but for `held`: while a place holds a value that is to
 * return, it is this program's, so that a plan made without the log of this run knows that there is something left to do.
 */
export function fieldsOver(
  captured: readonly ManagedFieldsEntry[],
  live: readonly ManagedFieldsEntry[],
  fieldManager: string,
  held: readonly string[] = [],
): readonly ManagedFieldsEntry[] {
  const identity = (entry: ManagedFieldsEntry): string =>
    [entry.manager, entry.operation, entry.subresource ?? '', entry.apiVersion].join('|');
  const known = new Set(captured.map(identity));
  const places = new Set(
    held.map((path) => leafText(parsePointer(path).map((text) => ({ kind: 'field' as const, text })))),
  );
  const kept = live.flatMap((entry): readonly ManagedFieldsEntry[] => {
    if (entry.manager !== fieldManager) return known.has(identity(entry)) ? [] : [entry];
    const leaves = places.size === 0 ? [] : leavesOf(entry.fieldsV1 ?? {}).filter((leaf) => places.has(leafText(leaf)));
    return leaves.length === 0 ? [] : [{ ...entry, fieldsV1: fieldsOf(leaves) }];
  });
  return [...captured, ...kept];
}
