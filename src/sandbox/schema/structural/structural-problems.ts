import type { Problem } from '../../status/problem.ts';
import { patternError } from './patterns.ts';
import { additionalOf, itemsOf, type SchemaJson } from './schema-json.ts';
import { aggregate } from './sentence.ts';

type Level = 'root' | 'item' | 'field';

/** Why a schema cannot even be looked at as a structural one, or undefined. */
export function unsupportedField(schema: SchemaJson): string | undefined {
  const has = (value: unknown): boolean => value !== undefined && value !== null;
  const many = (value: object | undefined): boolean => has(value) && Object.keys(value ?? {}).length > 0;
  if (schema.id) return "OpenAPIV3Schema 'id' is not supported";
  if (schema.$schema) return "OpenAPIV3Schema 'schema' is not supported";
  if (schema.$ref) return "OpenAPIV3Schema '$ref' is not supported";
  if (many(schema.patternProperties)) return "OpenAPIV3Schema 'patternProperties' is not supported";
  if (many(schema.dependencies)) return "OpenAPIV3Schema 'dependencies' is not supported";
  if (has(schema.additionalItems)) return "OpenAPIV3Schema 'additionalItems' is not supported";
  if (many(schema.definitions)) return "OpenAPIV3Schema 'definitions' is not supported";
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  const inner = [itemsOf(schema), additionalOf(schema), schema.not];
  for (const list of [schema.allOf, schema.anyOf, schema.oneOf]) inner.push(...(list ?? []));
  inner.push(...Object.values(schema.properties ?? {}));
  for (const each of inner) {
    const found = each === undefined || each === null ? undefined : unsupportedField(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What keeps a schema from being structural, sorted by its text. */
export function structuralProblems(schema: SchemaJson, path: string): Problem[] {
  const found: Problem[] = [];
  invariants(schema, 'root', path, found);
  completeness(schema, schema, path, path, found);
  return found
    .map((problem) => ({ problem, text: aggregate([problem]) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ problem }) => problem);
}

const forbid = (found: Problem[], field: string, detail: string): void => {
  found.push({ kind: 'forbidden', field, detail });
};
const want = (found: Problem[], field: string, detail: string): void => {
  found.push({ kind: 'required', field, detail });
};
const wrong = (found: Problem[], field: string, value: unknown, detail: string): void => {
  found.push({ kind: 'invalid', field, value, detail });
};

function invariants(schema: SchemaJson, level: Level, path: string, found: Problem[]): void {
  const items = itemsOf(schema);
  const additional = additionalOf(schema);
  if (schema.type === 'array' && items === undefined) want(found, `${path}.items`, 'must be specified');
  if (items !== undefined) invariants(items, 'item', `${path}.items`, found);
  const properties = schema.properties ?? {};
  for (const name of Object.keys(properties).sort())
    invariants(properties[name] as SchemaJson, 'field', `${path}.properties[${name}]`, found);
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== null) {
    if (level === 'root') forbid(found, `${path}.additionalProperties`, 'must not be used at the root');
    if (additional !== undefined) invariants(additional, 'field', `${path}.additionalProperties`, found);
  }
  const preserve = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  if (intOrString && preserve)
    wrong(
      found,
      `${path}.x-kubernetes-preserve-unknown-fields`,
      true,
      'must be false if x-kubernetes-int-or-string is true',
    );
  if (intOrString && embedded)
    wrong(found, `${path}.x-kubernetes-embedded-resource`, true, 'must be false if x-kubernetes-int-or-string is true');
  valueProblems(schema, isIntOrString(schema.anyOf), isIntOrString(schema.allOf?.[0]?.anyOf), path, found);
  const type = schema.type ?? '';
  if (embedded && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true';
    if (type === '') want(found, `${path}.type`, detail);
    else wrong(found, `${path}.type`, type, detail);
  } else if (type === '' && !intOrString && !preserve) {
    const where = { root: 'at the root', item: 'for specified array items', field: 'for specified object fields' }[
      level
    ];
    want(found, `${path}.type`, `must not be empty ${where}`);
  }
  if (embedded && schema.additionalProperties !== undefined)
    forbid(found, `${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set');
  if (level === 'root' && type !== '' && type !== 'object')
    wrong(found, `${path}.type`, type, 'must be object at the root');
  metadataProblems(schema, level, embedded, path, found);
  if (embedded && !preserve && Object.keys(properties).length === 0)
    want(
      found,
      `${path}.properties`,
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
    );
}

function metadataProblems(schema: SchemaJson, level: Level, embedded: boolean, path: string, found: Problem[]): void {
  const checked = level === 'root' || embedded;
  for (const name of ['kind', 'apiVersion']) {
    const property = schema.properties?.[name];
    if (checked && property !== undefined && property.type !== 'string')
      wrong(found, `${path}.properties[${name}].type`, property.type ?? '', 'must be string');
  }
  const metadata = schema.properties?.metadata;
  if (metadata === undefined) return;
  const at = `${path}.properties[metadata]`;
  if (checked && metadata.type !== 'object') wrong(found, `${at}.type`, metadata.type ?? '', 'must be object');
  if (level !== 'root') return;
  const allowed = new Set(['type', 'default', 'externalDocs', 'example']);
  const names = Object.keys(metadata.properties ?? {});
  if (names.every((name) => name === 'name' || name === 'generateName')) allowed.add('properties');
  const more = Object.entries(metadata).some(
    ([name, value]) => !allowed.has(name) && value !== undefined && value !== null && value !== '' && value !== false,
  );
  if (more)
    forbid(
      found,
      at,
      'must not specify anything other than name and generateName, but metadata is implicitly specified',
    );
}

function isIntOrString(anyOf: readonly SchemaJson[] | undefined): boolean {
  return (
    anyOf?.length === 2 &&
    ['integer', 'string'].every((type, index) => {
      const each = anyOf[index];
      return each !== undefined && each.type === type && Object.keys(each).length === 1;
    })
  );
}

function valueProblems(
  schema: SchemaJson,
  skipAnyOf: boolean,
  skipFirst: boolean,
  path: string,
  found: Problem[],
): void {
  if (!skipAnyOf)
    schema.anyOf?.forEach((each, index) => {
      nested(each, false, `${path}.anyOf[${index}]`, found);
    });
  schema.allOf?.forEach((each, index) => {
    nested(each, skipFirst && index === 0, `${path}.allOf[${index}]`, found);
  });
  schema.oneOf?.forEach((each, index) => {
    nested(each, false, `${path}.oneOf[${index}]`, found);
  });
  if (schema.not) nested(schema.not, false, `${path}.not`, found);
  const error = schema.pattern ? patternError(schema.pattern) : undefined;
  if (error !== undefined)
    wrong(found, `${path}.pattern`, schema.pattern, `must be a valid regular expression, but isn't: ${error}`);
}

function nested(schema: SchemaJson, skipAnyOf: boolean, path: string, found: Problem[]): void {
  valueProblems(schema, skipAnyOf, false, path, found);
  const items = itemsOf(schema);
  if (items !== undefined) nested(items, false, `${path}.items`, found);
  const properties = schema.properties ?? {};
  for (const name of Object.keys(properties).sort())
    nested(properties[name] as SchemaJson, false, `${path}.properties[${name}]`, found);
  const no = (field: keyof SchemaJson, given: boolean, detail: string): void => {
    if (given) forbid(found, `${path}.${field}`, `must be ${detail} to be structural`);
  };
  no('type', !!schema.type, 'empty');
  no(
    'additionalProperties',
    schema.additionalProperties !== undefined && schema.additionalProperties !== false,
    'undefined',
  );
  no('default', schema.default !== undefined && schema.default !== null, 'undefined');
  no('title', !!schema.title, 'empty');
  no('description', !!schema.description, 'empty');
  no('nullable', schema.nullable === true, 'false');
  no('x-kubernetes-preserve-unknown-fields', schema['x-kubernetes-preserve-unknown-fields'] === true, 'false');
  no('x-kubernetes-embedded-resource', schema['x-kubernetes-embedded-resource'] === true, 'false');
  no('x-kubernetes-int-or-string', schema['x-kubernetes-int-or-string'] === true, 'false');
  no('x-kubernetes-list-map-keys', (schema['x-kubernetes-list-map-keys']?.length ?? 0) > 0, 'empty');
  no('x-kubernetes-list-type', schema['x-kubernetes-list-type'] !== undefined, 'undefined');
  no('x-kubernetes-map-type', schema['x-kubernetes-map-type'] !== undefined, 'undefined');
  no('x-kubernetes-validations', (schema['x-kubernetes-validations']?.length ?? 0) > 0, 'empty');
  if (properties.metadata !== undefined)
    forbid(found, `${path}.properties[metadata]`, 'must not be specified in a nested context');
}

/** Whatever a condition speaks of must be specified outside of conditions too. */
function completeness(
  value: SchemaJson,
  schema: SchemaJson,
  schemaPath: string,
  valuePath: string,
  found: Problem[],
): void {
  if (value.not) complete(value.not, schema, schemaPath, `${valuePath}.not`, found);
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const)
    value[junctor]?.forEach((each, index) => {
      complete(each, schema, schemaPath, `${valuePath}.${junctor}[${index}]`, found);
    });
}

function complete(
  value: SchemaJson,
  schema: SchemaJson | undefined,
  schemaPath: string,
  valuePath: string,
  found: Problem[],
): void {
  if (schema === undefined) {
    want(found, schemaPath, `because it is defined in ${valuePath}`);
    return;
  }
  completeness(value, schema, schemaPath, valuePath, found);
  const items = itemsOf(value);
  if (items !== undefined) complete(items, itemsOf(schema), `${schemaPath}.items`, `${valuePath}.items`, found);
  for (const [name, property] of Object.entries(value.properties ?? {})) {
    const [at, from] = [`${schemaPath}.properties[${name}]`, `${valuePath}.properties[${name}]`];
    complete(property, schema.properties?.[name], at, from, found);
  }
}
