import type { MutableJson, MutableJsonObject } from '../../objects/json.ts';
import type { Gvk } from './field-type.ts';
import { type Shape, type StructShape, shapeOf, structNamed, zeroOf } from './go-shape.ts';
import { canonicalQuantity, inThousandths } from './quantity.ts';
import { canonicalMicroTime, canonicalTime } from './time-text.ts';

/** A value has a type that its field cannot hold; the message is Go's. */
export class WrongType extends Error {}

/**
 * Decodes a body of a built-in kind, in place, and gives what a strict decoder complains about, in the order of the body:
 * `unknown field "spec.foo"`. Afterwards it is as Go would encode it again: known fields only, in the server's order, empty
 * ones left out, those that are always there (`resources: {}`) there, quantities and times in their canonical form. Throws
 * `WrongType`. Does nothing for kinds that are not built in.
 */
export function decodeBuiltIn(body: MutableJsonObject, gvk: Gvk): readonly string[] {
  const shape = shapeOf(gvk);
  if (shape === undefined) return [];
  const decoder = new Decoder();
  const object = decoder.struct(body, shape, '');
  if (decoder.problem !== undefined) throw new WrongType(decoder.problem);
  for (const key of Object.keys(body)) if (object[key] === undefined) delete body[key];
  Object.assign(body, object);
  return decoder.unknown;
}

const MOST_PROBLEMS = 100;
/** Around a key of a map inside of a path: messages about types leave these and indices out. */
const KEY = '\u0001';
const KEY_END = '\u0002';
const PLACES = /\[\d+\]|\u0001[^\u0002]*\u0002/g;
const INT32: Shape = { kind: 'int32', goType: 'int32' };
const TEXT: Shape = { kind: 'string', goType: 'string' };

class Decoder {
  readonly unknown: string[] = [];
  /** The first value of a wrong type; decoding goes on, as Go does. */
  problem: string | undefined;

  struct(body: MutableJsonObject, shape: StructShape, path: string): MutableJsonObject {
    for (const key in body) {
      const field = shape.field(key);
      const place = path === '' ? key : `${path}.${key}`;
      const sent = body[key];
      if (field === undefined) this.#foundUnknown(place);
      else if (sent !== undefined && sent !== null) body[key] = this.#value(sent, field.shape, place, shape);
    }
    const out: MutableJsonObject = {};
    for (const { name, shape: of, shown } of shape.fields) {
      const value = body[name] ?? (shown ? zeroOf(of) : undefined);
      if (value === undefined) continue;
      // An empty list of managed fields asks for a fresh start: whoever records the write must see it.
      if (shown || name === 'managedFields' || !isEmpty(value, of)) out[name] = value;
    }
    return out;
  }

  #foundUnknown(path: string): void {
    if (this.unknown.length < MOST_PROBLEMS)
      this.unknown.push(`unknown field ${JSON.stringify(path.replaceAll(KEY, '.').replaceAll(KEY_END, ''))}`);
  }

  #value(sent: MutableJson, shape: Shape, path: string, parent: StructShape): MutableJson {
    switch (shape.kind) {
      case 'pointer':
        return sent === null ? null : this.#value(sent, shape.of, path, parent);
      case 'struct':
        if (isMap(sent)) return this.struct(sent, shape, path);
        break;
      case 'list':
        if (Array.isArray(sent)) {
          for (const [at, item] of sent.entries())
            sent[at] = item === null ? zeroOf(shape.of) : this.#value(item, shape.of, `${path}[${at}]`, parent);
          return sent;
        }
        break;
      case 'map':
        if (isMap(sent)) {
          const resources = shape.of.kind === 'custom' && shape.of.name === 'Quantity' && !FINE.has(parent.name);
          for (const key of Object.keys(sent)) {
            const item = sent[key];
            if (item === undefined) continue;
            const value =
              item === null ? zeroOf(shape.of) : this.#value(item, shape.of, `${path}${KEY}${key}${KEY_END}`, parent);
            sent[key] = resources && typeof value === 'string' ? inThousandths(value) : value;
          }
          return sent;
        }
        break;
      case 'string':
        if (typeof sent === 'string') return sent;
        break;
      case 'bool':
        if (typeof sent === 'boolean') return sent;
        break;
      case 'float64':
        if (typeof sent === 'number') return sent;
        break;
      case 'int32':
      case 'int64':
        if (typeof sent === 'number') {
          if (Number.isInteger(sent) && (shape.kind === 'int64' || Math.abs(sent) <= 0x7fffffff + (sent < 0 ? 1 : 0)))
            return sent;
          this.#say(`number ${sent}`, shape, parent, path);
          return 0;
        }
        break;
      case 'bytes':
        if (typeof sent === 'string') {
          const wrong = wrongBase64(sent);
          if (wrong !== undefined) this.problem ??= wrong;
          return sent;
        }
        break;
      case 'custom':
        return this.#custom(sent, shape.name, path, parent);
    }
    this.#say(jsonKind(sent), shape, parent, path);
    return zeroOf(shape);
  }

  #custom(sent: MutableJson, name: string, path: string, parent: StructShape): MutableJson {
    const inner = (value: MutableJson): MutableJson =>
      isMap(value) ? this.struct(value, structNamed(SCHEMA_PROPS), path) : value;
    const checked = (outcome: { readonly value: string } | { readonly problem: string }): MutableJson => {
      if ('value' in outcome) return outcome.value;
      this.problem ??= outcome.problem;
      return null;
    };
    switch (name) {
      case 'Quantity':
        return checked(canonicalQuantity(typeof sent === 'number' ? String(sent) : sent));
      case 'Time':
      case 'MicroTime':
        if (typeof sent === 'string') return checked(name === 'Time' ? canonicalTime(sent) : canonicalMicroTime(sent));
        this.#say(jsonKind(sent), TEXT, parent, path);
        return null;
      case 'IntOrString':
        if (typeof sent === 'string' || (typeof sent === 'number' && Number.isInteger(sent))) return sent;
        this.#say(typeof sent === 'number' ? `number ${sent}` : jsonKind(sent), INT32, parent, path);
        return 0;
      case 'JSONSchemaPropsOrBool':
        return inner(sent);
      case 'JSONSchemaPropsOrArray':
        return Array.isArray(sent) ? sent.map(inner) : inner(sent);
      case 'JSONSchemaPropsOrStringArray':
        return inner(sent);
      default:
        return sent;
    }
  }

  #say(what: string, shape: Shape, parent: StructShape, path: string): void {
    const dotted = path.replace(PLACES, '');
    this.problem ??= `json: cannot unmarshal ${what} into Go struct field ${parent.name}.${dotted} of type ${goTypeOf(shape)}`;
  }
}

/** Maps of quantities in these are no ResourceLists, which the server rounds up to thousandths as it fills in defaults. */
const FINE: ReadonlySet<string> = new Set(['CapacityRequirements', 'DeviceRequestAllocationResult']);
const SCHEMA_PROPS = 'k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaProps';

const isMap = (value: MutableJson | undefined): value is MutableJsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isEmpty(value: MutableJson, shape: Shape): boolean {
  switch (shape.kind) {
    case 'pointer':
      return value === null;
    case 'struct':
      return false;
    case 'custom':
      return value === null && (shape.name === 'Time' || shape.name === 'MicroTime' || shape.name === 'JSON');
    case 'list':
      return value === null || (value as readonly unknown[]).length === 0;
    case 'map': {
      for (const _ in value as MutableJsonObject) return false;
      return true;
    }
    default:
      return value === '' || value === 0 || value === false || value === null;
  }
}

function jsonKind(value: MutableJson): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}

function goTypeOf(shape: Shape): string {
  switch (shape.kind) {
    case 'pointer':
      return goTypeOf(shape.of);
    case 'list':
      return `[]${goTypeOf(shape.of)}`;
    case 'map':
      return `map[string]${goTypeOf(shape.of)}`;
    case 'bytes':
      return '[]uint8';
    case 'struct':
      return `v1.${shape.name}`;
    case 'custom':
      return shape.name;
    default:
      return shape.goType;
  }
}

/** The message of Go's decoder, which names the first byte that is wrong. */
function wrongBase64(text: string): string | undefined {
  const clean = text.replace(/[\r\n]/g, '');
  const bad = /[^A-Za-z0-9+/=]/.exec(clean)?.index;
  if (bad !== undefined) return `illegal base64 data at input byte ${bad}`;
  const padding = clean.indexOf('=');
  const body = padding < 0 ? clean : clean.slice(0, padding);
  const tail = clean.length - body.length;
  if (clean.length % 4 === 0 && tail <= 2) return undefined;
  if (padding < 0) return `illegal base64 data at input byte ${Math.floor(clean.length / 4) * 4}`;
  return `illegal base64 data at input byte ${padding}`;
}
