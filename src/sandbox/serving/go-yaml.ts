import { load, YAMLException } from 'js-yaml';
import type { Json } from '../../objects/json.ts';

/** What is wrong with a text that is no YAML, in the words of the server's parser as far as they can be told. */
export class NoYaml extends Error {}

/** Reads YAML; of keys that stand twice the last one counts. */
export function parseYaml(text: string): Json {
  try {
    return (load(text, { json: true }) ?? null) as Json;
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

/** The keys that stand twice, as one complaint of the strict parser. */
export function repeatedKeys(text: string): string[] {
  try {
    load(text);
    return [];
  } catch (error) {
    if (!(error instanceof YAMLException) || error.reason !== 'duplicated mapping key') return [];
    const { line = 0, position = 0 } = error.mark ?? {};
    const key = /^\s*["']?([^"':\s]+)/.exec(text.slice(position))?.[1] ?? '';
    return [
      `error converting YAML to JSON: yaml: unmarshal errors:\n  line ${line + 1}: key ${JSON.stringify(key)} already set in map`,
    ];
  }
}
