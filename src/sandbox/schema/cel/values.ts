import { Duration } from '@marcbachmann/cel-js/evaluator';
import { goDuration } from '../structural/formats.ts';
import type { SchemaNode } from '../structural/node.ts';

const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** A field's name as rules write it (`__namespace__`, `my__dash__field`), or undefined when they cannot. */
export function escapedName(name: string): string | undefined {
  if (name === '' || /^[0-9]/.test(name)) return undefined;
  if (RESERVED.has(name)) return `__${name}__`;
  if (/[^a-zA-Z0-9\-./_]/.test(name)) return undefined;
  return name.replace(/__|[-./]/g, (part) =>
    part === '__' ? '__underscores__' : part === '.' ? '__dot__' : part === '-' ? '__dash__' : '__slash__',
  );
}

/** JSON without a schema as an expression sees it: whole numbers are ints. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plainValue);
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) out[name] = plainValue(member);
  }
  return out;
}

const META = { name: 'string', generateName: 'string' } as const;

/** JSON as the schema types it: ints, doubles, timestamps, durations, bytes. Fields the schema does not name are hidden. */
export function schemaValue(value: unknown, node: SchemaNode, root = node.embedded): unknown {
  if (value === null || value === undefined) return null;
  if (node.schema['x-kubernetes-int-or-string'] === true) return plainValue(value);
  switch (node.schema.type) {
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
    case 'string':
      return typeof value === 'string' ? textValue(value, node.schema.format) : value;
    case 'array': {
      const { items } = node;
      return Array.isArray(value) && items !== undefined ? value.map((item) => schemaValue(item, items)) : value;
    }
    case 'object':
      return typeof value === 'object' && !Array.isArray(value)
        ? objectValue(value as Record<string, unknown>, node, root)
        : value;
    default:
      return value;
  }
}

function objectValue(map: Record<string, unknown>, node: SchemaNode, root: boolean): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (typeof node.additional === 'object') {
    for (const name of Object.keys(map)) out[name] = schemaValue(map[name], node.additional);
    return out;
  }
  for (const [name, property] of node.properties) {
    const escaped = Object.hasOwn(map, name) ? escapedName(name) : undefined;
    if (escaped !== undefined) out[escaped] = schemaValue(map[name], property);
  }
  if (!root) return out;
  for (const name of ['apiVersion', 'kind'] as const) if (map[name] !== undefined) out[name] = map[name];
  const metadata = map.metadata as Record<string, unknown> | undefined;
  if (metadata !== undefined) {
    const seen: Record<string, unknown> = {};
    for (const name of Object.keys(META)) if (metadata[name] !== undefined) seen[name] = metadata[name];
    out.metadata = seen;
  }
  return out;
}

function textValue(text: string, format: string | undefined): unknown {
  switch (format) {
    case 'byte':
      return new Uint8Array(Buffer.from(text, 'base64'));
    case 'duration': {
      const nanos = goDuration(text);
      return nanos === undefined ? text : new Duration(nanos / 1_000_000_000n, Number(nanos % 1_000_000_000n));
    }
    case 'date':
    case 'date-time': {
      const time = new Date(text);
      return Number.isNaN(time.getTime()) ? text : time;
    }
    default:
      return text;
  }
}
