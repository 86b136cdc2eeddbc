import { isJsonObject, type Json, type JsonObject } from '../../objects/json.ts';
import type { ServedKind } from '../api/served-kind.ts';
import { recordedOpenApi } from '../recorded/recorded.ts';

const PREFIX = '#/components/schemas/';
export const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const LIST_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta';
const CONVENTIONS = 'More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';

export const reference = (name: string): JsonObject => ({ $ref: `${PREFIX}${name}` });

/** How a built-in kind describes its own members. */
function member(kind: string, name: string): Json {
  const schemas = (recordedOpenApi('apis/apps/v1')?.components as JsonObject).schemas as JsonObject;
  const properties = (schemas[`io.k8s.api.apps.v1.${kind}`] as JsonObject).properties as JsonObject;
  const { default: _, ...rest } = properties[name] as JsonObject;
  return rest;
}

const typeMembers = (): Record<string, Json> => ({
  apiVersion: member('Deployment', 'apiVersion'),
  kind: member('Deployment', 'kind'),
});

const metaMember = (): JsonObject => ({
  description: `Standard object's metadata. ${CONVENTIONS}#metadata`,
  allOf: [reference(META)],
});

/** The schema of a kind as clients see it: with what every object has. */
export function publishedSchema(written: JsonObject, gvk: JsonObject): JsonObject {
  const { properties, ...rest } = inner(written);
  return {
    ...rest,
    properties: { ...(isJsonObject(properties) ? properties : {}), ...typeMembers(), metadata: metaMember() },
    'x-kubernetes-group-version-kind': [gvk],
  };
}

/** Numbers or strings say so in words that every client knows; whole objects inside get the members of objects. */
function inner(schema: JsonObject): JsonObject {
  const out: Record<string, Json> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined) continue;
    if (key === 'properties' && isJsonObject(value))
      out.properties = Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, isJsonObject(one) ? inner(one) : one]),
      );
    else if ((key === 'items' || key === 'additionalProperties') && isJsonObject(value)) out[key] = inner(value);
    else out[key] = value;
  }
  if (schema['x-kubernetes-int-or-string'] === true && out.anyOf === undefined)
    out.anyOf = [{ type: 'integer' }, { type: 'string' }];
  if (schema['x-kubernetes-embedded-resource'] === true) {
    out.required = ['kind', 'apiVersion'];
    out.properties = { ...(isJsonObject(out.properties) ? out.properties : {}), ...embeddedMembers() };
  }
  return out;
}

const embeddedMembers = (): JsonObject => ({
  apiVersion: {
    description: `apiVersion defines the versioned schema of this representation of an object. ${CONVENTIONS}#resources`,
    type: 'string',
  },
  kind: {
    description: `kind is a string value representing the type of this object. In CamelCase. ${CONVENTIONS}#types-kinds`,
    type: 'string',
  },
  metadata: metaMember(),
});

/** The list of a kind; `item`: the name of the kind's schema. */
export const listSchema = (kind: ServedKind, item: string, gvk: JsonObject): JsonObject => ({
  description: `${kind.listKind} is a list of ${kind.kind}`,
  type: 'object',
  required: ['items'],
  properties: {
    ...typeMembers(),
    items: { description: `List of ${kind.plural}. ${CONVENTIONS}`, type: 'array', items: reference(item) },
    metadata: { description: `Standard list metadata. ${CONVENTIONS}#types-kinds`, allOf: [reference(LIST_META)] },
  },
  'x-kubernetes-group-version-kind': [gvk],
});

/** Names of the schemas that are referred to anywhere inside. */
export function refersTo(value: Json, found: Set<string> = new Set()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const one of value as readonly Json[]) refersTo(one, found);
  else if (isJsonObject(value))
    for (const [key, one] of Object.entries(value)) {
      if (key === '$ref' && typeof one === 'string' && one.startsWith(PREFIX)) found.add(one.slice(PREFIX.length));
      else if (one !== undefined) refersTo(one, found);
    }
  return found;
}
