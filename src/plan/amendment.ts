import type { Json, JsonObject, KubeObject, MutableJson } from '../objects/json.ts';
import { formatPointer, getAt, parsePointer, setAt } from '../objects/pointer.ts';
import { ownersWritten, type Rewrite, rewritten, type UidOf } from './body.ts';
import { putInPatch } from './patch-place.ts';
import type { AmendStep } from './plan.ts';

/** The merge patch of a second write (without metadata.uid, which the cluster port adds as precondition). */
export function amendmentOf(step: AmendStep, captured: KubeObject, uidOf: UidOf): JsonObject {
  const patch: Record<string, unknown> = {};
  for (const one of step.edits) {
    const value = one.kind === 'remove' ? null : one.kind === 'set' ? one.value : undefined;
    if (value !== undefined) putInPatch(patch, one.path, value);
    else if (one.kind === 'rewrite-uid') rewriteInPatch(patch, one, captured, uidOf);
  }
  const owners = ownersWritten(captured, step.owners, uidOf, 'amend');
  if (owners.length > 0) putInPatch(patch, '/metadata/ownerReferences', owners as unknown as Json);
  return patch as JsonObject;
}

/** A merge patch replaces lists whole: what lies in a list is written with the list around it. */
function rewriteInPatch(patch: Record<string, unknown>, one: Rewrite, captured: KubeObject, uidOf: UidOf): void {
  const segments = parsePointer(one.path);
  const key = segments.at(-1) ?? '';
  if (one.place === 'key') {
    const value = getAt(captured, one.path);
    putInPatch(patch, one.path, null);
    if (value !== undefined)
      putInPatch(patch, formatPointer([...segments.slice(0, -1), rewritten(key, one, uidOf)]), value);
    return;
  }
  const inList = segments.findIndex((_, index) =>
    Array.isArray(getAt(captured, formatPointer(segments.slice(0, index)))),
  );
  const place = inList < 0 ? one.path : formatPointer(segments.slice(0, inList));
  const whole = structuredClone(getAt(patch as JsonObject, place) ?? getAt(captured, place)) as MutableJson;
  const inner = formatPointer(segments.slice(inList < 0 ? segments.length : inList));
  if (inner === '')
    putInPatch(patch, place, typeof whole === 'string' ? rewritten(whole, one, uidOf) : (whole as Json));
  else {
    const text = getAt(whole, inner);
    if (typeof text === 'string') setAt(whole, inner, rewritten(text, one, uidOf));
    putInPatch(patch, place, whole as Json);
  }
}
