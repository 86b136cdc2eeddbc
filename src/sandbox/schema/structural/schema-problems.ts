import type { Problem } from '../../status/problem.ts';
import { expressionProblems, ruleShapeProblems } from './rule-problems.ts';
import { additionalOf, itemsOf, type SchemaJson } from './schema-json.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** What the walk knows of the places above. */
interface Above {
  readonly noDefaults: string | undefined;
  readonly insideMeta: boolean;
  /** The first place above whose old values cannot be found again. */
  readonly uncorrelated: string | undefined;
  readonly root: boolean;
  readonly rulesChecked: boolean;
}

interface Findings {
  readonly schema: Problem[];
  readonly rules: Problem[];
}

/** The rules that every OpenAPI schema of a definition must keep, expressions of its validations included. */
export function openApiProblems(schema: SchemaJson, path: string, checkRules: boolean): Problem[] {
  const findings = walk(schema, path, {
    noDefaults: undefined,
    insideMeta: false,
    uncorrelated: undefined,
    root: true,
    rulesChecked: checkRules,
  });
  return [...findings.schema, ...findings.rules];
}

function walk(schema: SchemaJson, path: string, above: Above): Findings {
  const found: Findings = { schema: standardProblems(schema, path, above), rules: [] };
  const below = (inner: SchemaJson | undefined | null, at: string, changes: Partial<Above>): void => {
    if (inner === undefined || inner === null) return;
    const { schema: schemas, rules } = walk(inner, at, { ...above, root: false, ...changes });
    found.schema.push(...schemas);
    found.rules.push(...rules);
  };
  const forbid = (name: string, detail: string): void => {
    found.schema.push({ kind: 'forbidden', field: `${path}.${name}`, detail });
  };
  if (schema.uniqueItems === true)
    forbid('uniqueItems', 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
  const properties = schema.properties ?? {};
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== null) {
    if (Object.keys(properties).length > 0 && schema.additionalProperties !== true)
      forbid('additionalProperties', 'additionalProperties and properties are mutual exclusive');
    const noDefaults = above.insideMeta ? 'inside additionalProperties applying to object metadata' : above.noDefaults;
    below(additionalOf(schema), `${path}.additionalProperties`, { noDefaults });
  }
  const mapType = schema['x-kubernetes-map-type'];
  for (const name of Object.keys(properties).sort()) {
    const uncorrelatable = mapType !== undefined && mapType !== 'granular' && mapType !== 'atomic';
    const meta = name === 'metadata' || name === 'kind' || name === 'apiVersion';
    const insideMeta = meta && (above.root || schema['x-kubernetes-embedded-resource'] === true);
    below(properties[name], `${path}.properties[${name}]`, {
      uncorrelated: above.uncorrelated ?? (uncorrelatable ? path : undefined),
      insideMeta: above.insideMeta || insideMeta,
      noDefaults: insideMeta && above.root ? `in top-level ${name}` : above.noDefaults,
    });
  }
  below(schema.not, `${path}.not`, { rulesChecked: false });
  for (const junctor of ['allOf', 'oneOf', 'anyOf'] as const)
    schema[junctor]?.forEach((each, index) => {
      below(each, `${path}.${junctor}[${index}]`, { rulesChecked: false });
    });
  below(itemsOf(schema), `${path}.items`, {
    uncorrelated: above.uncorrelated ?? (schema['x-kubernetes-list-type'] === 'map' ? undefined : path),
  });
  found.schema.push(...extensionProblems(schema, path), ...mapListProblems(schema, path));
  for (const [index, rule] of (schema['x-kubernetes-validations'] ?? []).entries())
    found.schema.push(...ruleShapeProblems(rule, schema, `${path}.x-kubernetes-validations[${index}]`));
  if (found.schema.length === 0 && above.rulesChecked && (schema['x-kubernetes-validations']?.length ?? 0) > 0)
    found.rules.push(...expressionProblems(schema, path, above));
  return found;
}

function standardProblems(schema: SchemaJson, path: string, above: Above): Problem[] {
  const found: Problem[] = [];
  const forbid = (name: string, detail: string): void => {
    found.push({ kind: 'forbidden', field: `${path}.${name}`, detail });
  };
  const many = (value: object | undefined): boolean => Object.keys(value ?? {}).length > 0;
  if (schema.type && !TYPES.includes(schema.type))
    found.push({ kind: 'not-supported', field: `${path}.type`, value: schema.type, supported: TYPES });
  if (schema.default !== undefined && schema.default !== null && above.noDefaults !== undefined)
    forbid('default', `must not be set ${above.noDefaults}`);
  if (schema.id) forbid('id', 'id is not supported');
  if (schema.additionalItems !== undefined) forbid('additionalItems', 'additionalItems is not supported');
  if (many(schema.patternProperties)) forbid('patternProperties', 'patternProperties is not supported');
  if (many(schema.definitions)) forbid('definitions', 'definitions is not supported');
  if (schema.dependencies !== undefined) forbid('dependencies', 'dependencies is not supported');
  if (schema.$ref !== undefined) forbid('$ref', '$ref is not supported');
  if (schema.type === 'null') forbid('type', 'type cannot be set to null, use nullable as an alternative');
  if (Array.isArray(schema.items) && schema.items.length > 0)
    forbid('items', 'items must be a schema object and not an array');
  if (above.insideMeta && schema['x-kubernetes-embedded-resource'] === true)
    forbid('x-kubernetes-embedded-resource', 'must not be used inside of resource meta');
  return found;
}

function extensionProblems(schema: SchemaJson, path: string): Problem[] {
  const found: Problem[] = [];
  const wrong = (name: string, value: unknown, detail: string): void => {
    found.push({ kind: 'invalid', field: `${path}.${name}`, value, detail });
  };
  const want = (name: string, detail: string): void => {
    found.push({ kind: 'required', field: `${path}.${name}`, detail });
  };
  const typed = (type: string, detail: string): void => {
    if (schema.type === type) return;
    if (!schema.type) want('type', detail);
    else wrong('type', schema.type, detail);
  };
  const mapType = schema['x-kubernetes-map-type'];
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const items = itemsOf(schema);
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    wrong('x-kubernetes-preserve-unknown-fields', false, 'must be true or undefined');
  if (mapType !== undefined) {
    typed('object', 'must be object if x-kubernetes-map-type is specified');
    if (!['atomic', 'granular'].includes(mapType))
      found.push({
        kind: 'not-supported',
        field: `${path}.x-kubernetes-map-type`,
        value: mapType,
        supported: ['atomic', 'granular'],
      });
  }
  if (listType !== undefined && schema.type !== 'array')
    typed('array', 'must be array if x-kubernetes-list-type is specified');
  else if (listType === 'set' && items !== undefined) {
    const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    const inner = items['x-kubernetes-list-type'];
    if (items.type === 'array' && inner !== undefined && inner !== 'atomic')
      wrong('items.x-kubernetes-list-type', inner, detail);
    if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic')
      wrong('items.x-kubernetes-map-type', inner ?? null, detail);
  }
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType))
    found.push({
      kind: 'not-supported',
      field: `${path}.x-kubernetes-list-type`,
      value: listType,
      supported: ['atomic', 'set', 'map'],
    });
  if (keys.length > 0) {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
    if (listType === undefined) want('x-kubernetes-list-type', detail);
    else if (listType !== 'map') wrong('x-kubernetes-list-type', listType, detail);
  }
  if (listType !== 'map') return found;
  if (keys.length === 0) want('x-kubernetes-list-map-keys', 'must not be empty if x-kubernetes-list-type is map');
  if (schema.items === undefined) want('items', 'must have a schema if x-kubernetes-list-type is map');
  if (items === undefined) return found;
  if (items.type !== 'object') {
    wrong('items.type', items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map");
    return found;
  }
  const seen = new Set<string>();
  for (const key of keys) {
    const property = items.properties?.[key];
    if (property === undefined)
      wrong('x-kubernetes-list-map-keys', keys, 'entries must all be names of item properties');
    else if (property.type === 'array' || property.type === 'object')
      wrong(
        `items.properties[${key}].type`,
        items.type,
        "must be a scalar type if parent array's x-kubernetes-list-type is map",
      );
    if (seen.has(key)) wrong('x-kubernetes-list-map-keys', keys, 'must not contain duplicate entries');
    seen.add(key);
  }
  return found;
}

function mapListProblems(schema: SchemaJson, path: string): Problem[] {
  const items = itemsOf(schema);
  const listType = schema['x-kubernetes-list-type'];
  if (items === undefined || (listType !== 'set' && listType !== 'map')) return [];
  const found: Problem[] = [];
  if (items.nullable === true)
    found.push({
      kind: 'forbidden',
      field: `${path}.items.nullable`,
      detail: `cannot be nullable when x-kubernetes-list-type is ${listType}`,
    });
  if (listType !== 'map') return found;
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const property = items.properties?.[key];
    if (property === undefined) continue;
    const at = `${path}.items.properties[${key}]`;
    if (!items.required?.includes(key) && (property.default === undefined || property.default === null))
      found.push({
        kind: 'required',
        field: `${at}.default`,
        detail: 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      });
    if (property.nullable === true)
      found.push({
        kind: 'forbidden',
        field: `${at}.nullable`,
        detail: 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable',
      });
  }
  return found;
}
