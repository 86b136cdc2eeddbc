import type { KubeObject } from './json.ts';

const MARK = '"fieldsV1":{';
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

/**
 * Parses the JSON of one object without the sets of its managed fields, which are a quarter of the text and half of the time:
 * `fieldsV1` is absent from every entry, the rest of the entries is there. Whole where the text holds such a set elsewhere
 * too (a manifest inside a manifest), so no other place ever loses anything. Throws as JSON.parse does.
 */
export function parseLean(text: string): KubeObject {
  let cut = text.indexOf(MARK);
  if (cut === -1) return JSON.parse(text) as KubeObject;
  let lean = '';
  let from = 0;
  let cuts = 0;
  for (; cut !== -1; cut = text.indexOf(MARK, from)) {
    // 0 stands where a set stood: no server writes a number there, so it tells where the cuts were made.
    lean += `${text.slice(from, cut)}"fieldsV1":0`;
    from = endOfObject(text, cut + MARK.length - 1);
    cuts++;
  }
  const body = JSON.parse(lean + text.slice(from)) as KubeObject;
  const entries: unknown = body?.metadata?.managedFields;
  let found = 0;
  if (Array.isArray(entries))
    for (const entry of entries as { fieldsV1?: unknown }[]) {
      if (entry?.fieldsV1 !== 0) continue;
      entry.fieldsV1 = undefined;
      found++;
    }
  return found === cuts ? body : (JSON.parse(text) as KubeObject);
}

/** How often, up to `most`, the key of an owner reference with this UID stands in the managed fields of the raw JSON of an object. */
export function timesManaged(text: string, uid: string, most = Number.POSITIVE_INFINITY): number {
  const key = `"k:{\\"uid\\":\\"${uid}\\"}"`;
  let times = 0;
  for (let at = -1; times < most; times++) {
    at = text.indexOf(key, at + 1);
    if (at === -1) break;
  }
  return times;
}

/** Where the JSON object that begins at `start` ends. Of text that is cut off: its end. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN) depth++;
    else if (code === CLOSE) {
      depth--;
      if (depth === 0) return at + 1;
    } else if (code === QUOTE) at = endOfString(text, at);
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, quote: number): boolean {
  let before = quote - 1;
  while (text.charCodeAt(before) === BACKSLASH) before--;
  return (quote - before) % 2 === 0;
}
