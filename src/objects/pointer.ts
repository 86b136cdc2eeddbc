import { objectsFault } from './codes.ts';
import { type Json, type JsonObject, type MutableJson, type MutableJsonObject, ownValue, putOwn } from './json.ts';
import { indexIn, malformed, memberOf, parsePointer, unescapeSegment } from './pointer-text.ts';

export { compilePattern, expand, matchesPattern, type Pattern } from './pattern.ts';
export { escapeSegment, formatPointer, parsePointer } from './pointer-text.ts';

/** What stands at a pointer, or undefined when nothing does. Reads without splitting the pointer: this is a hot path. */
export function getAt(value: unknown, pointer: string): Json | undefined {
  if (pointer !== '' && pointer.charCodeAt(0) !== 47) throw malformed(pointer);
  let here = value as Json | undefined;
  for (let at = 0; at < pointer.length; ) {
    const slash = pointer.indexOf('/', at + 1);
    const end = slash < 0 ? pointer.length : slash;
    here = memberOf(here, unescapeSegment(pointer.slice(at + 1, end), pointer));
    if (here === undefined) return undefined;
    at = end;
  }
  return here;
}

/**
 * A copy with `set` at the pointer; what is not on the way is the same value as before. Absent or null holders on the
 * way become maps; `-` or the length of a list appends. `POINTER-BLOCKED` where a scalar or a missing item is in the way.
 */
export function withSet(value: Json | undefined, pointer: string, set: Json): Json {
  return setBelow(value, parsePointer(pointer), 0, set, pointer);
}

function setBelow(value: Json | undefined, path: readonly string[], at: number, set: Json, pointer: string): Json {
  const segment = path[at];
  if (segment === undefined) return set;
  if (Array.isArray(value)) {
    const index = slotIn(value, segment, pointer);
    const copy: Json[] = value.slice();
    copy[index] = setBelow(copy[index], path, at + 1, set, pointer);
    return copy;
  }
  if (value !== undefined && value !== null && typeof value !== 'object') throw blocked(pointer, segment);
  const map = (value ?? {}) as JsonObject;
  const copy = { ...map } as MutableJsonObject;
  putOwn(copy, segment, setBelow(ownValue(map, segment), path, at + 1, set, pointer) as MutableJson);
  return copy;
}

/** A copy without what stands at the pointer; the same value when nothing does. Removing the whole value gives null. */
export function withRemoved(value: Json, pointer: string): Json {
  const path = parsePointer(pointer);
  if (path.length === 0) return null;
  return getAt(value, pointer) === undefined ? value : removeBelow(value, path, 0);
}

function removeBelow(value: Json, path: readonly string[], at: number): Json {
  const segment = path[at] ?? '';
  const last = at === path.length - 1;
  if (Array.isArray(value)) {
    const copy: Json[] = value.slice();
    const index = Number(segment);
    if (last) copy.splice(index, 1);
    else copy[index] = removeBelow(copy[index] ?? null, path, at + 1);
    return copy;
  }
  const copy = { ...(value as JsonObject) } as MutableJsonObject;
  if (last) delete copy[segment];
  else putOwn(copy, segment, removeBelow((value as JsonObject)[segment] ?? null, path, at + 1) as MutableJson);
  return copy;
}

/** As `withSet`, in place. The pointer to the whole value is refused (`POINTER-BLOCKED`): a holder is needed. */
export function setAt(root: MutableJson, pointer: string, set: MutableJson): void {
  const path = parsePointer(pointer);
  const last = path.pop();
  if (last === undefined) throw blocked(pointer, '');
  let here = root;
  for (const segment of path) {
    let next = memberOf(here, segment) as MutableJson | undefined;
    if (next === undefined || next === null) {
      next = {};
      put(here, segment, next, pointer);
    }
    here = next;
  }
  put(here, last, set, pointer);
}

function put(holder: MutableJson, segment: string, value: MutableJson, pointer: string): void {
  if (Array.isArray(holder)) holder[slotIn(holder, segment, pointer)] = value;
  else if (typeof holder === 'object' && holder !== null) putOwn(holder, segment, value);
  else throw blocked(pointer, segment);
}

/** Removes in place what stands at the pointer. False when nothing does. */
export function removeAt(root: MutableJson, pointer: string): boolean {
  const path = parsePointer(pointer);
  const last = path.pop();
  if (last === undefined) throw blocked(pointer, '');
  let holder: MutableJson | undefined = root;
  for (const segment of path) holder = memberOf(holder, segment) as MutableJson | undefined;
  if (memberOf(holder, last) === undefined) return false;
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete (holder as MutableJsonObject)[last];
  return true;
}

function slotIn(list: readonly unknown[], segment: string, pointer: string): number {
  const index = segment === '-' ? list.length : indexIn(segment, list.length + 1);
  if (index === undefined) throw blocked(pointer, segment);
  return index;
}

function blocked(pointer: string, segment: string): Error {
  return objectsFault(
    'POINTER-BLOCKED',
    `Nothing can be written at "${pointer.slice(0, 200)}": no place for "${segment}"`,
    {
      hint: 'Compare the pointer with the object: a scalar, or a list without this item, is in the way.',
    },
  );
}
