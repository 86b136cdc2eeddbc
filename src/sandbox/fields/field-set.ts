import type { JsonObject, MutableJsonObject } from '../../objects/json.ts';
import { compareText } from '../../objects/key.ts';

/**
 * A set of paths in an object, as a tree by the segments of FieldsV1 (`f:spec`, `k:{"name":"web"}`, `v:"x"`). `owned` says that
 * the path up to here is in the set. Trees are never changed once they were given away, so they may share branches.
 */
export interface FieldSet {
  owned: boolean;
  below: Map<string, FieldSet> | undefined;
}

export const emptySet = (): FieldSet => ({ owned: false, below: undefined });

/** Only for a set that is being built. */
export function addChild(set: FieldSet, segment: string, child: FieldSet): void {
  set.below ??= new Map();
  set.below.set(segment, child);
}

export function isEmptySet(set: FieldSet): boolean {
  if (set.owned) return false;
  if (set.below !== undefined) for (const child of set.below.values()) if (!isEmptySet(child)) return false;
  return true;
}

/** Keeps what `keep` wants of each pair of nodes; both trees are walked at once. */
function combine(
  a: FieldSet | undefined,
  b: FieldSet | undefined,
  owned: (a: boolean, b: boolean) => boolean,
  lone: { readonly a: boolean; readonly b: boolean },
): FieldSet | undefined {
  if (a === undefined) return lone.b ? b : undefined;
  if (b === undefined) return lone.a ? a : undefined;
  const out: FieldSet = { owned: owned(a.owned, b.owned), below: undefined };
  if (a.below !== undefined)
    for (const [key, child] of a.below) {
      const kept = combine(child, b.below?.get(key), owned, lone);
      if (kept !== undefined) addChild(out, key, kept);
    }
  if (lone.b && b.below !== undefined)
    for (const [key, child] of b.below) if (!a.below?.has(key)) addChild(out, key, child);
  return out.owned || out.below !== undefined ? out : undefined;
}

export const union = (a: FieldSet, b: FieldSet): FieldSet =>
  combine(a, b, (x, y) => x || y, { a: true, b: true }) ?? emptySet();
export const intersection = (a: FieldSet, b: FieldSet): FieldSet =>
  combine(a, b, (x, y) => x && y, { a: false, b: false }) ?? emptySet();
export const difference = (a: FieldSet, b: FieldSet): FieldSet =>
  combine(a, b, (x, y) => x && !y, { a: true, b: false }) ?? emptySet();

/** Without what `b` names and everything below it. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  const out: FieldSet = { owned: a.owned && !b.owned, below: undefined };
  if (a.below !== undefined)
    for (const [key, child] of a.below) {
      const other = b.below?.get(key);
      if (other?.owned) continue;
      const kept = other === undefined ? child : recursiveDifference(child, other);
      if (!isEmptySet(kept)) addChild(out, key, kept);
    }
  return out;
}

export function hasPath(set: FieldSet, path: readonly string[]): boolean {
  let here: FieldSet | undefined = set;
  for (const key of path) {
    here = here.below?.get(key);
    if (here === undefined) return false;
  }
  return here.owned;
}

export function setOfPaths(paths: readonly (readonly string[])[]): FieldSet {
  const root = emptySet();
  for (const path of paths) nodeAt(root, path).owned = true;
  return root;
}

/** The node at a path, made where it was missing. Only for a set that is being built. */
export function nodeAt(root: FieldSet, path: readonly string[]): FieldSet {
  let here = root;
  for (const key of path) {
    here.below ??= new Map();
    let next = here.below.get(key);
    if (next === undefined) {
      next = emptySet();
      here.below.set(key, next);
    }
    here = next;
  }
  return here;
}

/** `undefined` when this is no FieldsV1 set. Segments of unknown kinds are dropped. */
export function parseFieldSet(fields: JsonObject): FieldSet | undefined {
  const set = emptySet();
  for (const key of Object.keys(fields)) {
    if (key === '.') {
      set.owned = true;
      continue;
    }
    const value = fields[key];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const segment = canonicalSegment(key);
    if (segment === 'malformed') return undefined;
    if (segment === 'unknown') continue;
    const child = parseFieldSet(value as JsonObject);
    if (child === undefined) return undefined;
    if (child.below === undefined) child.owned = true;
    addChild(set, segment, child);
  }
  return set;
}

function canonicalSegment(key: string): string {
  if (key.length < 2 || key[1] !== ':') return 'malformed';
  const first = key[0];
  if (first === 'f' || first === 'i') return key;
  if (first !== 'k' && first !== 'v') return 'unknown';
  try {
    const value: unknown = JSON.parse(key.slice(2));
    if (first === 'v') return `v:${goJson(value)}`;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'malformed';
    return keySegmentOf(value as JsonObject);
  } catch {
    return 'malformed';
  }
}

/** `k:{"containerPort":80,"protocol":"TCP"}`, names sorted. */
export function keySegmentOf(keys: JsonObject): string {
  const names = Object.keys(keys);
  const [only] = names;
  if (names.length === 1 && only !== undefined) return `k:{${goJson(only)}:${goJson(keys[only])}}`;
  return `k:{${names
    .sort(compareText)
    .map((name) => `${goJson(name)}:${goJson(keys[name])}`)
    .join(',')}}`;
}

const UNSAFE = /[<>&\u2028\u2029]/g;
/** JSON as Go writes it inside of FieldsV1 keys: without spaces, with HTML characters escaped. */
export function goJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return UNSAFE.test(text)
    ? text.replace(UNSAFE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : text;
}

const RANK: Readonly<Record<string, number>> = { f: 0, k: 1, v: 2, i: 3 };
/** The order of segments in a written set: names, keys, values, indices. */
export function compareSegments(a: string, b: string): number {
  const kind = a[0] ?? '';
  if (kind !== b[0]) return (RANK[kind] ?? 4) - (RANK[b[0] ?? ''] ?? 4);
  if (kind === 'f') return compareText(a, b);
  if (kind === 'i') return Number(a.slice(2)) - Number(b.slice(2));
  const left: unknown = JSON.parse(a.slice(2));
  const right: unknown = JSON.parse(b.slice(2));
  if (kind === 'v') return compareValues(left, right);
  const lefts = Object.entries(left as JsonObject);
  const rights = Object.entries(right as JsonObject);
  for (let at = 0; at < lefts.length && at < rights.length; at += 1) {
    const [nameA, valueA] = lefts[at] ?? [''];
    const [nameB, valueB] = rights[at] ?? [''];
    const order = compareText(nameA, nameB) || compareValues(valueA, valueB);
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
}

function compareValues(a: unknown, b: unknown): number {
  const rank = (value: unknown): number => ['number', 'string', 'boolean'].indexOf(typeof value);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  return typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : Number(a) - Number(b);
}

export function sortedSegments(below: ReadonlyMap<string, FieldSet>): string[] {
  const keys = [...below.keys()];
  return keys.length < 2 ? keys : keys.sort(compareSegments);
}

/** The set as `fieldsV1`, in the server's order. */
export function formatFieldSet(set: FieldSet): JsonObject {
  const out: MutableJsonObject = {};
  if (set.below === undefined) return out as JsonObject;
  if (set.owned) out['.'] = {};
  for (const key of sortedSegments(set.below))
    out[key] = formatFieldSet(set.below.get(key) ?? emptySet()) as MutableJsonObject;
  return out as JsonObject;
}

/** Every path in the server's order: the members of a level before what is below them. */
export function* pathsOf(set: FieldSet, path: readonly string[] = []): Generator<readonly string[]> {
  if (set.below === undefined) return;
  const keys = sortedSegments(set.below);
  for (const key of keys) if (set.below.get(key)?.owned) yield [...path, key];
  for (const key of keys) {
    const child = set.below.get(key);
    if (child !== undefined) yield* pathsOf(child, [...path, key]);
  }
}

/** `.spec.containers[name="web"].image`: how messages show a path. */
export function pathText(path: readonly string[]): string {
  return path
    .map((segment) => {
      const rest = segment.slice(2);
      if (segment[0] === 'f') return `.${rest}`;
      if (segment[0] === 'i') return `[${rest}]`;
      const value: unknown = JSON.parse(rest);
      if (segment[0] === 'v') return `[=${JSON.stringify(value)}]`;
      return `[${Object.entries(value as JsonObject)
        .map(([name, key]) => `${name}=${JSON.stringify(key)}`)
        .join(',')}]`;
    })
    .join('');
}
