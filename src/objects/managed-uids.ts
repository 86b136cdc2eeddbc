import { isJsonObject, type JsonObject, type ManagedFieldsEntry, type MutableJsonObject } from './json.ts';
import { mayHoldUid } from './uid-text.ts';

/** The new text; undefined keeps the old one; null drops the key with all that it owns. */
export type Renaming = (text: string) => string | undefined | null;
const KEEP: Renaming = () => undefined;
const OWNER_KEY = /^k:\{"uid":"([^"\\]*)"\}$/;

/**
 * The entries with the UIDs inside their keys renamed (lab 8: old UIDs stand there as map keys). `uids` is asked for each
 * `k:{"uid":"..."}` below `f:metadata` / `f:ownerReferences`; `keys` for each `f:` name anywhere that may hold a UID in either
 * form, such as a label or a data key, and gives the whole new name. Two keys that become one own what both owned. What owns
 * nothing after a drop goes: the holder of the key, and the entry itself. Without a change the same entries come back.
 */
export function renameUids(
  entries: readonly ManagedFieldsEntry[],
  uids: Renaming,
  keys: Renaming = KEEP,
): readonly ManagedFieldsEntry[] {
  const renamed = entries.flatMap((entry) => {
    if (entry.fieldsV1 === undefined) return [entry];
    const fieldsV1 = rename(entry.fieldsV1, 0, uids, keys);
    if (fieldsV1 === entry.fieldsV1) return [entry];
    return fieldsV1 === undefined ? [] : [{ ...entry, fieldsV1 }];
  });
  const same = renamed.length === entries.length && renamed.every((entry, index) => entry === entries[index]);
  return same ? entries : renamed;
}

/** How far a set is on the way to the owner references: 0 at the root, 1 in `f:metadata`, 2 in `f:ownerReferences`; else -1. */
type Depth = -1 | 0 | 1 | 2;
function below(depth: Depth, key: string): Depth {
  if (depth === 0 && key === 'f:metadata') return 1;
  return depth === 1 && key === 'f:ownerReferences' ? 2 : -1;
}

/** Undefined: nothing is owned any more. The same set: nothing changed. */
function rename(set: JsonObject, depth: Depth, uids: Renaming, keys: Renaming): JsonObject | undefined {
  const result: MutableJsonObject = {};
  let changed = false;
  let dropped = false;
  for (const [key, value] of Object.entries(set)) {
    const name = renamedKey(key, depth, uids, keys);
    const inner = isJsonObject(value) ? rename(value, below(depth, key), uids, keys) : value;
    if (name !== key || inner !== value) changed = true;
    if (name === null || inner === undefined) dropped = true;
    else result[name] = merged(result[name], inner) as MutableJsonObject;
  }
  if (!changed) return set;
  const left = Object.keys(result);
  // A list whose last item is dropped is written no more: owning the list itself (`.`) would then say too much.
  const hollow = left.length === 0 || (dropped && depth === 2 && left.every((key) => key === '.'));
  return dropped && hollow ? undefined : (result as JsonObject);
}

function renamedKey(key: string, depth: Depth, uids: Renaming, keys: Renaming): string | null {
  const uid = depth === 2 ? OWNER_KEY.exec(key)?.[1] : undefined;
  if (uid !== undefined) {
    const renamed = uids(uid);
    return typeof renamed === 'string' ? `k:{"uid":${JSON.stringify(renamed)}}` : renamed === null ? null : key;
  }
  if (!key.startsWith('f:') || !mayHoldUid(key.slice(2))) return key;
  const renamed = keys(key.slice(2));
  return typeof renamed === 'string' ? `f:${renamed}` : renamed === null ? null : key;
}

function merged(known: unknown, added: unknown): unknown {
  if (!isJsonObject(known) || !isJsonObject(added)) return added;
  const self = (set: JsonObject): JsonObject => (Object.keys(set).length === 0 ? { '.': {} } : set);
  const result: MutableJsonObject = { ...(self(known) as MutableJsonObject) };
  for (const [key, value] of Object.entries(self(added))) result[key] = merged(result[key], value) as MutableJsonObject;
  // A path that both own as a leaf stays a leaf.
  return Object.keys(result).length === 1 && '.' in result ? {} : result;
}
