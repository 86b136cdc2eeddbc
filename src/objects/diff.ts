import { isJsonObject, type Json, type JsonObject, ownValue } from './json.ts';
import { matchesPattern } from './pattern.ts';
import { escapeSegment } from './pointer-text.ts';
import { isQuantityPath, sameQuantity } from './quantity.ts';

/** One difference. The path of what was removed points into the value before, all others into the value after. */
export interface Difference {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: Json;
  readonly after?: Json;
}

export interface CompareOptions {
  /**
   * Default true: `{}`, `[]`, null and absent are equal, and so are two spellings of one quantity (`1000m`, `1`) where
   * quantities stand (requests, limits, capacity, hard, ...).
   */
  readonly normalise?: boolean;
  /** Pointers or patterns; what stands at or below one does not count. */
  readonly ignoring?: readonly string[];
}
export interface DiffOptions extends CompareOptions {
  /**
   * `index` (default): the first item against the first. `identity`: items that are all maps with a `uid`, `name`, `type` or
   * `key` unique in their list are matched by it; their order then does not count. Other lists go by index.
   */
  readonly lists?: 'index' | 'identity';
}
export interface CoverOptions extends CompareOptions {
  /** How many paths at most; default 5. */
  readonly limit?: number;
}

const IDENTITIES = ['uid', 'name', 'type', 'key'] as const;

/** What has to be done to `before` to get `after`, deepest places first named by the keys of `before`, then new ones. */
export function diff(before: Json | undefined, after: Json | undefined, options: DiffOptions = {}): Difference[] {
  const found: Difference[] = [];
  compare(before, after, '', options, found);
  return found;
}

function compare(
  a: Json | undefined,
  b: Json | undefined,
  path: string,
  options: DiffOptions,
  out: Difference[],
): void {
  if (isIgnored(path, options) || sameScalars(a, b, path, options)) return;
  if (isJsonObject(a) && isJsonObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      compare(ownValue(a, key), ownValue(b, key), `${path}/${escapeSegment(key)}`, options, out);
  } else if (Array.isArray(a) && Array.isArray(b)) compareLists(a, b, path, options, out);
  else if (a === undefined) out.push({ path, kind: 'added', after: b as Json });
  else if (b === undefined) out.push({ path, kind: 'removed', before: a });
  else out.push({ path, kind: 'changed', before: a, after: b });
}

function compareLists(
  a: readonly Json[],
  b: readonly Json[],
  path: string,
  options: DiffOptions,
  out: Difference[],
): void {
  const key =
    options.lists === 'identity' ? IDENTITIES.find((name) => identifies(a, name) && identifies(b, name)) : undefined;
  const partner = (item: Json, index: number, list: readonly Json[]): number =>
    key === undefined
      ? index
      : list.findIndex((other) => ownValue(other as JsonObject, key) === ownValue(item as JsonObject, key));
  for (const [index, item] of a.entries()) {
    const other = partner(item, index, b);
    const place = `${path}/${b[other] === undefined ? index : other}`;
    compare(item, b[other], place, options, out);
  }
  for (const [index, item] of b.entries())
    if (a[partner(item, index, a)] === undefined) compare(undefined, item, `${path}/${index}`, options, out);
}

function identifies(list: readonly Json[], key: string): boolean {
  const values = list.map((item) => (isJsonObject(item) ? ownValue(item, key) : undefined));
  return values.every((value) => typeof value === 'string') && new Set(values).size === values.length;
}

/**
 * Pointers at which `live` does not hold what `planned` asks for; an empty list when it holds all of it. Live maps may have
 * more keys; lists must have the same length and are covered item by item. An empty map asks for nothing; an empty list or
 * null is covered only by what is empty or absent.
 */
export function covers(planned: Json | undefined, live: Json | undefined, options: CoverOptions = {}): string[] {
  const found: string[] = [];
  cover(planned, live, '', options, options.limit ?? 5, found);
  return found;
}

function cover(
  planned: Json | undefined,
  live: Json | undefined,
  path: string,
  options: CoverOptions,
  limit: number,
  out: string[],
): void {
  if (planned === undefined || out.length >= limit || isIgnored(path, options)) return;
  if (sameScalars(planned, live, path, options)) return;
  const holder = live === undefined || live === null ? emptyLike(planned, options) : live;
  if (isJsonObject(planned) && isJsonObject(holder)) {
    for (const key of Object.keys(planned)) {
      const place = `${path}/${escapeSegment(key)}`;
      cover(ownValue(planned, key), ownValue(holder, key), place, options, limit, out);
    }
  } else if (Array.isArray(planned) && Array.isArray(holder) && planned.length === holder.length) {
    for (const [index, item] of planned.entries())
      cover(item as Json, holder[index] as Json, `${path}/${index}`, options, limit, out);
  } else out.push(path);
}

/** An absent map is as good as an empty one: its planned members may all be empty too. */
function emptyLike(planned: Json, options: CompareOptions): Json | undefined {
  return options.normalise !== false && isJsonObject(planned) ? {} : undefined;
}

function sameScalars(a: Json | undefined, b: Json | undefined, path: string, options: CompareOptions): boolean {
  if (a === b) return true;
  if (options.normalise === false) return false;
  return (isEmpty(a) && isEmpty(b)) || (isQuantityPath(path) && sameQuantity(a, b));
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  return (Array.isArray(value) ? value : Object.keys(value)).length === 0;
}

function isIgnored(path: string, options: CompareOptions): boolean {
  return options.ignoring?.some((pattern) => matchesPattern(pattern, path)) === true;
}
