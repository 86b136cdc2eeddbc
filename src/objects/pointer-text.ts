import { objectsFault } from './codes.ts';
import { type Json, type JsonObject, ownValue } from './json.ts';

const INDEX = /^(?:0|[1-9]\d{0,9})$/;

/** One member name as it stands in a pointer: `a/b~c` -> `a~1b~0c`. */
export function escapeSegment(segment: string): string {
  if (!segment.includes('~') && !segment.includes('/')) return segment;
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The inverse; `pointer` is named when the segment holds a bad escape. */
export function unescapeSegment(segment: string, pointer: string): string {
  if (!segment.includes('~')) return segment;
  if (/~(?![01])/.test(segment)) throw malformed(pointer);
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** RFC 6901: `` is the whole value, `/a/0` the first item of `a`. `POINTER-MALFORMED` when the text is no pointer. */
export function parsePointer(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw malformed(pointer);
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => unescapeSegment(segment, pointer));
}

export function formatPointer(segments: readonly (string | number)[]): string {
  let text = '';
  for (const segment of segments) text += `/${typeof segment === 'number' ? segment : escapeSegment(segment)}`;
  return text;
}

/** The pointer of the holder and the last segment. Undefined for the whole value. */
export function splitPointer(pointer: string): { readonly parent: string; readonly last: string } | undefined {
  const last = parsePointer(pointer).at(-1);
  return last === undefined ? undefined : { parent: pointer.slice(0, pointer.lastIndexOf('/')), last };
}

/** The index that a segment names in a list of this length; undefined when it names no item. */
export function indexIn(segment: string, length: number): number | undefined {
  if (!INDEX.test(segment)) return undefined;
  const index = Number(segment);
  return index < length ? index : undefined;
}

/** The member that a segment names, or undefined. */
export function memberOf(value: unknown, segment: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return ownValue(value as JsonObject, segment);
  const index = indexIn(segment, value.length);
  return index === undefined ? undefined : (value[index] as Json);
}

export function malformed(pointer: string): Error {
  return objectsFault('POINTER-MALFORMED', `"${pointer.slice(0, 200)}" is no JSON pointer`, {
    hint: 'Begin it with a slash and write ~ as ~0 and / as ~1 inside a name.',
  });
}
