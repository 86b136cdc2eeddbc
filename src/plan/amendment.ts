import type { Json, JsonObject, KubeObject, MutableJson } from '../objects/json.ts';
import { getAt, parsePointer, setAt } from '../objects/pointer.ts';
import { ownersWritten, pointer, type Rewrite, rewritten, type UidOf } from './body.ts';
import type { AmendStep } from './plan.ts';

/** The merge patch of a second write (without metadata.uid, which the cluster port adds as precondition). */
export function amendmentOf(step: AmendStep, captured: KubeObject, uidOf: UidOf): JsonObject {
  const patch: Record<string, unknown> = {};
  for (const one of step.edits) {
    const value = one.kind === 'remove' ? null : one.kind === 'set' ? one.value : undefined;
    if (value !== undefined) putPatch(patch, one.path, value);
    else if (one.kind === 'rewrite-uid') rewriteInPatch(patch, one, captured, uidOf);
  }
  const owners = ownersWritten(captured, step.owners, uidOf, 'amend');
  if (owners.length > 0) putPatch(patch, '/metadata/ownerReferences', owners as unknown as Json);
  return patch as JsonObject;
}

function putPatch(patch: Record<string, unknown>, path: string, value: Json): void {
  const segments = parsePointer(path);
  const last = segments.pop() ?? '';
  let here = patch;
  for (const segment of segments) {
    const next = here[segment];
    if (typeof next === 'object' && next !== null) here = next as Record<string, unknown>;
    else {
      const made: Record<string, unknown> = {};
      here[segment] = made;
      here = made;
    }
  }
  here[last] = value;
}

/** A merge patch replaces lists whole: what lies in a list is written with the list around it. */
function rewriteInPatch(patch: Record<string, unknown>, one: Rewrite, captured: KubeObject, uidOf: UidOf): void {
  const segments = parsePointer(one.path);
  const key = segments.at(-1) ?? '';
  if (one.place === 'key') {
    const value = getAt(captured, one.path);
    putPatch(patch, one.path, null);
    if (value !== undefined) putPatch(patch, pointer([...segments.slice(0, -1), rewritten(key, one, uidOf)]), value);
    return;
  }
  const inList = segments.findIndex((_, index) => Array.isArray(getAt(captured, pointer(segments.slice(0, index)))));
  const place = inList < 0 ? one.path : pointer(segments.slice(0, inList));
  const whole = structuredClone(getAt(patch as JsonObject, place) ?? getAt(captured, place)) as MutableJson;
  const inner = pointer(segments.slice(inList < 0 ? segments.length : inList));
  if (inner === '') putPatch(patch, place, typeof whole === 'string' ? rewritten(whole, one, uidOf) : (whole as Json));
  else {
    const text = getAt(whole, inner);
    if (typeof text === 'string') setAt(whole, inner, rewritten(text, one, uidOf));
    putPatch(patch, place, whole as Json);
  }
}
