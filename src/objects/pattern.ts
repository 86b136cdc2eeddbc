import type { Json, JsonObject } from './json.ts';
import { escapeSegment, memberOf, parsePointer } from './pointer-text.ts';

/** Any one segment. */
const ONE = 0;
/** Any number of segments, none included. */
const MANY = 1;

/** A compiled pattern. `escaped` are its literal segments as they stand in a pointer, `raw` the member names. */
export interface Pattern {
  readonly text: string;
  readonly raw: readonly (string | typeof ONE | typeof MANY)[];
  readonly escaped: readonly (string | typeof ONE | typeof MANY)[];
  /** A pointer: it has no `*` and no `**`. */
  readonly literal: boolean;
  /** What every pointer that matches begins with. */
  readonly prefix: string;
  /** More than one `**`: a pointer can be reached in several ways. */
  readonly ambiguous: boolean;
}

const compiled = new Map<string, Pattern>();
const NOWHERE: readonly string[] = [];

/** A JSON pointer in which `*` stands for one segment and `**` for any number. Compiled once per text and kept. */
export function compilePattern(text: string): Pattern {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const raw = parsePointer(text).map((segment) => (segment === '*' ? ONE : segment === '**' ? MANY : segment));
  const escaped = raw.map((segment) => (typeof segment === 'string' ? escapeSegment(segment) : segment));
  const firstWild = escaped.findIndex((segment) => typeof segment !== 'string');
  const literals = firstWild < 0 ? escaped : escaped.slice(0, firstWild);
  const pattern: Pattern = {
    text,
    raw,
    escaped,
    literal: firstWild < 0,
    prefix: literals.map((segment) => `/${segment}`).join(''),
    ambiguous: raw.filter((segment) => segment === MANY).length > 1,
  };
  compiled.set(text, pattern);
  return pattern;
}

/** Whether the pattern speaks of this pointer. Splits nothing: it is asked millions of times in one plan. */
export function matchesPattern(pattern: string | Pattern, pointer: string): boolean {
  const { literal, text, prefix, escaped } = typeof pattern === 'string' ? compilePattern(pattern) : pattern;
  if (literal) return text === pointer;
  if (!pointer.startsWith(prefix)) return false;
  return matchesFrom(escaped, 0, pointer, 0);
}

/** `at` stands on the slash of the next segment, or at the end of the pointer. */
function matchesFrom(segments: Pattern['escaped'], from: number, pointer: string, start: number): boolean {
  let at = start;
  for (let index = from; index < segments.length; index++) {
    const segment = segments[index];
    if (segment === MANY) return matchesMany(segments, index, pointer, at);
    if (at >= pointer.length) return false;
    const slash = pointer.indexOf('/', at + 1);
    const end = slash < 0 ? pointer.length : slash;
    if (typeof segment === 'string' && (end - at - 1 !== segment.length || !pointer.startsWith(segment, at + 1)))
      return false;
    at = end;
  }
  return at >= pointer.length;
}

function matchesMany(segments: Pattern['escaped'], index: number, pointer: string, from: number): boolean {
  if (index === segments.length - 1) return true;
  for (let at = from; ; ) {
    if (matchesFrom(segments, index + 1, pointer, at)) return true;
    if (at >= pointer.length) return false;
    const slash = pointer.indexOf('/', at + 1);
    at = slash < 0 ? pointer.length : slash;
  }
}

/** The pointers of everything in the value that the pattern speaks of, each once, in the order in which they stand. */
export function expand(value: unknown, pattern: string | Pattern): readonly string[] {
  const wanted = typeof pattern === 'string' ? compilePattern(pattern) : pattern;
  let start = value as Json | undefined;
  let at = 0;
  // The literal beginning is walked without making any pointer: most objects have nothing there.
  for (let name = wanted.raw[at]; typeof name === 'string'; name = wanted.raw[++at]) start = memberOf(start, name);
  if (start === undefined) return NOWHERE;
  if (at === wanted.raw.length) return [wanted.text];
  const found: string[] = [];
  expandFrom(start, wanted, at, wanted.prefix, found);
  return wanted.ambiguous ? [...new Set(found)] : found;
}

function expandFrom(value: Json, pattern: Pattern, index: number, pointer: string, found: string[]): void {
  const segment = pattern.raw[index];
  if (segment === undefined) {
    found.push(pointer);
    return;
  }
  if (typeof segment === 'string') {
    const member = memberOf(value, segment);
    if (member !== undefined) expandFrom(member, pattern, index + 1, `${pointer}/${pattern.escaped[index]}`, found);
    return;
  }
  if (segment === MANY) expandFrom(value, pattern, index + 1, pointer, found);
  const next = segment === MANY ? index : index + 1;
  if (Array.isArray(value)) {
    for (const [position, item] of value.entries()) expandFrom(item, pattern, next, `${pointer}/${position}`, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value as JsonObject))
      if (member !== undefined) expandFrom(member, pattern, next, `${pointer}/${escapeSegment(name)}`, found);
  }
}
