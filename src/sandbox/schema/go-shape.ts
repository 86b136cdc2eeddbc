import type { Json, JsonObject, MutableJson, MutableJsonObject } from '../../objects/json.ts';
import { recordedShapes } from '../recorded/recorded.ts';
import type { Gvk } from './field-type.ts';

/** How the pinned server holds a value in memory, which decides what it accepts, leaves out and answers. */
export type Shape =
  | { readonly kind: 'string' | 'bool' | 'int32' | 'int64' | 'float64'; readonly goType: string }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'pointer' | 'list' | 'map'; readonly of: Shape }
  | { readonly kind: 'custom'; readonly name: string }
  | StructShape;
export interface StructShape {
  readonly kind: 'struct';
  /** Without package: `DeploymentSpec`. */
  readonly name: string;
  /** In the order in which answers have them. */
  readonly fields: readonly ShapeField[];
  field(name: string): ShapeField | undefined;
}
export interface ShapeField {
  readonly name: string;
  readonly shape: Shape;
  /** Left out of answers when empty (or, for `zero`, when it is the zero value). */
  readonly omit: 'never' | 'empty' | 'zero';
  /** Answers show it although it was never set: `lastTransitionTime: null`, `resources: {}`. */
  readonly shown: boolean;
}

const structs = new Map<string, StructShape>();

function structShape(name: string): StructShape {
  const known = structs.get(name);
  if (known !== undefined) return known;
  let fields: readonly ShapeField[] | undefined;
  let byName: ReadonlyMap<string, ShapeField> | undefined;
  const all = (): readonly ShapeField[] => {
    fields ??= (recordedShapes().structs[name] ?? []).map(([field, flags, text]) => {
      const shape = parseShape(text);
      const omit = flags.includes('z') ? 'zero' : flags.includes('e') ? 'empty' : 'never';
      return { name: field, shape, omit, shown: omit === 'never' || isShown(shape, omit) };
    });
    return fields;
  };
  const made: StructShape = {
    kind: 'struct',
    name: name.slice(name.lastIndexOf('.') + 1),
    get fields() {
      return all();
    },
    field(wanted) {
      byName ??= new Map(all().map((field) => [field.name, field]));
      return byName.get(wanted);
    },
  };
  structs.set(name, made);
  return made;
}

function parseShape(text: string): Shape {
  if (text.startsWith('*')) return { kind: 'pointer', of: parseShape(text.slice(1)) };
  if (text.startsWith('[]')) return { kind: 'list', of: parseShape(text.slice(2)) };
  if (text.startsWith('map[')) return { kind: 'map', of: parseShape(text.slice(text.indexOf(']') + 1)) };
  if (text === 'bytes') return { kind: 'bytes' };
  const [kind = '', name = ''] = text.split(' ');
  if (kind === 'struct') return structShape(name);
  if (kind === 'custom') return { kind: 'custom', name: name.slice(name.lastIndexOf('.') + 1) };
  return { kind: kind as 'string', goType: name };
}

/** The shape of a built-in kind; undefined for custom ones. */
export function shapeOf({ group, version, kind }: Gvk): StructShape | undefined {
  const name = recordedShapes().kinds[`${group === '' ? '' : `${group}/`}${version}/${kind}`];
  return name === undefined ? undefined : structShape(name);
}
export const structNamed = structShape;

/** What an answer shows of a value that was never set. */
export function zeroOf(shape: Shape): MutableJson {
  switch (shape.kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'float64':
      return 0;
    case 'struct': {
      const out: MutableJsonObject = {};
      for (const { name, shape: of, shown } of shape.fields) if (shown) out[name] = zeroOf(of);
      return out;
    }
    case 'custom':
      return shape.name === 'Quantity' ? '0' : shape.name === 'IntOrString' ? 0 : null;
    default:
      return null;
  }
}
/** Types with an encoding of their own that are structs in Go. */
const STRUCTS_OF_THEIR_OWN: ReadonlySet<string> = new Set(['Time', 'MicroTime', 'Duration', 'Quantity', 'IntOrString']);

/** Structs are never empty to Go's encoder, so that `omitempty` does nothing for them. */
const isShown = (shape: Shape, omit: 'empty' | 'zero'): boolean =>
  shape.kind === 'struct' || (omit === 'empty' && shape.kind === 'custom' && STRUCTS_OF_THEIR_OWN.has(shape.name));

const empties = new Map<string, JsonObject>();

/**
 * What an object of a built-in kind is before anything is set, as the server compares a new one with it: parts that are
 * always there (`metadata`, `spec`, `strategy`) are not owned for being there. Custom kinds: `{ apiVersion, kind }`.
 */
export function emptyObject(gvk: Gvk): JsonObject {
  const apiVersion = gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
  const key = `${apiVersion}/${gvk.kind}`;
  let empty = empties.get(key);
  if (empty === undefined) {
    const shape = shapeOf(gvk);
    const zero = shape === undefined ? {} : (zeroOf(shape) as Record<string, Json>);
    empty = { ...zero, apiVersion, kind: gvk.kind };
    empties.set(key, empty);
  }
  return empty;
}
