import type { Json, JsonObject } from '../../objects/json.ts';
import type { FieldType } from '../schema/field-type.ts';
import { addChild, emptySet, type FieldSet } from './field-set.ts';
import {
  equalJson,
  formOf,
  itemsBySegment,
  type ListType,
  listOf,
  mapOf,
  namesField,
  typeOfUnder,
} from './type-walk.ts';

/** What a write changed, as sets of paths. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

export function compareObjects(before: JsonObject, next: JsonObject, type: FieldType): Comparison {
  const sets: Mutable = { added: emptySet(), modified: emptySet(), removed: emptySet() };
  compareMaps(sets, [], before, next, type);
  return sets;
}

interface Mutable {
  added: FieldSet;
  modified: FieldSet;
  removed: FieldSet;
}

/** Everything that is there, inner nodes too: what a value adds where nothing was. */
export function everyPath(value: Json, type: FieldType): FieldSet {
  const node: FieldSet = { owned: true, below: undefined };
  const form = formOf(type, value);
  if (form === 'map') {
    const map = mapOf(value);
    if (map === undefined) return node;
    for (const key in map) {
      const child = map[key];
      if (child !== undefined) addChild(node, `f:${key}`, everyPath(child, typeOfUnder(type, key)));
    }
  } else if (form === 'list') {
    const list = listOf(value);
    if (list === undefined) return node;
    for (const [segment, items] of itemsBySegment(type as ListType, list)) {
      const [first] = items;
      const below =
        items.length > 1 || first === undefined
          ? { owned: true, below: undefined }
          : everyPath(first, (type as ListType).items);
      addChild(node, segment, below);
    }
  }
  return node;
}

/** Puts a branch at a path of a set that is being built. */
function graft(root: FieldSet, path: readonly string[], branch: FieldSet): void {
  let here = root;
  const last = path.length - 1;
  for (let at = 0; at < last; at += 1) {
    const key = path[at] ?? '';
    here.below ??= new Map();
    let next = here.below.get(key);
    if (next === undefined) {
      next = emptySet();
      here.below.set(key, next);
    }
    here = next;
  }
  here.below ??= new Map();
  const key = path[last] ?? '';
  const there = here.below.get(key);
  if (there === undefined) here.below.set(key, branch);
  else if (branch.owned) {
    there.owned = true;
    if (branch.below !== undefined) {
      there.below ??= new Map();
      for (const [name, child] of branch.below) there.below.set(name, child);
    }
  }
}
const own = (root: FieldSet, path: readonly string[]): void => graft(root, path, { owned: true, below: undefined });

function compare(
  sets: Mutable,
  path: string[],
  before: Json | undefined,
  next: Json | undefined,
  type: FieldType,
): void {
  if (before === undefined) {
    if (next !== undefined) graft(sets.added, path, everyPath(next, type));
    return;
  }
  if (next === undefined) {
    graft(sets.removed, path, everyPath(before, type));
    return;
  }
  if (before === next) return;
  const left = formOf(type, before);
  const right = formOf(type, next);
  compareAs(left, sets, path, before, next, type);
  if (right !== left) compareAs(right, sets, path, before, next, type);
}

function compareAs(
  form: 'leaf' | 'map' | 'list',
  sets: Mutable,
  path: string[],
  before: Json,
  next: Json,
  type: FieldType,
): void {
  if (form === 'map') {
    const left = mapOf(before) ?? {};
    const right = mapOf(next) ?? {};
    if (!isBare(left) || !isBare(right)) {
      compareMaps(sets, path, left, right, type);
      return;
    }
  } else if (form === 'list') {
    const left = listOf(before) ?? [];
    const right = listOf(next) ?? [];
    if (left.length > 0 || right.length > 0) {
      compareLists(sets, path, left, right, type as ListType);
      return;
    }
  }
  if (!equalJson(before, next)) own(sets.modified, path);
}

function isBare(map: JsonObject): boolean {
  for (const key in map) if (map[key] !== undefined) return false;
  return true;
}

function compareMaps(sets: Mutable, path: string[], before: JsonObject, next: JsonObject, type: FieldType): void {
  const at = path.length;
  for (const key in before) {
    path[at] = `f:${key}`;
    compare(sets, path, before[key], next[key], typeOfUnder(type, key));
  }
  for (const key in next) {
    if (before[key] !== undefined) continue;
    path[at] = `f:${key}`;
    compare(sets, path, undefined, next[key], typeOfUnder(type, key));
  }
  path.length = at;
}

function compareLists(
  sets: Mutable,
  path: string[],
  before: readonly Json[],
  next: readonly Json[],
  type: ListType,
): void {
  const left = itemsBySegment(type, before);
  const right = itemsBySegment(type, next);
  const at = path.length;
  for (const segment of new Set([...left.keys(), ...right.keys()])) {
    path[at] = segment;
    const olds = left.get(segment) ?? [];
    const news = right.get(segment) ?? [];
    if (olds.length <= 1 && news.length <= 1) compare(sets, path, olds[0], news[0], type.items);
    else if (olds.length >= 2 && news.length >= 2) {
      if (!equalJson(olds, news)) own(sets.modified, path);
    } else if (olds.length >= 2) {
      if (news.length > 0) compare(sets, path, undefined, news[0], type.items);
      own(sets.removed, path);
    } else {
      if (olds.length > 0) compare(sets, path, olds[0], undefined, type.items);
      own(sets.added, path);
    }
  }
  path.length = at;
}

/** The paths that a configuration claims: its leaves, the keys of its maps and the items of its lists. */
export function claimedPaths(value: Json, type: FieldType): FieldSet {
  const node = emptySet();
  const form = formOf(type, value);
  if (form === 'leaf') node.owned = true;
  else if (form === 'map') {
    const map = mapOf(value) ?? {};
    for (const key in map) {
      const child = map[key];
      if (child === undefined) continue;
      const claimed = claimedPaths(child, typeOfUnder(type, key));
      const bare = child === null || (mapOf(child) !== undefined && isBare(child as JsonObject));
      if (bare || !namesField(type, key)) claimed.owned = true;
      if (claimed.owned || claimed.below !== undefined) addChild(node, `f:${key}`, claimed);
    }
  } else
    for (const [segment, items] of itemsBySegment(type as ListType, listOf(value))) {
      const [first] = items;
      const claimed =
        items.length > 1 || first === undefined ? emptySet() : claimedPaths(first, (type as ListType).items);
      claimed.owned = true;
      addChild(node, segment, claimed);
    }
  return node;
}
