import {
  boolYaml11Tag,
  CORE_SCHEMA,
  defineScalarTag,
  EVENT_ID,
  type Event,
  getScalarValue,
  intCoreTag,
  load,
  mergeTag,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
} from 'js-yaml';
import type { Json } from '../../objects/json.ts';

/** What is wrong with a text that is no YAML, in the words of the server's parser as far as they can be told. */
export class NoYaml extends Error {}

/** The server's reader knows the older YAML: `yes` is true, `0644` is octal, `<<` merges. */
const GO_INTEGER = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...'0123456789'],
  resolve(source, explicit, tag) {
    const plain = source.replaceAll('_', '');
    return /^[-+]?0[0-7]+$/.test(plain) ? Number.parseInt(plain, 8) : intCoreTag.resolve(plain, explicit, tag);
  },
  identify: () => false,
});
const SCHEMA = CORE_SCHEMA.withTags(boolYaml11Tag, GO_INTEGER, mergeTag);

/** Reads YAML; of keys that stand twice the last one counts. */
export function parseYaml(text: string): Json {
  try {
    return (load(text, { json: true, schema: SCHEMA }) ?? null) as Json;
  } catch (error) {
    throw new NoYaml(`yaml: ${error instanceof YAMLException ? inGo(error, text) : String(error)}`);
  }
}

function inGo({ reason, mark }: YAMLException, text: string): string {
  const line = Math.min((mark?.line ?? 0) + 1, text.trimEnd().split('\n').length);
  const flow = openBracket(text.slice(0, mark?.position ?? text.length));
  if (flow !== undefined) return `line ${line}: did not find expected ',' or '${flow}'`;
  if (/tab characters/.test(reason)) return `line ${line}: found character that cannot start any token`;
  if (/bad indentation of a mapping entry|implicit mapping pair/.test(reason))
    return `line ${line}: mapping values are not allowed in this context`;
  if (/quoted scalar/.test(reason)) return `line ${line}: found unexpected end of stream`;
  if (/unidentified alias/.test(reason)) return `unknown anchor '${/"(.*)"/.exec(reason)?.[1] ?? ''}' referenced`;
  return `line ${line}: could not find expected ':'`;
}

/** The bracket that is still to come at the end of a text. */
function openBracket(text: string): string | undefined {
  const open: string[] = [];
  let quote: string | undefined;
  for (const letter of text) {
    if (quote !== undefined) quote = letter === quote ? undefined : quote;
    else if (letter === '"' || (letter === "'" && open.length > 0)) quote = letter;
    else if (letter === '{') open.push('}');
    else if (letter === '[') open.push(']');
    else if (letter === open.at(-1)) open.pop();
  }
  return open.at(-1);
}

/** Lines about keys that stand twice as one complaint. */
export const unmarshalErrors = (lines: readonly string[]): string =>
  `yaml: unmarshal errors:\n${lines.map((line) => `  ${line}`).join('\n')}`;

/** `line 5: key "name" already set in map`, for every key that stands in its map already. */
export function repeatedKeys(text: string): string[] {
  let events: Event[];
  try {
    events = parseEvents(text, {});
  } catch {
    return [];
  }
  const found: string[] = [];
  /** Maps that are open, innermost last; a list or a document has no keys. */
  const open: { readonly keys: Set<string> | undefined; key: string | undefined }[] = [];
  const lineAt = (at: number): number => text.slice(0, at).split('\n').length;
  /** What a node is to the map that it stands in: a key, or the value of one. */
  const met = (at: number, word: string | undefined): void => {
    const map = open.at(-1);
    if (map?.keys === undefined) return;
    if (map.key === undefined) map.key = word ?? '';
    else {
      if (map.keys.has(map.key)) found.push(`line ${lineAt(at)}: key ${map.key} already set in map`);
      map.keys.add(map.key);
      map.key = undefined;
    }
  };
  for (const event of events) {
    if (event.type === EVENT_ID.POP) open.pop();
    else if (event.type === EVENT_ID.SCALAR) {
      const value = getScalarValue(text, event);
      const plain = event.style === SCALAR_STYLE.PLAIN ? (load(value, { schema: SCHEMA }) ?? value) : value;
      met(event.valueStart, typeof plain === 'string' ? JSON.stringify(plain) : String(plain));
    } else if (event.type === EVENT_ID.ALIAS) met(event.anchorStart, text.slice(event.anchorStart, event.anchorEnd));
    else {
      if (event.type !== EVENT_ID.DOCUMENT) met(event.start, undefined);
      open.push({ keys: event.type === EVENT_ID.MAPPING ? new Set() : undefined, key: undefined });
    }
  }
  return found;
}
