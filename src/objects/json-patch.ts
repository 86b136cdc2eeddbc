import { objectsFault } from './codes.ts';
import { isJsonObject, type Json, ownValue } from './json.ts';
import { getAt, withRemoved, withSet } from './pointer.ts';
import { escapeSegment, indexIn, splitPointer } from './pointer-text.ts';
import { sameJson } from './same-json.ts';

/** One operation of a JSON patch (RFC 6902), in the shape that the API server takes. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string };

/** Applies all operations in their order, or throws `PATCH-FAILED` and changes nothing. No mutation. */
export function applyJsonPatch(value: Json, operations: readonly PatchOperation[]): Json {
  return operations.reduce(applyOne, value);
}

function applyOne(value: Json, operation: PatchOperation): Json {
  switch (operation.op) {
    case 'add':
      return add(value, operation.path, operation.value);
    case 'replace':
      present(value, operation.path, 'replace');
      return withSet(value, operation.path, operation.value);
    case 'remove':
      present(value, operation.path, 'remove');
      return withRemoved(value, operation.path);
    case 'copy':
      return add(value, operation.path, present(value, operation.from, 'copy'));
    case 'move': {
      const moved = present(value, operation.from, 'move');
      if (operation.path.startsWith(`${operation.from}/`))
        throw failed(`"${operation.from}" cannot be moved into itself`);
      return operation.path === operation.from ? value : add(withRemoved(value, operation.from), operation.path, moved);
    }
    case 'test':
      if (!sameJson(getAt(value, operation.path), operation.value))
        throw failed(`"${operation.path}" does not hold what the test asks for`);
      return value;
  }
}

function present(value: Json, path: string, op: string): Json {
  const found = getAt(value, path);
  if (found === undefined) throw failed(`Nothing stands at "${path}" to ${op}`);
  return found;
}

function add(value: Json, path: string, added: Json): Json {
  const place = splitPointer(path);
  if (place === undefined) return added;
  const holder = getAt(value, place.parent);
  if (Array.isArray(holder)) {
    const index = place.last === '-' ? holder.length : indexIn(place.last, holder.length + 1);
    if (index === undefined) throw failed(`"${path}" is outside its list of ${holder.length}`);
    return withSet(value, place.parent, holder.toSpliced(index, 0, added));
  }
  if (!isJsonObject(holder)) throw failed(`"${path}" has no map or list to stand in`);
  return withSet(value, path, added);
}

/** The operations (add, remove, replace) that turn `before` into `after`; lists item by item, surplus at their end. */
export function makeJsonPatch(before: Json, after: Json): PatchOperation[] {
  const operations: PatchOperation[] = [];
  compare(before, after, '', operations);
  return operations;
}

function compare(before: Json, after: Json, path: string, out: PatchOperation[]): void {
  if (Array.isArray(before) && Array.isArray(after)) {
    const [was, is] = [before as readonly Json[], after as readonly Json[]];
    for (const [index, item] of is.entries()) {
      const old = was[index];
      if (old === undefined) out.push({ op: 'add', path: `${path}/-`, value: item });
      else compare(old, item, `${path}/${index}`, out);
    }
    for (let index = was.length - 1; index >= is.length; index--) out.push({ op: 'remove', path: `${path}/${index}` });
  } else if (isJsonObject(before) && isJsonObject(after)) {
    for (const [key, member] of Object.entries(before))
      if (member !== undefined && ownValue(after, key) === undefined)
        out.push({ op: 'remove', path: `${path}/${escapeSegment(key)}` });
    for (const [key, member] of Object.entries(after)) {
      if (member === undefined) continue;
      const old = ownValue(before, key);
      const place = `${path}/${escapeSegment(key)}`;
      if (old === undefined) out.push({ op: 'add', path: place, value: member });
      else compare(old, member, place, out);
    }
  } else if (!sameJson(before, after)) out.push({ op: 'replace', path, value: after });
}

function failed(sentence: string): Error {
  return objectsFault('PATCH-FAILED', sentence, {
    hint: 'Read the object again and make the patch from what it holds now.',
  });
}
