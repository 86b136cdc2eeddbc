import { isJsonObject, type Json, type JsonObject, type MutableJsonObject } from '../../../objects/json.ts';
import { copyOf } from '../hands.ts';
import { putAt, valueAt } from './field-path.ts';

/** One composed resource as a Composition describes it. */
export interface Template {
  readonly name: string;
  readonly base: JsonObject;
  readonly patches: readonly TemplatePatch[];
  readonly connectionDetails: readonly ConnectionDetail[];
  readonly readinessChecks: readonly JsonObject[];
}
export interface TemplatePatch {
  readonly type: string;
  readonly fromFieldPath?: string;
  readonly toFieldPath?: string;
  readonly combine?: JsonObject;
  readonly transforms?: readonly JsonObject[];
  readonly patchSetName?: string;
  readonly policy?: { readonly fromFieldPath?: string };
}
export interface ConnectionDetail {
  readonly name: string;
  readonly type?: string;
  readonly fromConnectionSecretKey?: string;
  readonly fromFieldPath?: string;
  readonly value?: string;
}

const listOf = <T>(value: unknown): readonly T[] => (Array.isArray(value) ? (value as T[]) : []);

/**
 * The templates of a Composition or revision: its `resources` (mode Resources, up to 1.20), or those in the inputs of its
 * pipeline's steps that have the shape of function-patch-and-transform. Steps of another shape (auto-ready) add none.
 */
export function templatesOf(spec: JsonObject): readonly Template[] {
  if (spec.mode !== 'Pipeline') return templatesIn(spec);
  return listOf<JsonObject>(spec.pipeline).flatMap(({ input }) => (isJsonObject(input) ? templatesIn(input) : []));
}

function templatesIn(holder: JsonObject): Template[] {
  const sets = new Map(listOf<JsonObject>(holder.patchSets).map(({ name, patches }) => [name, patches]));
  return listOf<JsonObject>(holder.resources).map((one, index) => ({
    name: typeof one.name === 'string' ? one.name : `resource ${index + 1}`,
    base: isJsonObject(one.base) ? one.base : {},
    patches: listOf<TemplatePatch>(one.patches).flatMap((patch) =>
      patch.type === 'PatchSet' ? listOf<TemplatePatch>(sets.get(patch.patchSetName ?? '')) : [patch],
    ),
    connectionDetails: listOf<ConnectionDetail>(one.connectionDetails),
    readinessChecks: listOf<JsonObject>(one.readinessChecks),
  }));
}

/** Patches from the composite into what is rendered, in place. A field that is missing is skipped unless it is Required. */
export function patchFromComposite(
  into: MutableJsonObject,
  composite: unknown,
  patches: readonly TemplatePatch[],
): void {
  for (const patch of patches)
    if (patch.type === undefined || patch.type === 'FromCompositeFieldPath' || patch.type === 'CombineFromComposite')
      carry(patch, composite, into);
}

/** Patches from the composed resource into a copy of the composite's fields. */
export function patchToComposite(into: MutableJsonObject, composed: unknown, patches: readonly TemplatePatch[]): void {
  for (const patch of patches)
    if (patch.type === 'ToCompositeFieldPath' || patch.type === 'CombineToComposite') carry(patch, composed, into);
}

function carry(patch: TemplatePatch, from: unknown, into: MutableJsonObject): void {
  const found = patch.type.startsWith('Combine') ? combined(patch, from) : valueAt(from, patch.fromFieldPath ?? '');
  if (found === undefined) {
    if (patch.policy?.fromFieldPath === 'Required') throw new Error(`${patch.fromFieldPath}: no such field`);
    return;
  }
  let value = found;
  for (const transform of patch.transforms ?? []) value = transformed(value, transform);
  putAt(into, patch.toFieldPath ?? patch.fromFieldPath ?? '', copyOf(value));
}

function combined({ combine }: TemplatePatch, from: unknown): Json | undefined {
  const values = listOf<JsonObject>(combine?.variables).map(({ fromFieldPath }) =>
    valueAt(from, String(fromFieldPath)),
  );
  if (values.length === 0 || values.some((value) => value === undefined)) return undefined;
  const shape = isJsonObject(combine?.string) ? String(combine.string.fmt) : '';
  return formatted(shape, values as Json[]);
}

/** `%s`, `%v`, `%d` one after the other. */
function formatted(shape: string, values: readonly Json[]): string {
  let next = 0;
  return shape.replace(/%[svd%]/g, (verb) => (verb === '%%' ? '%' : String(values[next++] ?? '')));
}

function transformed(value: Json, transform: JsonObject): Json {
  switch (transform.type) {
    case 'string':
      return stringOf(value, isJsonObject(transform.string) ? transform.string : {});
    case 'map':
      return (isJsonObject(transform.map) ? transform.map[String(value)] : undefined) ?? value;
    case 'math':
      return mathOf(Number(value), isJsonObject(transform.math) ? transform.math : {});
    case 'convert':
      return converted(value, isJsonObject(transform.convert) ? String(transform.convert.toType) : 'string');
    default:
      throw new Error(`transform type ${String(transform.type)} is not supported`);
  }
}

function stringOf(value: Json, options: JsonObject): Json {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  switch (options.type ?? 'Format') {
    case 'Format':
      return formatted(String(options.fmt), [value]);
    case 'Convert':
      return options.convert === 'ToUpper' ? text.toUpperCase() : text.toLowerCase();
    case 'TrimPrefix':
      return text.startsWith(String(options.trim)) ? text.slice(String(options.trim).length) : text;
    case 'TrimSuffix':
      return text.endsWith(String(options.trim)) ? text.slice(0, -String(options.trim).length) : text;
    default:
      throw new Error(`string transform ${String(options.type)} is not supported`);
  }
}

function mathOf(value: number, options: JsonObject): number {
  if (typeof options.clampMin === 'number') return Math.max(value, options.clampMin);
  if (typeof options.clampMax === 'number') return Math.min(value, options.clampMax);
  return value * Number(options.multiply ?? 1);
}

function converted(value: Json, type: string): Json {
  if (type === 'string') return String(value);
  if (type === 'bool') return value === true || value === 'true' || value === 1;
  return Number(value);
}
