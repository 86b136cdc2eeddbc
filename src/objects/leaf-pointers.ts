import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { FieldLeaf, FieldSegment } from './managed-fields.ts';
import { formatPointer, memberOf } from './pointer-text.ts';
import { sameJson } from './same-json.ts';

/**
 * The JSON pointer at which an owned path stands in the object, list items found by their keys or their value. Undefined when
 * it stands nowhere (owned, then removed by another version of the kind).
 */
export function pointerOfLeaf(object: unknown, leaf: FieldLeaf): string | undefined {
  let here = object as Json | undefined;
  const path: (string | number)[] = [];
  for (const segment of leaf) {
    const step = stepInto(here, segment);
    if (step === undefined) return undefined;
    path.push(step);
    here = memberOf(here, String(step));
    if (here === undefined) return undefined;
  }
  return formatPointer(path);
}

function stepInto(holder: Json | undefined, segment: FieldSegment): string | number | undefined {
  if (segment.kind === 'field') return isJsonObject(holder) ? segment.text : undefined;
  if (!Array.isArray(holder)) return undefined;
  if (segment.kind === 'index') return Number(segment.text);
  const wanted = parsed(segment.text);
  const index = holder.findIndex((item: Json) =>
    segment.kind === 'value' ? sameJson(item, wanted) : isJsonObject(wanted) && holdsKeys(item, wanted),
  );
  return index < 0 ? undefined : index;
}

/** A key that the item leaves out counts as equal: the server takes its schema's default (`protocol` TCP). */
function holdsKeys(item: Json, keys: JsonObject): boolean {
  if (!isJsonObject(item)) return false;
  const present = Object.keys(keys).filter((key) => item[key] !== undefined);
  return present.length > 0 && present.every((key) => sameJson(item[key], keys[key]));
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
