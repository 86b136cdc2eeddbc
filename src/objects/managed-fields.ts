import { objectsFault } from './codes.ts';
import { isJsonObject, type JsonObject, type ManagedFieldsEntry, type MutableJsonObject } from './json.ts';

export { type Renaming, renameUids } from './managed-uids.ts';

/**
 * One step of a path in a FieldsV1 set. `text` is what follows the prefix, byte for byte as the server wrote it:
 * `f:` a map key; `k:` JSON of the keys that tell a list item, `{"containerPort":8080,"protocol":"TCP"}`; `v:` JSON of an item
 * of a set; `i:` the index of an item.
 */
export interface FieldSegment {
  readonly kind: 'field' | 'key' | 'value' | 'index';
  readonly text: string;
}
/** A path that a manager owns. The empty path is the object itself. */
export type FieldLeaf = readonly FieldSegment[];

const KIND_OF = { f: 'field', k: 'key', v: 'value', i: 'index' } as const;
const PREFIX_OF = { field: 'f:', key: 'k:', value: 'v:', index: 'i:' } as const;

/** `FIELDS-MALFORMED` when the text is no key of a FieldsV1 set. */
export function parseFieldSegment(text: string): FieldSegment {
  const kind = text[1] === ':' ? KIND_OF[text[0] as keyof typeof KIND_OF] : undefined;
  if (kind === undefined) throw malformed(`"${text.slice(0, 200)}" is no key of a managed-fields set`);
  return { kind, text: text.slice(2) };
}
export function formatFieldSegment(segment: FieldSegment): string {
  return PREFIX_OF[segment.kind] + segment.text;
}

/** The segment of a list item by its keys, as the server writes it: sorted by name, without spaces. */
export function keySegment(keys: JsonObject): FieldSegment {
  const sorted = Object.fromEntries(Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { kind: 'key', text: JSON.stringify(sorted) };
}

/**
 * Every path that the set owns, in the order of the set: one for each `.` and for each empty map. `FIELDS-MALFORMED` when the
 * set holds what the format does not know.
 */
export function leavesOf(fieldsV1: JsonObject): FieldLeaf[] {
  const leaves: FieldLeaf[] = [];
  collect(fieldsV1, [], leaves);
  return leaves;
}

function collect(set: JsonObject, path: FieldLeaf, leaves: FieldLeaf[]): void {
  const keys = Object.keys(set);
  // An empty map owns its path; at the root it is the empty set.
  if (keys.length === 0 && path.length > 0) leaves.push(path);
  for (const key of keys) {
    const below = set[key];
    if (!isJsonObject(below)) throw malformed(`"${key.slice(0, 200)}" of a managed-fields set holds no map`);
    if (key === '.') leaves.push(path);
    else collect(below, [...path, parseFieldSegment(key)], leaves);
  }
}

interface Node {
  owned: boolean;
  readonly below: Map<string, Node>;
}

/** The set that owns these paths; inverse of `leavesOf`, keys in the order in which the paths name them. */
export function fieldsOf(leaves: readonly FieldLeaf[]): JsonObject {
  const root: Node = { owned: false, below: new Map() };
  for (const leaf of leaves) {
    let here = root;
    for (const segment of leaf) {
      const key = formatFieldSegment(segment);
      let next = here.below.get(key);
      if (next === undefined) {
        next = { owned: false, below: new Map() };
        here.below.set(key, next);
      }
      here = next;
    }
    here.owned = true;
  }
  const fields = write(root);
  return root.owned ? { '.': {}, ...fields } : fields;
}

function write(node: Node): JsonObject {
  const set: MutableJsonObject = {};
  for (const [key, below] of node.below)
    set[key] = (below.owned && below.below.size > 0 ? { '.': {}, ...write(below) } : write(below)) as MutableJsonObject;
  return set as JsonObject;
}

/** Who owns a path: `entry` is the place in `metadata.managedFields`. */
export interface LeafOwner {
  readonly entry: number;
  readonly manager: string;
  readonly operation: string;
  readonly subresource: string | undefined;
}
export interface OwnedLeaf {
  readonly leaf: FieldLeaf;
  readonly owners: readonly LeafOwner[];
}

/** Every owned path with its owners, by the path's text (`leafText`), in the order of the entries. */
export function ownersOfLeaves(entries: readonly ManagedFieldsEntry[]): Map<string, OwnedLeaf> {
  const owned = new Map<string, { leaf: FieldLeaf; owners: LeafOwner[] }>();
  for (const [index, entry] of entries.entries()) {
    const { manager = '', operation = '', subresource } = entry;
    for (const leaf of leavesOf(entry.fieldsV1 ?? {})) {
      const text = leafText(leaf);
      const known = owned.get(text) ?? { leaf, owners: [] };
      known.owners.push({ entry: index, manager, operation, subresource });
      owned.set(text, known);
    }
  }
  return owned;
}

/** A path as one text: JSON of its segments as the server writes them, so that no two paths share one. */
export function leafText(leaf: FieldLeaf): string {
  return JSON.stringify(leaf.map(formatFieldSegment));
}

function malformed(sentence: string): Error {
  return objectsFault('FIELDS-MALFORMED', sentence, {
    hint: 'Leave the managed fields of this object out (--field-ownership none).',
  });
}
