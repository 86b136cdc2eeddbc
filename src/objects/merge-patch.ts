import {
  isJsonObject,
  type Json,
  type JsonObject,
  type MutableJson,
  type MutableJsonObject,
  ownValue,
  putOwn,
} from './json.ts';
import { sameJson } from './same-json.ts';

/** RFC 7386: a map is merged key by key, null takes a key away, everything else (lists too) replaces. No mutation. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const result = { ...(isJsonObject(target) ? target : {}) } as MutableJsonObject;
  for (const [key, member] of Object.entries(patch)) {
    if (member === undefined) continue;
    if (member === null) delete result[key];
    else putOwn(result, key, applyMergePatch(ownValue(result as JsonObject, key), member) as MutableJson);
  }
  return result as JsonObject;
}

/**
 * The merge patch that turns `before` into `after`; `{}` when they are equal. A map member that is null in `after` cannot
 * be said in this format: it comes out absent.
 */
export function makeMergePatch(before: Json | undefined, after: Json): Json {
  if (!isJsonObject(before) || !isJsonObject(after)) return after;
  const patch: MutableJsonObject = {};
  for (const [key, member] of Object.entries(before))
    if (member !== undefined && ownValue(after, key) === undefined) putOwn(patch, key, null);
  for (const [key, member] of Object.entries(after)) {
    if (member === undefined) continue;
    const was = ownValue(before, key);
    if (was === undefined || !sameJson(was, member)) putOwn(patch, key, makeMergePatch(was, member) as MutableJson);
  }
  return patch as JsonObject;
}
