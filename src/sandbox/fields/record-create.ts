import type { Json, JsonObject, MutableJsonObject } from '../../objects/json.ts';
import { compareText } from '../../objects/key.ts';
import type { FieldType } from '../schema/field-type.ts';
import { compareSegments, type FieldSet } from './field-set.ts';
import { equalJson, formOf, itemsBySegment, type ListType, listOf, mapOf, typeOfUnder } from './type-walk.ts';

/** An owned leaf; shared by all, since nobody changes a written set. */
const LEAF: JsonObject = Object.freeze({});
const NEVER_OWNED = new Set(['apiVersion', 'kind', 'metadata']);
const NEVER_OWNED_METADATA = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
]);

/**
 * The `fieldsV1` of who creates an object: everything that an empty object of the kind does not have by itself. The same as the
 * general way gives, made without sets between, because creates are many. Undefined when nothing is owned.
 */
export function createdFields(
  empty: JsonObject,
  next: JsonObject,
  type: FieldType,
  reset: FieldSet | undefined,
): JsonObject | undefined {
  const out: MutableJsonObject = {};
  for (const name of Object.keys(next).sort()) {
    const value = next[name];
    if (value === undefined || reset?.below?.get(`f:${name}`)?.owned) continue;
    if (name === 'metadata') {
      const below = ownedMetadata(mapOf(empty.metadata) ?? {}, mapOf(value) ?? {}, typeOfUnder(type, name));
      if (below !== undefined) out['f:metadata'] = below as MutableJsonObject;
    } else if (!NEVER_OWNED.has(name)) {
      const below = added(empty[name], value, typeOfUnder(type, name));
      if (below !== undefined) out[`f:${name}`] = below as MutableJsonObject;
    }
  }
  for (const _ in out) return out as JsonObject;
  return undefined;
}

function ownedMetadata(empty: JsonObject, metadata: JsonObject, type: FieldType): JsonObject | undefined {
  const out: MutableJsonObject = {};
  let any = false;
  for (const name of Object.keys(metadata).sort()) {
    const value = metadata[name];
    if (value === undefined || NEVER_OWNED_METADATA.has(name)) continue;
    const below = added(empty[name], value, typeOfUnder(type, name));
    if (below === undefined) continue;
    out[`f:${name}`] = below as MutableJsonObject;
    any = true;
  }
  return any ? (out as JsonObject) : undefined;
}

function added(before: Json | undefined, next: Json, type: FieldType): JsonObject | undefined {
  if (before === undefined) return whole(next, type);
  const form = formOf(type, next);
  if (form === 'map') {
    const left = mapOf(before);
    const right = mapOf(next);
    if (right !== undefined && Object.keys(right).length > 0) return addedInMap(left ?? {}, right, type);
  } else if (form === 'list') {
    const right = listOf(next);
    if (right !== undefined && right.length > 0) return items(right, type as ListType, false);
  }
  return equalJson(before, next) ? undefined : LEAF;
}

function addedInMap(before: JsonObject, next: JsonObject, type: FieldType): JsonObject | undefined {
  const out: MutableJsonObject = {};
  let any = false;
  for (const name of ordered(next)) {
    const value = next[name];
    const below = value === undefined ? undefined : added(before[name], value, typeOfUnder(type, name));
    if (below === undefined) continue;
    out[`f:${name}`] = below as MutableJsonObject;
    any = true;
  }
  return any ? (out as JsonObject) : undefined;
}

function whole(value: Json, type: FieldType): JsonObject {
  const form = formOf(type, value);
  if (form === 'map') {
    const map = mapOf(value);
    if (map === undefined) return LEAF;
    let out: MutableJsonObject | undefined;
    for (const name of ordered(map)) {
      const item = map[name];
      if (item === undefined) continue;
      out ??= { '.': LEAF as MutableJsonObject };
      out[`f:${name}`] = whole(item, typeOfUnder(type, name)) as MutableJsonObject;
    }
    return (out as JsonObject | undefined) ?? LEAF;
  }
  const list = form === 'list' ? listOf(value) : undefined;
  return list === undefined || list.length === 0 ? LEAF : items(list, type as ListType, true);
}

function items(list: readonly Json[], type: ListType, owned: boolean): JsonObject {
  const out: MutableJsonObject = owned ? { '.': LEAF as MutableJsonObject } : {};
  const bySegment = itemsBySegment(type, list);
  const segments = [...bySegment.keys()];
  if (segments.length > 1) segments.sort(compareSegments);
  for (const segment of segments) {
    const [first, second] = bySegment.get(segment) ?? [];
    out[segment] = (first === undefined || second !== undefined ? LEAF : whole(first, type.items)) as MutableJsonObject;
  }
  return out as JsonObject;
}

/** The keys in order; most bodies have them so already. */
function ordered(map: JsonObject): string[] {
  const names = Object.keys(map);
  for (let at = 1; at < names.length; at += 1)
    if ((names[at - 1] ?? '') > (names[at] ?? '')) return names.sort(compareText);
  return names;
}
