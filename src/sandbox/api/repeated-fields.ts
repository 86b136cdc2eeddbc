import { isJsonObject, type Json, type MutableJson, type MutableJsonObject, putOwn } from '../../objects/json.ts';

/** Fields that stand twice in one map of a text. */
export interface Repeats {
  /** What a strict reader says of them: `duplicate field "data.a"`, or the one complaint of the reader of YAML. */
  readonly strict: readonly string[];
  /** The same as warnings. */
  readonly warned: readonly string[];
  /** Where each path first stands in a JSON text, for complaints in its order; a second time under `=path`. */
  readonly places?: ReadonlyMap<string, number>;
}
export const NO_REPEATS: Repeats = { strict: [], warned: [] };

/** What a JSON text holds, where Go reads it into a struct: a map that stands twice is the sum of both. */
export interface ReadTwice {
  /** Paths in the server's words (`spec.ports[0].name`), each once. */
  readonly repeated: readonly string[];
  readonly places: ReadonlyMap<string, number>;
  readonly value: MutableJson;
}

/** Undefined when no field stands twice, which is the rule and costs one pass to find out. */
export function repeatsIn(text: string, value: Json): ReadTwice | undefined {
  if (keysInText(text) === keysInValue(value)) return undefined;
  const scanner = new Scanner(text);
  const merged = scanner.value('', undefined);
  return { repeated: [...scanner.repeated], places: scanner.places, value: merged };
}

/** Complaints about a JSON text in the order of the text; none about what lies in a field that is unknown anyway. */
export function inTextOrder({ strict, places }: Repeats, unknown: readonly string[]): readonly string[] {
  if (places === undefined || strict.length === 0) return [...strict, ...unknown];
  const pathOf = (complaint: string): string => JSON.parse(complaint.slice(complaint.indexOf('"'))) as string;
  const lost = unknown.map(pathOf);
  const inside = (path: string): boolean =>
    lost.some((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`));
  const told = [
    ...strict.filter((one) => !inside(pathOf(one))).map((one) => ({ one, at: places.get(`=${pathOf(one)}`) ?? 0 })),
    ...unknown.map((one) => ({ one, at: places.get(pathOf(one)) ?? 0 })),
  ];
  return told.sort((a, b) => a.at - b.at).map(({ one }) => one);
}

function keysInText(text: string): number {
  let keys = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    else if (code === COLON) keys++;
  }
  return keys;
}

function keysInValue(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) for (const item of value as readonly Json[]) keys += keysInValue(item);
  else for (const key of Object.keys(value)) keys += 1 + keysInValue((value as Record<string, Json>)[key] as Json);
  return keys;
}

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

/** Where the string that begins at `at` ends. */
function stringEnd(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === QUOTE) return end;
    end += code === BACKSLASH ? 2 : 1;
  }
  return end;
}

/** Walks a text that JSON.parse has accepted. */
class Scanner {
  readonly repeated = new Set<string>();
  readonly places = new Map<string, number>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(path: string, before: MutableJson | undefined): MutableJson {
    this.#space();
    const first = this.#text[this.#at];
    if (first === '{') return this.#map(path, before);
    if (first === '[') return this.#list(path);
    if (first === '"') return this.#string();
    const start = this.#at;
    while (this.#at < this.#text.length && !/[,\]}\s]/.test(this.#text[this.#at] as string)) this.#at++;
    return JSON.parse(this.#text.slice(start, this.#at)) as MutableJson;
  }

  #map(path: string, before: MutableJson | undefined): MutableJson {
    const seen = new Set<string>();
    const map = (isJsonObject(before ?? null) ? before : {}) as MutableJsonObject;
    this.#at++;
    for (this.#space(); this.#text[this.#at] !== '}'; this.#space()) {
      if (this.#text[this.#at] === ',') {
        this.#at++;
        this.#space();
      }
      const key = this.#string();
      const place = path === '' ? key : `${path}.${key}`;
      const again = seen.has(key);
      if (again) this.repeated.add(place);
      const mark = again ? `=${place}` : place;
      if (!this.places.has(mark)) this.places.set(mark, this.places.size);
      seen.add(key);
      this.#space();
      this.#at++;
      putOwn(map, key, this.value(place, Object.hasOwn(map, key) ? map[key] : undefined));
    }
    this.#at++;
    return map;
  }

  #list(path: string): MutableJson {
    const items: MutableJson[] = [];
    this.#at++;
    for (this.#space(); this.#text[this.#at] !== ']'; this.#space()) {
      if (this.#text[this.#at] === ',') this.#at++;
      items.push(this.value(`${path}[${items.length}]`, undefined));
    }
    this.#at++;
    return items;
  }

  #string(): string {
    const end = stringEnd(this.#text, this.#at);
    const text = JSON.parse(this.#text.slice(this.#at, end + 1)) as string;
    this.#at = end + 1;
    return text;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }
}
