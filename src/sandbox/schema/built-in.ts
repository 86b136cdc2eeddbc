import type { Json, JsonObject } from '../../objects/json.ts';
import { recordedOpenApi } from '../recorded/recorded.ts';
import type { FieldType, Gvk, StrategicRule, TypeBook } from './field-type.ts';

/** As much of an OpenAPI v3 schema as types are made from. */
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly default?: Json;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly 'x-kubernetes-group-version-kind'?: readonly Gvk[];
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
}

const UNTYPED: FieldType = { kind: 'untyped' };
const ANY: FieldType = { kind: 'scalar', scalar: 'any' };
/** Types that are more, or less, than their schema tells. */
const KNOWN: Readonly<Record<string, FieldType>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { kind: 'scalar', scalar: 'quantity' },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { kind: 'scalar', scalar: 'int-or-string' },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': ANY,
};
/** Kinds of subresources stand in documents of other groups than their own. */
const ELSEWHERE = ['apis/apps/v1', 'api/v1'];

let book: TypeBook | undefined;

/** Types of everything that the pinned server serves by itself, from its own OpenAPI documents; made when asked for. */
export function builtInTypes(): TypeBook {
  if (book !== undefined) return book;
  const documents = new Map<string, DocumentTypes | undefined>();
  const documentOf = (path: string): DocumentTypes | undefined => {
    if (!documents.has(path)) {
      const schemas = (recordedOpenApi(path)?.components as JsonObject | undefined)?.schemas;
      documents.set(path, schemas === undefined ? undefined : new DocumentTypes(schemas as unknown as Schemas));
    }
    return documents.get(path);
  };
  const types = new Map<string, FieldType | undefined>();
  book = {
    typeOf(gvk) {
      const name = `${gvk.group}/${gvk.version}/${gvk.kind}`;
      if (types.has(name)) return types.get(name);
      const own = gvk.group === '' ? `api/${gvk.version}` : `apis/${gvk.group}/${gvk.version}`;
      let found: FieldType | undefined;
      for (const path of [own, ...ELSEWHERE]) found ??= documentOf(path)?.kindOf(gvk);
      types.set(name, found);
      return found;
    },
  };
  return book;
}

type Schemas = Readonly<Record<string, Schema>>;

/** The types of one document, by the names of its schemas. */
class DocumentTypes {
  readonly #schemas: Schemas;
  readonly #named = new Map<string, FieldType>();

  constructor(schemas: Schemas) {
    this.#schemas = schemas;
  }

  kindOf({ group, version, kind }: Gvk): FieldType | undefined {
    for (const [name, schema] of Object.entries(this.#schemas)) {
      const is = schema['x-kubernetes-group-version-kind']?.some(
        (gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind,
      );
      // DeleteOptions and WatchEvent are of every group; their own struct is nowhere else.
      if (is && name.endsWith(`.${kind}`)) return this.#ofName(name, undefined);
    }
    return undefined;
  }

  #ofName(name: string, mapType: 'atomic' | 'granular' | undefined): FieldType {
    const known = KNOWN[name];
    if (known !== undefined) return known;
    const key = mapType === undefined ? name : `${name} ${mapType}`;
    const made = this.#named.get(key);
    if (made !== undefined) return made;
    const schema = this.#schemas[name] ?? {};
    const type = this.#inline(mapType === undefined ? schema : { ...schema, 'x-kubernetes-map-type': mapType });
    this.#named.set(key, type);
    return type;
  }

  of(schema: Schema): FieldType {
    const only = schema.allOf?.length === 1 ? schema.allOf[0] : undefined;
    const ref = schema.$ref ?? only?.$ref;
    if (ref !== undefined) return this.#ofName(ref.slice(ref.lastIndexOf('/') + 1), schema['x-kubernetes-map-type']);
    return this.#inline(schema);
  }

  #inline(schema: Schema): FieldType {
    switch (schema.type) {
      case 'array':
        return this.#list(schema);
      case 'object':
        return this.#object(schema);
      case 'string':
      case 'boolean':
      case 'integer':
      case 'number':
        return { kind: 'scalar', scalar: schema.type };
      default:
        return schema.format === 'int-or-string' ? { kind: 'scalar', scalar: 'int-or-string' } : UNTYPED;
    }
  }

  #object(schema: Schema): FieldType {
    const atomic = schema['x-kubernetes-map-type'] === 'atomic';
    if (schema.properties !== undefined) return this.#struct(schema, schema.properties, atomic);
    const values = schema.additionalProperties;
    if (typeof values === 'object') return { kind: 'map', values: this.of(values), atomic };
    return { kind: 'map', values: UNTYPED, atomic };
  }

  #struct(schema: Schema, properties: Readonly<Record<string, Schema>>, atomic: boolean): FieldType {
    const fields = new Map<string, FieldType>();
    const patchStrategies = new Map<string, StrategicRule>();
    for (const [name, property] of Object.entries(properties)) {
      const strategy = property['x-kubernetes-patch-strategy'];
      const mergeKey = property['x-kubernetes-patch-merge-key'];
      if (strategy !== undefined)
        patchStrategies.set(name, {
          strategies: strategy.split(',') as StrategicRule['strategies'],
          ...(mergeKey === undefined ? {} : { mergeKey }),
        });
    }
    return {
      kind: 'struct',
      field: (name) => {
        const known = fields.get(name);
        if (known !== undefined) return known;
        if (!Object.hasOwn(properties, name)) return undefined;
        const type = this.of(properties[name] ?? {});
        fields.set(name, type);
        return type;
      },
      names: Object.keys(properties),
      atomic,
      preserve: false,
      ...(schema.default === undefined ? {} : { default: schema.default }),
      ...(patchStrategies.size === 0 ? {} : { patchStrategies }),
    };
  }

  #list(schema: Schema): FieldType {
    const { items = {} } = schema;
    const { listType, keys } = relationOf(schema);
    const keyDefaults: Record<string, Json> = {};
    for (const key of keys) {
      const value = this.#target(items).properties?.[key]?.default;
      if (value !== undefined) keyDefaults[key] = value;
    }
    const itemsType = (): FieldType => this.of(items);
    let known: FieldType | undefined;
    return {
      kind: 'list',
      get items() {
        known ??= itemsType();
        return known;
      },
      listType,
      keys,
      keyDefaults,
    };
  }

  #target(schema: Schema): Schema {
    const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
    return ref === undefined ? schema : (this.#schemas[ref.slice(ref.lastIndexOf('/') + 1)] ?? {});
  }
}

/** The list type, or what the patch strategy of older kinds stands for. */
function relationOf(schema: Schema): { readonly listType: 'atomic' | 'set' | 'map'; readonly keys: readonly string[] } {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== undefined)
    return { listType, keys: listType === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : [] };
  if (!schema['x-kubernetes-patch-strategy']?.startsWith('merge')) return { listType: 'atomic', keys: [] };
  const mergeKey = schema['x-kubernetes-patch-merge-key'];
  return mergeKey === undefined ? { listType: 'set', keys: [] } : { listType: 'map', keys: [mergeKey] };
}
