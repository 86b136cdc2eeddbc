import type { Json } from '../../../objects/json.ts';

/** JSONSchemaProps of apiextensions.k8s.io/v1 as JSON; every member may be absent or, as users write, null. */
export interface SchemaJson {
  readonly id?: string;
  readonly $schema?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly title?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly default?: Json;
  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly multipleOf?: number;
  readonly enum?: readonly Json[];
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly items?: SchemaJson | readonly SchemaJson[];
  readonly allOf?: readonly SchemaJson[];
  readonly oneOf?: readonly SchemaJson[];
  readonly anyOf?: readonly SchemaJson[];
  readonly not?: SchemaJson;
  readonly properties?: Readonly<Record<string, SchemaJson>>;
  readonly additionalProperties?: SchemaJson | boolean;
  readonly patternProperties?: Readonly<Record<string, SchemaJson>>;
  readonly dependencies?: Readonly<Record<string, SchemaJson | readonly string[]>>;
  readonly additionalItems?: SchemaJson | boolean;
  readonly definitions?: Readonly<Record<string, SchemaJson>>;
  readonly externalDocs?: Json;
  readonly example?: Json;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly RuleJson[];
}

/** One entry of x-kubernetes-validations. */
export interface RuleJson {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** The schema of `items` when it is one schema, as structural schemas require. */
export function itemsOf(schema: SchemaJson): SchemaJson | undefined {
  const { items } = schema;
  return items === undefined || items === null || Array.isArray(items) ? undefined : (items as SchemaJson);
}

/** The schema of `additionalProperties`, or undefined when it is absent or a boolean. */
export function additionalOf(schema: SchemaJson): SchemaJson | undefined {
  const { additionalProperties } = schema;
  return typeof additionalProperties === 'object' && additionalProperties !== null ? additionalProperties : undefined;
}

/** Every schema inside and the one itself, depth first; stops and gives true as soon as `test` does. */
export function someSchema(schema: SchemaJson | undefined | null, test: (schema: SchemaJson) => boolean): boolean {
  if (schema === undefined || schema === null) return false;
  if (test(schema)) return true;
  const { items } = schema;
  const itemList: readonly SchemaJson[] = Array.isArray(items) ? items : items ? [items as SchemaJson] : [];
  for (const list of [itemList, schema.allOf, schema.anyOf, schema.oneOf])
    for (const inner of list ?? []) if (someSchema(inner, test)) return true;
  if (someSchema(schema.not, test)) return true;
  for (const map of [schema.properties, schema.patternProperties, schema.definitions])
    for (const inner of Object.values(map ?? {})) if (someSchema(inner, test)) return true;
  for (const inner of [schema.additionalProperties, schema.additionalItems])
    if (typeof inner === 'object' && someSchema(inner, test)) return true;
  for (const inner of Object.values(schema.dependencies ?? {}))
    if (!Array.isArray(inner) && someSchema(inner as SchemaJson, test)) return true;
  return false;
}
