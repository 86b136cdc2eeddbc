import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../objects/json.ts';
import { formatPointer, getAt, parsePointer } from '../objects/pointer.ts';
import { sameJson } from '../objects/same-json.ts';
import { putInPatch } from './patch-place.ts';
import type { MergeStep } from './plan.ts';

/**
 * The merge patch that adds to a minted object what people had written into the captured one: map keys one by one, lists item
 * by item; nothing that the target has is taken away. Undefined when there is nothing to add.
 */
export function mergeOf(step: MergeStep, captured: KubeObject, live: KubeObject): JsonObject | undefined {
  const patch: Record<string, unknown> = {};
  const lists = new Map<string, Json[]>();
  for (const path of step.paths) {
    const value = getAt(captured, path);
    if (value === undefined) continue;
    const list = listAround(captured, path);
    if (list !== undefined) {
      const known = lists.get(list.at) ?? [...asList(getAt(live, list.at))];
      for (const item of list.items) if (!known.some((one) => sameItem(one, item))) known.push(item);
      lists.set(list.at, known);
    } else if (!sameJson(getAt(live, path), value)) putInPatch(patch, path, value);
  }
  for (const [at, items] of lists) if (items.length > asList(getAt(live, at)).length) putInPatch(patch, at, items);
  return Object.keys(patch).length === 0 ? undefined : (patch as JsonObject);
}

/** The outermost list on the way to a path, and the items of it that the path speaks of. */
function listAround(
  object: KubeObject,
  path: string,
): { readonly at: string; readonly items: readonly Json[] } | undefined {
  const segments = parsePointer(path);
  for (let length = 1; length <= segments.length; length++) {
    const at = formatPointer(segments.slice(0, length));
    const value = getAt(object, at);
    if (!Array.isArray(value)) continue;
    const item = segments[length];
    return { at, items: item === undefined ? value : value.filter((_, index) => String(index) === item) };
  }
  return undefined;
}
function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
/** Items with a name are the same when their names are. */
function sameItem(a: Json, b: Json): boolean {
  const name = (item: Json): Json | undefined =>
    isJsonObject(item) && Object.keys(item).length === 1 ? item.name : undefined;
  return name(a) !== undefined && name(a) === name(b) ? true : sameJson(a, b);
}
