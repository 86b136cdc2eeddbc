import type { Json, JsonObject, MutableJsonObject } from '../../objects/json.ts';
import type { FieldType } from '../schema/field-type.ts';
import { type FieldSet, isEmptySet } from './field-set.ts';
import { formOf, itemSegment, type ListType, listOf, mapOf, namesField, typeOfUnder } from './type-walk.ts';

/** The live value with the configuration merged into it; `undefined` when nothing is left. Shares branches with both. */
export function mergeApplied(live: Json | undefined, applied: Json | undefined, type: FieldType): Json | undefined {
  if (applied === undefined) return live;
  if (live === undefined) return applied;
  const form = formOf(type, applied);
  if (form === 'map') {
    const left = mapOf(live) ?? {};
    const right = mapOf(applied) ?? {};
    if (Object.keys(left).length === 0 && Object.keys(right).length === 0) return applied;
    return mergeMaps(left, right, type);
  }
  if (form === 'list') {
    const left = listOf(live) ?? [];
    const right = listOf(applied) ?? [];
    if (left.length > 0 || right.length > 0) return mergeLists(left, right, type as ListType);
  }
  return applied;
}

function mergeMaps(live: JsonObject, applied: JsonObject, type: FieldType): JsonObject | undefined {
  const out: MutableJsonObject = {};
  for (const key of Object.keys(live)) {
    const merged = mergeApplied(live[key], applied[key], typeOfUnder(type, key));
    if (merged !== undefined) out[key] = merged as MutableJsonObject;
  }
  for (const key of Object.keys(applied))
    if (live[key] === undefined && applied[key] !== undefined) out[key] = applied[key] as MutableJsonObject;
  return Object.keys(out).length === 0 ? undefined : (out as JsonObject);
}

interface Item {
  readonly segment: string;
  readonly item: Json;
}
function told(list: readonly Json[], type: ListType): Item[] {
  return list.flatMap((item) => {
    const found = itemSegment(type, item);
    return 'problem' in found ? [] : [{ segment: found.segment, item }];
  });
}

/**
 * Items of both lists. The order is the configuration's among its own items; what only lives keeps its place as far as
 * that allows: it comes before the shared item that it stood before.
 */
function mergeLists(live: readonly Json[], applied: readonly Json[], type: ListType): Json | undefined {
  const lefts = told(live, type);
  const rights = told(applied, type);
  const seen = new Map<string, Json>();
  // An item that lives twice is replaced: there is no one to merge with.
  for (const { segment, item } of lefts) seen.set(segment, seen.has(segment) ? null : item);
  const wanted = new Map(rights.map(({ segment, item }) => [segment, item]));
  const shared = rights.filter(({ segment }) => seen.has(segment)).map(({ segment }) => segment);
  let next = shared.shift();
  const merged = new Set<string>();
  const out: Json[] = [];
  const push = (value: Json | undefined): void => {
    if (value !== undefined) out.push(value);
  };
  let [l, r] = [0, 0];
  while (l < lefts.length || r < rights.length) {
    const left = lefts[l];
    const right = rights[r];
    if (left !== undefined && right !== undefined) {
      if (left.segment === right.segment) {
        merged.add(left.segment);
        push(mergeApplied(seen.get(left.segment), right.item, type.items));
        l += 1;
        r += 1;
        next = shared.shift();
        continue;
      }
      if (wanted.has(left.segment) && next !== undefined && next !== left.segment) {
        l += 1;
        continue;
      }
    }
    if (left !== undefined) {
      if (!wanted.has(left.segment)) {
        push(left.item);
        l += 1;
        continue;
      }
      if (merged.has(left.segment)) l += 1;
    }
    if (right !== undefined) {
      merged.add(right.segment);
      push(mergeApplied(seen.get(right.segment), right.item, type.items));
      r += 1;
      if (next === right.segment) next = shared.shift();
    }
  }
  return out.length > 0 ? out : undefined;
}

/** The value without the paths of a set; what loses everything becomes null. */
export function removePaths(value: Json, remove: FieldSet, type: FieldType): Json {
  const form = formOf(type, value);
  const list = form === 'list' ? listOf(value) : undefined;
  if (list !== undefined) {
    const kept: Json[] = [];
    for (const item of list) {
      const found = itemSegment(type as ListType, item);
      const node = 'problem' in found ? undefined : remove.below?.get(found.segment);
      if (node?.owned) continue;
      kept.push(removeBelow(item, node, (type as ListType).items));
    }
    return kept.length > 0 ? kept : null;
  }
  const map = form === 'map' ? mapOf(value) : undefined;
  if (map !== undefined) {
    const kept: MutableJsonObject = {};
    let any = false;
    for (const key of Object.keys(map)) {
      const item = map[key];
      const node = remove.below?.get(`f:${key}`);
      if (item === undefined || node?.owned) continue;
      kept[key] = removeBelow(item, node, typeOfUnder(type, key)) as MutableJsonObject;
      any = true;
    }
    return any ? (kept as JsonObject) : null;
  }
  // Something owned whole is not taken apart: it goes when something below it is to go.
  return typeof value === 'object' && value !== null ? null : value;
}

function removeBelow(value: Json, node: FieldSet | undefined, type: FieldType): Json {
  if (node === undefined || node.below === undefined) return value;
  const below: FieldSet = { owned: false, below: node.below };
  return isEmptySet(below) ? value : removePaths(value, below, type);
}

/** The set with every inner field that the type names counted as a member. */
export function withNamedFields(set: FieldSet, type: FieldType): FieldSet {
  if (set.below === undefined) return set;
  const out: FieldSet = { owned: set.owned, below: new Map() };
  for (const [segment, child] of set.below) {
    const name = segment[0] === 'f' ? segment.slice(2) : undefined;
    const below =
      name !== undefined
        ? withNamedFields(child, typeOfUnder(type, name))
        : withNamedFields(child, segment[0] === 'k' && type.kind === 'list' ? type.items : LEAF);
    const owned = child.owned || (name !== undefined && child.below !== undefined && namesField(type, name));
    out.below?.set(segment, owned === below.owned ? below : { owned, below: below.below });
  }
  return out;
}
const LEAF: FieldType = { kind: 'scalar', scalar: 'any' };

/** The set as the present type has it: what has become atomic since is owned whole. */
export function withPresentTypes(set: FieldSet, type: FieldType): FieldSet {
  if (set.below === undefined || type.kind === 'untyped') return set;
  const below = new Map<string, FieldSet>();
  let changed = false;
  for (const [segment, child] of set.below) {
    const under = typeOfSegment(type, segment);
    let now = child;
    if (under !== undefined && child.below !== undefined)
      now = isWhole(under) ? { owned: true, below: undefined } : withPresentTypes(child, under);
    if (now !== child) changed = true;
    below.set(segment, now);
  }
  return changed ? { owned: set.owned, below } : set;
}
function typeOfSegment(type: FieldType, segment: string): FieldType | undefined {
  if (type.kind === 'list') return type.items;
  if (segment[0] !== 'f') return undefined;
  if (type.kind === 'struct') return type.field(segment.slice(2));
  return type.kind === 'map' ? type.values : undefined;
}
function isWhole(type: FieldType): boolean {
  if (type.kind === 'list') return type.listType === 'atomic';
  return type.kind === 'struct' || type.kind === 'map' ? type.atomic : type.kind === 'scalar' && type.scalar === 'any';
}
