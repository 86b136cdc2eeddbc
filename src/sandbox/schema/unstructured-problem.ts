import { isJsonObject, type Json } from '../../objects/json.ts';
import type { Gvk } from './field-type.ts';
import { type Shape, shapeOf } from './go-shape.ts';
import { canonicalQuantity } from './quantity.ts';
import { canonicalMicroTime, canonicalTime } from './time-text.ts';

/**
 * What the result of a strategic merge patch has that its Go type cannot hold: the server goes from maps to the type without
 * text between, and words it otherwise than its JSON decoder. Undefined when everything fits.
 */
export function unstructuredProblem(object: Json, gvk: Gvk): string | undefined {
  const shape = shapeOf(gvk);
  return shape === undefined ? undefined : problem(object, shape);
}

function problem(value: Json | undefined, shape: Shape): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (shape.kind) {
    case 'pointer':
      return problem(value, shape.of);
    case 'struct': {
      if (!isJsonObject(value)) return `cannot restore struct from: ${goKind(value)}`;
      for (const field of shape.fields) {
        const found = problem(value[field.name], field.shape);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    case 'list':
      if (!Array.isArray(value)) return `cannot restore slice from ${goKind(value)}`;
      return first(value as readonly Json[], shape.of);
    case 'map':
      if (!isJsonObject(value)) return `cannot restore map from ${goKind(value)}`;
      return first(Object.values(value) as readonly Json[], shape.of);
    case 'bytes':
      return typeof value === 'string' ? undefined : `cannot restore slice from ${goKind(value)}`;
    case 'custom':
      return ofItsOwn(value, shape.name);
    default:
      return plain(value, shape);
  }
}

function first(values: readonly Json[], shape: Shape): string | undefined {
  for (const value of values) {
    const found = problem(value, shape);
    if (found !== undefined) return found;
  }
  return undefined;
}

function plain(value: Json, { kind, goType }: Extract<Shape, { goType: string }>): string | undefined {
  const own = goKind(value);
  const number = own === 'int64' || own === 'float64';
  if (own === kind) return undefined;
  if (number && (kind === 'int32' || kind === 'int64' || kind === 'float64'))
    return own === 'int64' || kind === 'float64' ? undefined : `cannot convert float64 to ${goType}`;
  return own === 'int64' && kind === 'string' ? `cannot convert int64 to ${goType}` : `unrecognized type: ${kind}`;
}

/** Types that decode themselves are given JSON and say what they always say. */
function ofItsOwn(value: Json, name: string): string | undefined {
  const said = (outcome: object): string | undefined => ('problem' in outcome ? String(outcome.problem) : undefined);
  switch (name) {
    case 'Quantity':
      return said(canonicalQuantity(typeof value === 'number' ? String(value) : (value as never)));
    case 'Time':
      return typeof value === 'string' ? said(canonicalTime(value)) : cannot(value, 'string');
    case 'MicroTime':
      return typeof value === 'string' ? said(canonicalMicroTime(value)) : cannot(value, 'string');
    case 'IntOrString':
      return typeof value === 'string' || Number.isInteger(value) ? undefined : cannot(value, 'int32');
    default:
      return undefined;
  }
}

function cannot(value: Json, type: string): string {
  const what = typeof value === 'number' ? `number${type === 'int32' ? ` ${value}` : ''}` : jsonKind(value);
  return `json: cannot unmarshal ${what} into Go value of type ${type}`;
}

const jsonKind = (value: Json): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

function goKind(value: Json): string {
  if (Array.isArray(value)) return 'slice';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'map';
}
