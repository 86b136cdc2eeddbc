import { type Json, type JsonObject, ownValue } from './json.ts';

/** Whether two JSON values are equal: maps without regard to order, undefined members as absent ones. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item: Json, index) => sameJson(item, b[index] as Json));
  }
  const [left, right] = [a as JsonObject, b as JsonObject];
  const members = Object.keys(left).filter((key) => left[key] !== undefined);
  const others = Object.keys(right).filter((key) => right[key] !== undefined);
  return members.length === others.length && members.every((key) => sameJson(left[key], ownValue(right, key)));
}
