import { isJsonObject } from '../../../objects/json.ts';
import { INNER_TYPES } from './inner-types-data.ts';

/** Fields of an inner type in order: Go's name, the name in bodies (lower case, to compare), the shape. */
interface InnerField {
  readonly name: string;
  readonly lower: string;
  readonly shape: string;
}
/** Fields that bodies name otherwise. */
const BODY_NAMES: Readonly<Record<string, string>> = {
  'RBDVolumeSource.CephMonitors': 'monitors',
  'RBDVolumeSource.RBDImage': 'image',
  'RBDVolumeSource.RBDPool': 'pool',
  'RBDVolumeSource.RadosUser': 'user',
  'AzureDiskVolumeSource.DataDiskURI': 'diskuri',
};
const types = new Map(
  INNER_TYPES.trim()
    .split('\n')
    .map((line): [string, readonly InnerField[]] => {
      const [name = '', ...fields] = line.split(' ');
      return [
        name,
        fields
          .filter((field) => field !== '')
          .map((field) => {
            const colon = field.indexOf(':');
            const own = field.slice(0, colon);
            return {
              name: own,
              lower: BODY_NAMES[`${name}.${own}`] ?? own.toLowerCase(),
              shape: field.slice(colon + 1),
            };
          }),
      ];
    }),
);

/**
 * A part of a body as the server prints its inner value of it: every field, in the order of the type, nil as null, one
 * space a level. `type`: `PodSpec`, `PersistentVolumeClaimSpec`, `PersistentVolumeSource`.
 */
export function innerLines(value: unknown, type: string): readonly string[] {
  return JSON.stringify(inner(value, type), undefined, 1)
    .replaceAll(/[<>&]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)
    .split('\n');
}

/** A pod template as the server prints its inner value in one line: its metadata as in bodies, its spec as `innerLines`. */
export function innerTemplate(template: unknown): Record<string, unknown> {
  const { metadata, spec } = asObject(template) as { readonly metadata?: object; readonly spec?: unknown };
  return { ...metadata, Spec: inner(spec, 'PodSpec') };
}

function inner(value: unknown, shape: string): unknown {
  if (shape.startsWith('*')) return value === undefined || value === null ? null : inner(value, shape.slice(1));
  if (shape.startsWith('[]')) return Array.isArray(value) ? value.map((item) => inner(item, shape.slice(2))) : null;
  if (shape.startsWith('{}')) {
    if (!isJsonObject(value)) return null;
    const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([key, item]) => [key, inner(item, shape.slice(2))]));
  }
  switch (shape) {
    case 's':
      return value ?? '';
    case 'b':
      return value === true;
    case 'n':
    case 'i':
      return value ?? 0;
    case 'q':
      return value ?? '0';
    case 'v':
      return value ?? {};
    case 'meta':
      return undefined;
    default:
      return struct(value, shape);
  }
}

function struct(value: unknown, type: string): Record<string, unknown> {
  const body = new Map(
    isJsonObject(value) ? Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]) : [],
  );
  const made: Record<string, unknown> = {};
  for (const { name, lower, shape } of types.get(type) ?? []) {
    // What bodies have beside the security context, the server keeps inside of it.
    const holder =
      type === 'PodSpec' && name === 'SecurityContext'
        ? { ...podFlags(body), ...asObject(body.get(lower)) }
        : body.get(lower);
    made[name] = inner(holder, shape);
  }
  return made;
}
const asObject = (value: unknown): object => (isJsonObject(value) ? value : {});
const podFlags = (body: ReadonlyMap<string, unknown>): object =>
  Object.fromEntries(
    ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'].map((key) => [
      key,
      body.get(key.toLowerCase()),
    ]),
  );
