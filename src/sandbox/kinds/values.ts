import { isJsonObject, type MutableJson, type MutableJsonObject } from '../../objects/json.ts';

/** Reading a body whose shape is already right (see decoding/): a missing member is what Go's zero value is. */
export type Body = MutableJsonObject;

/** The object at a key, or undefined. Reads of stored objects use it too: callers that only read do not change it. */
export function child(holder: unknown, key: string): Body | undefined {
  if (!isJsonObject(holder)) return undefined;
  const value = holder[key];
  return isJsonObject(value) ? (value as Body) : undefined;
}
/** Down several objects. */
export const deep = (holder: unknown, ...keys: readonly string[]): Body | undefined => {
  let at: unknown = holder;
  for (const key of keys) at = child(at, key);
  return isJsonObject(at) ? (at as Body) : undefined;
};
/** The object at a key, made when it is not there. */
export function made(holder: Body, key: string): Body {
  const found = child(holder, key);
  if (found !== undefined) return found;
  const value: Body = {};
  holder[key] = value;
  return value;
}
/** The objects of a list, or none. */
export function items(holder: unknown, key: string): readonly Body[] {
  const value = isJsonObject(holder) ? holder[key] : undefined;
  return Array.isArray(value) ? (value as readonly Body[]) : [];
}
export function texts(holder: unknown, key: string): readonly string[] {
  const value = isJsonObject(holder) ? holder[key] : undefined;
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
export function text(holder: unknown, key: string): string {
  const value = isJsonObject(holder) ? holder[key] : undefined;
  return typeof value === 'string' ? value : '';
}
export function count(holder: unknown, key: string): number {
  const value = isJsonObject(holder) ? holder[key] : undefined;
  return typeof value === 'number' ? value : 0;
}
export function flag(holder: unknown, key: string): boolean {
  return isJsonObject(holder) && holder[key] === true;
}
export function has(holder: unknown, key: string): boolean {
  return isJsonObject(holder) && holder[key] !== undefined && holder[key] !== null;
}
export function entries(holder: unknown, key: string): readonly [string, MutableJson][] {
  const value = child(holder, key);
  return value === undefined ? [] : (Object.entries(value) as [string, MutableJson][]);
}
/** Sets what is absent (a nil pointer). */
export function fill(holder: Body, key: string, value: MutableJson): void {
  if (holder[key] === undefined || holder[key] === null) holder[key] = value;
}
/** Sets what is absent or a zero value. */
export function fillEmpty(holder: Body, key: string, value: MutableJson): void {
  const now = holder[key];
  if (now === undefined || now === null || now === '' || now === 0) holder[key] = value;
}
