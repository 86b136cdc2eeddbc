import { isJsonObject } from '../../../objects/json.ts';

type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'deep' }
  | {
      readonly kind: 'slice';
      readonly from: number | undefined;
      readonly to: number | undefined;
      readonly one: boolean;
    }
  | { readonly kind: 'filter'; readonly left: string; readonly operator: string; readonly right: string };

/** A JSONPath as kubectl and printer columns use it: `.status.conditions[?(@.type=="Ready")].status`. */
export interface JsonPath {
  /** What it finds, in order; nothing when a field is missing. */
  find(value: unknown): readonly unknown[];
}

/** Undefined when the text is no path. */
export function jsonPath(text: string): JsonPath | undefined {
  const steps = parse(text);
  return steps === undefined ? undefined : { find: (value) => walk(value, steps) };
}

function parse(text: string): Step[] | undefined {
  const steps: Step[] = [];
  let at = 0;
  if (text[0] === '$') at = 1;
  while (at < text.length) {
    const letter = text[at];
    if (letter === '.') {
      if (text[at + 1] === '.') {
        steps.push({ kind: 'deep' });
        at += 1;
      }
      at += 1;
      let name = '';
      while (at < text.length && text[at] !== '.' && text[at] !== '[') {
        if (text[at] === '\\') at += 1;
        name += text[at] ?? '';
        at += 1;
      }
      if (name === '*') steps.push({ kind: 'all' });
      else if (name !== '') steps.push({ kind: 'field', name });
    } else if (letter === '[') {
      const end = closing(text, at);
      if (end < 0) return undefined;
      const step = bracket(text.slice(at + 1, end).trim());
      if (step === undefined) return undefined;
      steps.push(step);
      at = end + 1;
    } else return undefined;
  }
  return steps;
}

/** The bracket that closes the one at `from`, quotes aside. */
function closing(text: string, from: number): number {
  let quote = '';
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (quote !== '') {
      if (letter === '\\') at += 1;
      else if (letter === quote) quote = '';
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '[') depth += 1;
    else if (letter === ']') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

function bracket(inner: string): Step | undefined {
  if (inner === '*') return { kind: 'all' };
  const quoted = /^'((?:[^'\\]|\\.)*)'$|^"((?:[^"\\]|\\.)*)"$/.exec(inner);
  if (quoted !== null) return { kind: 'field', name: (quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/g, '$1') };
  const filter = /^\?\(\s*(@[^=!<>]*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?))?\s*\)$/s.exec(inner);
  if (filter !== null) {
    const [, left = '', operator = 'exists', right = ''] = filter;
    return { kind: 'filter', left: left.slice(1), operator, right };
  }
  const one = /^-?\d+$/.exec(inner);
  if (one !== null) return { kind: 'slice', from: Number(inner), to: undefined, one: true };
  const slice = /^(-?\d*):(-?\d*)$/.exec(inner);
  if (slice === null) return undefined;
  const number = (text: string | undefined): number | undefined =>
    text === undefined || text === '' ? undefined : Number(text);
  return { kind: 'slice', from: number(slice[1]), to: number(slice[2]), one: false };
}

function walk(value: unknown, steps: readonly Step[]): unknown[] {
  let found: unknown[] = [value];
  for (const step of steps) found = found.flatMap((item) => take(item, step));
  return found;
}

function take(value: unknown, step: Step): unknown[] {
  switch (step.kind) {
    case 'field':
      return isJsonObject(value) && Object.hasOwn(value, step.name) && value[step.name] !== undefined
        ? [value[step.name]]
        : [];
    case 'all':
      return children(value);
    case 'deep':
      return deep(value);
    case 'slice': {
      if (!Array.isArray(value)) return [];
      if (!step.one) return value.slice(step.from ?? 0, step.to);
      const index = (step.from ?? 0) < 0 ? value.length + (step.from ?? 0) : (step.from ?? 0);
      return index < 0 || index >= value.length ? [] : [value[index]];
    }
    case 'filter':
      return children(value).filter((item) => matches(item, step));
  }
}

const children = (value: unknown): unknown[] =>
  Array.isArray(value) ? [...value] : isJsonObject(value) ? Object.values(value) : [];
const deep = (value: unknown): unknown[] => [value, ...children(value).flatMap(deep)];

function matches(item: unknown, step: Extract<Step, { kind: 'filter' }>): boolean {
  const left = walk(item, parse(step.left) ?? [])[0];
  if (step.operator === 'exists') return left !== undefined;
  if (left === undefined) return false;
  const right = literal(step.right, item);
  switch (step.operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return (left as number) < (right as number);
    case '<=':
      return (left as number) <= (right as number);
    case '>':
      return (left as number) > (right as number);
    default:
      return (left as number) >= (right as number);
  }
}

function literal(text: string, item: unknown): unknown {
  if (text.startsWith('@')) return walk(item, parse(text.slice(1)) ?? [])[0];
  const quoted = /^(['"])(.*)\1$/s.exec(text);
  if (quoted !== null) return quoted[2];
  if (text === 'true' || text === 'false') return text === 'true';
  return Number(text);
}
