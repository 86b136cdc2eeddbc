import type { Json } from '../../../objects/json.ts';
import { formatCheck } from './formats.ts';
import { goPattern } from './patterns.ts';
import { additionalOf, itemsOf, type RuleJson, type SchemaJson } from './schema-json.ts';

/**
 * One place of a schema, compiled: what pruning, defaulting and validation ask of it again and again. Schemas under
 * allOf, anyOf, oneOf and not are nodes too. `undefined` members are constraints that the schema does not make.
 */
export interface SchemaNode {
  readonly schema: SchemaJson;
  /** As messages name it: `string`, or `integer,string` for int-or-string. '' when there is none. */
  readonly typeText: string;
  readonly types: readonly string[];
  readonly nullable: boolean;
  readonly format: string;
  readonly formatCheck: ((text: string) => boolean) | undefined;
  readonly pattern: RegExp | undefined;
  readonly properties: ReadonlyMap<string, SchemaNode>;
  /** Of `additionalProperties`: a node, true (anything), false (nothing), undefined (not given). */
  readonly additional: SchemaNode | boolean | undefined;
  readonly items: SchemaNode | undefined;
  readonly required: readonly string[];
  readonly allOf: readonly SchemaNode[];
  readonly anyOf: readonly SchemaNode[];
  readonly oneOf: readonly SchemaNode[];
  readonly not: SchemaNode | undefined;
  readonly preserve: boolean;
  readonly embedded: boolean;
  readonly listType: string | undefined;
  readonly listKeys: readonly string[];
  readonly mapType: string | undefined;
  readonly rules: readonly RuleJson[];
  /** Cleared of unknown fields; never changed, copy before use. */
  default: Json | undefined;
  /** Whether anything below (or here) has a default, rules, embedded resources, or lists of type set or map. */
  readonly hasDefaults: boolean;
  readonly hasRules: boolean;
  readonly hasEmbedded: boolean;
  readonly hasListTypes: boolean;
}

const NO_NODES: readonly SchemaNode[] = [];

export function compileNode(schema: SchemaJson): SchemaNode {
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  const types = intOrString ? ['integer', 'string'] : schema.type ? [schema.type] : [];
  const properties = new Map<string, SchemaNode>();
  for (const name of Object.keys(schema.properties ?? {}).sort()) {
    const property = schema.properties?.[name];
    if (property !== undefined) properties.set(name, compileNode(property));
  }
  const itemSchema = itemsOf(schema);
  const items = itemSchema === undefined ? undefined : compileNode(itemSchema);
  const additionalSchema = additionalOf(schema);
  const additional =
    additionalSchema === undefined
      ? (schema.additionalProperties as boolean | undefined)
      : compileNode(additionalSchema);
  const below = [
    ...properties.values(),
    ...(items ? [items] : []),
    ...(typeof additional === 'object' ? [additional] : []),
  ];
  const check = formatCheck(schema.format ?? '');
  const listType = schema['x-kubernetes-list-type'];
  return {
    schema,
    types,
    typeText: types.join(','),
    nullable: schema.nullable === true,
    format: check === undefined ? '' : (schema.format ?? ''),
    formatCheck: check,
    pattern: schema.pattern ? goPattern(schema.pattern) : undefined,
    properties,
    additional,
    items,
    required: schema.required ?? [],
    allOf: schema.allOf?.map(compileNode) ?? NO_NODES,
    anyOf: schema.anyOf?.map(compileNode) ?? NO_NODES,
    oneOf: schema.oneOf?.map(compileNode) ?? NO_NODES,
    not: schema.not ? compileNode(schema.not) : undefined,
    preserve: schema['x-kubernetes-preserve-unknown-fields'] === true,
    embedded: schema['x-kubernetes-embedded-resource'] === true,
    listType,
    listKeys: schema['x-kubernetes-list-map-keys'] ?? [],
    mapType: schema['x-kubernetes-map-type'],
    rules: schema['x-kubernetes-validations'] ?? [],
    default: schema.default === null ? undefined : schema.default,
    hasDefaults: (schema.default !== undefined && schema.default !== null) || below.some((node) => node.hasDefaults),
    hasRules: (schema['x-kubernetes-validations']?.length ?? 0) > 0 || below.some((node) => node.hasRules),
    hasEmbedded: schema['x-kubernetes-embedded-resource'] === true || below.some((node) => node.hasEmbedded),
    hasListTypes: listType === 'set' || listType === 'map' || below.some((node) => node.hasListTypes),
  };
}
