import type { Json, MutableJson } from '../../objects/json.ts';

/** A deep copy that its holder may change; keys that hold nothing are left out. */
export function copyJson(value: Json): MutableJson {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson);
  const out: { [key: string]: MutableJson } = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) out[key] = copyJson(item as Json);
  return out;
}
