import { isJsonObject, type Json } from '../../src/objects/json.ts';

const segments = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** What stands at a JSON pointer. */
export function at(value: Json | undefined, pointer: string): Json | undefined {
  let here = value;
  for (const segment of segments(pointer)) {
    if (Array.isArray(here)) here = here[Number(segment)] as Json | undefined;
    else if (here !== undefined && isJsonObject(here) && Object.hasOwn(here, segment)) here = here[segment];
    else return undefined;
  }
  return here;
}

/** The value without what stands at the pointers; `*` in a pointer means every member there. */
export function without(value: Json, pointers: readonly string[]): Json {
  return pointers.reduce((left, pointer) => drop(left, segments(pointer)), value);
}

function drop(value: Json, path: readonly string[]): Json {
  const [first, ...rest] = path;
  if (first === undefined) return null;
  const hit = (key: string): boolean => first === '*' || first === key;
  if (Array.isArray(value))
    return value.flatMap((item: Json, index) =>
      hit(String(index)) ? (rest.length === 0 ? [] : [drop(item, rest)]) : [item],
    );
  if (!isJsonObject(value)) return value;
  const kept: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    if (!hit(key)) kept.push([key, item]);
    else if (rest.length > 0) kept.push([key, drop(item, rest)]);
  }
  return Object.fromEntries(kept);
}
