import type { MutableJson, MutableJsonObject } from '../../objects/json.ts';
import type { Gvk } from './field-type.ts';
import { type Shape, type StructShape, shapeOf } from './go-shape.ts';

/** These the server stores as JSON, which forgets nothing. */
const STORED_AS_JSON = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);
const forgetful = new Map<StructShape, boolean>();

/**
 * What an object of a built-in kind is after it was stored, in place: protobuf does not know an empty list or map from none,
 * so that `rules: []` comes back as `rules: null`. To be done just before a write is kept, after fields were recorded.
 */
export function asStored(object: MutableJsonObject, gvk: Gvk): void {
  if (STORED_AS_JSON.has(gvk.group)) return;
  const shape = shapeOf(gvk);
  if (shape !== undefined) forget(object, shape);
}

function forget(object: MutableJsonObject, shape: StructShape): void {
  if (!forgets(shape)) return;
  for (const { name, shape: of, omit } of shape.fields) {
    const value = object[name];
    if (value === undefined || value === null) continue;
    const kind = of.kind === 'pointer' ? of.of.kind : of.kind;
    if (omit === 'never' && (kind === 'list' || kind === 'map') && isBare(value)) object[name] = null;
    else below(value, of);
  }
}

function below(value: MutableJson, shape: Shape): void {
  if (typeof value !== 'object' || value === null) return;
  if (shape.kind === 'pointer') below(value, shape.of);
  else if (shape.kind === 'struct') {
    if (!Array.isArray(value)) forget(value, shape);
  } else if (shape.kind === 'list' || shape.kind === 'map') {
    if (shape.of.kind !== 'struct' && shape.of.kind !== 'pointer') return;
    for (const item of Object.values(value)) if (item !== undefined) below(item, shape.of);
  }
}

function isBare(value: MutableJson): boolean {
  for (const _ in value as object) return false;
  return true;
}

/** Whether anything in a struct can be forgotten. */
function forgets(shape: StructShape): boolean {
  const known = forgetful.get(shape);
  if (known !== undefined) return known;
  // Structs that hold themselves: what is being asked right now does not count.
  forgetful.set(shape, false);
  const found = shape.fields.some(({ shape: of, omit }) => {
    const here = of.kind === 'pointer' ? of.of : of;
    if (omit === 'never' && (here.kind === 'list' || here.kind === 'map')) return true;
    let inner: Shape = here;
    while (inner.kind === 'list' || inner.kind === 'map' || inner.kind === 'pointer') inner = inner.of;
    return inner.kind === 'struct' && forgets(inner);
  });
  forgetful.set(shape, found);
  return found;
}
