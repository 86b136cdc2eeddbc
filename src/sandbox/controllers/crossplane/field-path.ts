import {
  isJsonObject,
  type Json,
  type JsonObject,
  type MutableJsonObject,
  ownValue,
  putOwn,
} from '../../../objects/json.ts';

/** `metadata.annotations[crossplane.io/external-name]`, `spec.subnets[0].id` -> its segments. */
export function fieldPath(text: string): readonly (string | number)[] {
  const segments: (string | number)[] = [];
  for (const match of text.matchAll(/\[(?:'([^']*)'|([^\]]*))\]|([^.[\]]+)/g)) {
    const inside = match[1] ?? match[2];
    if (inside === undefined) segments.push(match[3] ?? '');
    else segments.push(match[1] === undefined && /^\d+$/.test(inside) ? Number(inside) : inside);
  }
  return segments;
}

/** Undefined when there is no such field. */
export function valueAt(object: unknown, path: string): Json | undefined {
  let at = object as Json | undefined;
  for (const segment of fieldPath(path)) {
    if (typeof segment === 'number') at = Array.isArray(at) ? (at[segment] as Json | undefined) : undefined;
    else at = isJsonObject(at) ? ownValue(at, segment) : undefined;
    if (at === undefined) return undefined;
  }
  return at;
}

/** Sets a field in place; parents that are missing are made. */
export function putAt(object: MutableJsonObject, path: string, value: Json): void {
  const segments = fieldPath(path);
  let at = object as unknown;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next === undefined) assign(at, segment, value);
    else {
      const inner = (at as Record<string | number, unknown>)[segment] ?? (typeof next === 'number' ? [] : {});
      assign(at, segment, inner as JsonObject);
      at = inner;
    }
  }
}

function assign(holder: unknown, segment: string | number, value: Json): void {
  if (Array.isArray(holder) && typeof segment === 'number') holder[segment] = value;
  else if (typeof holder === 'object' && holder !== null)
    putOwn(holder as MutableJsonObject, String(segment), value as MutableJsonObject);
}
