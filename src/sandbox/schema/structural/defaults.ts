import type { Json, MutableJson, MutableJsonObject } from '../../../objects/json.ts';
import type { SchemaNode } from './node.ts';

/** A copy that its holder may change. */
export function copyJson(value: Json | undefined): MutableJson {
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map(copyJson);
  const copy: MutableJsonObject = {};
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, Json | undefined>)[name];
    if (member !== undefined) copy[name] = copyJson(member);
  }
  return copy;
}

/** Fills in defaults, in place: absent fields, and nulls where the schema wants none. */
export function applyDefaults(value: MutableJson | undefined, node: SchemaNode | undefined): void {
  if (node === undefined || typeof value !== 'object' || value === null) return;
  const additional = typeof node.additional === 'object' ? node.additional : undefined;
  if (Array.isArray(value)) {
    const { items } = node;
    if (items === undefined) return;
    for (let index = 0; index < value.length; index += 1) {
      if (value[index] === null && !items.nullable && items.default !== undefined)
        value[index] = copyJson(items.default);
      if (items.hasDefaults) applyDefaults(value[index], items);
    }
    return;
  }
  for (const [name, property] of node.properties) {
    const present = value[name];
    if (property.default !== undefined && (present === undefined || (present === null && !property.nullable)))
      value[name] = copyJson(property.default);
    if (property.hasDefaults) applyDefaults(value[name], property);
  }
  if (additional === undefined) return;
  for (const name of Object.keys(value)) {
    if (node.properties.has(name)) continue;
    if (value[name] === null && !additional.nullable && additional.default !== undefined)
      value[name] = copyJson(additional.default);
    applyDefaults(value[name], additional);
  }
}
