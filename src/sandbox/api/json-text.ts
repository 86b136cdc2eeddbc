import type { Json, MutableJson, MutableJsonObject } from '../../objects/json.ts';
import { putOwn } from '../../objects/json.ts';

/** A copy that may be changed in place. Members that are undefined are left out. */
export function copyJson(value: unknown): MutableJson {
  if (typeof value !== 'object' || value === null) return value as MutableJson;
  if (Array.isArray(value)) {
    const copy: MutableJson[] = new Array(value.length);
    for (let index = 0; index < value.length; index++) copy[index] = copyJson(value[index]);
    return copy;
  }
  const copy: MutableJsonObject = {};
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    if (key === '__proto__') putOwn(copy, key, copyJson(member));
    else copy[key] = copyJson(member);
  }
  return copy;
}

export const copyObject = (value: object): MutableJsonObject => copyJson(value) as MutableJsonObject;

/**
 * Fields that stand twice in one map of a JSON text, as paths in the server's words (`data.a`, `spec.ports[0].name`).
 * Costs one pass to count when there are none, which is the rule.
 */
export function duplicateFields(text: string, value: Json): readonly string[] {
  if (keysInText(text) === keysInValue(value)) return [];
  const found: string[] = [];
  new Scanner(text, found).value('');
  return found;
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
  readonly #text: string;
  readonly #found: string[];
  #at = 0;

  constructor(text: string, found: string[]) {
    this.#text = text;
    this.#found = found;
  }

  value(path: string): void {
    this.#space();
    const first = this.#text[this.#at];
    if (first === '{') this.#map(path);
    else if (first === '[') this.#list(path);
    else if (first === '"') this.#string();
    else while (this.#at < this.#text.length && !/[,\]}\s]/.test(this.#text[this.#at] as string)) this.#at++;
  }

  #map(path: string): void {
    const seen = new Set<string>();
    this.#at++;
    for (this.#space(); this.#text[this.#at] !== '}'; this.#space()) {
      if (this.#text[this.#at] === ',') {
        this.#at++;
        this.#space();
      }
      const key = this.#string();
      const place = path === '' ? key : `${path}.${key}`;
      if (seen.has(key)) this.#found.push(place);
      seen.add(key);
      this.#space();
      this.#at++;
      this.value(place);
    }
    this.#at++;
  }

  #list(path: string): void {
    this.#at++;
    let index = 0;
    for (this.#space(); this.#text[this.#at] !== ']'; this.#space()) {
      if (this.#text[this.#at] === ',') this.#at++;
      this.value(`${path}[${index++}]`);
    }
    this.#at++;
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
