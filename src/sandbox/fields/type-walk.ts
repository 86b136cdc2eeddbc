import { isJsonObject, type Json, type JsonObject } from '../../objects/json.ts';
import type { FieldType } from '../schema/field-type.ts';
import { goJson, keySegmentOf } from './field-set.ts';

export type ListType = Extract<FieldType, { kind: 'list' }>;
export type StructType = Extract<FieldType, { kind: 'struct' }>;

/** Nothing is known of it, and it is owned whole: what stands inside of something atomic or unknown. */
const LEAF: FieldType = { kind: 'scalar', scalar: 'any' };
const UNTYPED: FieldType = { kind: 'untyped' };

/** How a value is merged, compared and owned at its place: as one piece, key by key, or item by item. */
export type Form = 'leaf' | 'map' | 'list';

/** The form that a value takes under a type; an untyped value shows by itself what it is. */
export function formOf(type: FieldType, value: Json | undefined): Form {
  switch (type.kind) {
    case 'scalar':
      return 'leaf';
    case 'struct':
    case 'map':
      return type.atomic ? 'leaf' : 'map';
    case 'list':
      return type.listType === 'atomic' ? 'leaf' : 'list';
    case 'untyped':
      return value === null || isJsonObject(value) ? 'map' : 'leaf';
  }
}

/** The type of what stands under a key, and whether the type names the key as a field. */
export function typeUnder(type: FieldType, name: string): FieldType | undefined {
  switch (type.kind) {
    case 'struct':
      return type.field(name) ?? (type.preserve ? UNTYPED : undefined);
    case 'map':
      return type.values;
    case 'untyped':
      return UNTYPED;
    default:
      return undefined;
  }
}
export const namesField = (type: FieldType, name: string): boolean =>
  type.kind === 'struct' && type.field(name) !== undefined;
export const typeOfUnder = (type: FieldType, name: string): FieldType => typeUnder(type, name) ?? LEAF;

/** What tells an item of a set or map list from the others; or the sentence why it cannot be told. */
export function itemSegment(type: ListType, item: Json): { readonly segment: string } | { readonly problem: string } {
  if (type.listType === 'set') {
    if (item === null) return { problem: "associative list without keys has an element that's an explicit null" };
    if (Array.isArray(item)) return { problem: 'not supported: associative list with lists as elements' };
    if (typeof item === 'object') return { problem: "associative list without keys has an element that's a map type" };
    return { segment: `v:${goJson(item)}` };
  }
  if (item === null) return { problem: 'associative list with keys may not have a null element' };
  if (!isJsonObject(item)) return { problem: 'associative list with keys may not have non-map elements' };
  return keyed(type, item);
}

function keyed(type: ListType, item: JsonObject): { readonly segment: string } | { readonly problem: string } {
  const { keys, keyDefaults } = type;
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) {
    const value = item[only];
    if (typeof value === 'string') return { segment: `k:{${goJson(only)}:${goJson(value)}}` };
  }
  const found: Record<string, Json> = {};
  let any = false;
  for (const key of keys) {
    const value = item[key] ?? keyDefaults[key];
    if (value === undefined) continue;
    found[key] = value;
    any = true;
  }
  if (any || keys.length === 0) return { segment: keySegmentOf(found) };
  const names = `[${keys.map((key) => JSON.stringify(key)).join(' ')}]`;
  return {
    problem: `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
  };
}

/** The items of a list by their segments, in order; those that cannot be told apart are left out. */
export function itemsBySegment(type: ListType, list: readonly Json[] | undefined): Map<string, Json[]> {
  const found = new Map<string, Json[]>();
  if (list === undefined) return found;
  for (const item of list) {
    const told = itemSegment(type, item);
    if ('problem' in told) continue;
    const known = found.get(told.segment);
    if (known === undefined) found.set(told.segment, [item]);
    else known.push(item);
  }
  return found;
}

export const listOf = (value: Json | undefined): readonly Json[] | undefined =>
  Array.isArray(value) ? (value as readonly Json[]) : undefined;
export const mapOf = (value: Json | undefined): JsonObject | undefined => (isJsonObject(value) ? value : undefined);

/** Equal as JSON; the order of keys does not count. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let at = 0; at < a.length; at += 1) if (!equalJson(a[at], b[at])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const [left, right] = [a as JsonObject, b as JsonObject];
  let count = 0;
  for (const key in left) {
    if (left[key] === undefined) continue;
    if (right[key] === undefined || !equalJson(left[key], right[key])) return false;
    count += 1;
  }
  for (const key in right) if (right[key] !== undefined) count -= 1;
  return count === 0;
}
