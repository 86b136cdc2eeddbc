import type { Random } from '../worlds/random.ts';
import type { Place } from './honest.ts';

const ODD: readonly unknown[] = [null, 7, true, 'text', [], ['a'], {}, { a: 1 }];

/** Fields without whose type an answer cannot be used, by place; the last part is changed. */
const FIELDS: Readonly<Record<Exclude<Place, 'write' | 'other'>, readonly (readonly (string | number)[])[]>> = {
  version: [['gitVersion']],
  fingerprint: [['metadata'], ['metadata', 'uid']],
  discovery: [
    ['items'],
    ['kind'],
    ['items', 0, 'versions'],
    ['items', 0, 'versions', 0, 'version'],
    ['items', 0, 'versions', 0, 'resources', 0, 'resource'],
  ],
  namespaces: [
    ['items'],
    ['metadata'],
    ['items', 0],
    ['items', 0, 'metadata'],
    ['items', 0, 'metadata', 'name'],
    ['items', 0, 'metadata', 'uid'],
  ],
  configmaps: [
    ['items'],
    ['metadata'],
    ['items', 0],
    ['items', 0, 'metadata'],
    ['items', 0, 'metadata', 'name'],
    ['items', 0, 'metadata', 'uid'],
  ],
  access: [['status'], ['status', 'allowed']],
};

/** The honest answer with one such field of another type. */
export function wrongTypes(honest: object, place: Place, random: Random): unknown {
  const fields = place === 'write' || place === 'other' ? [] : FIELDS[place];
  const usable = fields.filter((path) => valueAt(honest, path) !== undefined);
  // Discovery of /apis is empty here: only its frame can be wrong.
  const path = usable.length === 0 ? ['kind'] : random.pick(usable);
  const was = typeOf(valueAt(honest, path));
  const changed = structuredClone(honest) as Record<string | number, unknown>;
  let at = changed;
  for (const part of path.slice(0, -1)) at = at[part] as Record<string | number, unknown>;
  // A Go server writes an empty list as null: no client may refuse that.
  const odd = ODD.filter((value) => typeOf(value) !== was && !(was === 'list' && value === null));
  at[path.at(-1) ?? ''] = random.pick(odd);
  return changed;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, part) => (at as Record<string | number, unknown> | undefined)?.[part], value);
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
}
