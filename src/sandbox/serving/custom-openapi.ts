import { hash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '../../objects/json.ts';
import type { Catalog } from '../api/catalog.ts';
import type { ServedKind } from '../api/served-kind.ts';
import { recordedOpenApi } from '../recorded/recorded.ts';
import { customPaths } from './custom-openapi-paths.ts';
import { listSchema, META, publishedSchema, refersTo } from './custom-openapi-schemas.ts';

/** `paths` of the OpenAPI v3 index for the groups that definitions make. */
export function customOpenApiPaths(catalog: Catalog): JsonObject {
  const paths: Record<string, Json> = {};
  for (const kind of catalog.custom())
    for (const version of kind.versions.keys()) {
      const path = `apis/${kind.group}/${version}`;
      if (paths[path] !== undefined) continue;
      const text = JSON.stringify(customOpenApi(catalog, path));
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${hash('sha256', text, 'hex').toUpperCase()}` };
    }
  return paths;
}

/** The document of one group-version that definitions make, or undefined when none does. */
export function customOpenApi(catalog: Catalog, path: string): JsonObject | undefined {
  const [, group, version = ''] = path.split('/');
  const kinds = [...catalog.custom()].filter((kind) => kind.group === group && kind.versions.has(version));
  if (kinds.length === 0) return undefined;
  const paths: Record<string, Json> = {};
  const schemas: Record<string, Json> = {};
  for (const kind of kinds) {
    const name = `${kind.group.split('.').reverse().join('.')}.${version}`;
    schemas[`${name}.${kind.kind}`] = publishedSchema(writtenSchema(kind, version), gvkOf(kind, version, kind.kind));
    schemas[`${name}.${kind.listKind}`] = listSchema(kind, `${name}.${kind.kind}`, gvkOf(kind, version, kind.listKind));
    Object.assign(paths, customPaths(kind, version, name));
  }
  addReferred(schemas, paths);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' },
    paths: sorted(paths),
    components: { schemas: sorted(schemas) },
  };
}

const gvkOf = (kind: ServedKind, version: string, name: string): JsonObject => ({
  group: kind.group,
  kind: name,
  version,
});

const sorted = (record: Readonly<Record<string, Json>>): JsonObject =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The schema as the definition holds it. */
function writtenSchema(kind: ServedKind, version: string): JsonObject {
  const spec = kind.custom?.definition.spec as JsonObject | undefined;
  const versions = Array.isArray(spec?.versions) ? (spec.versions as readonly JsonObject[]) : [];
  const found = versions.find(({ name }) => name === version)?.schema;
  return isJsonObject(found) && isJsonObject(found.openAPIV3Schema) ? found.openAPIV3Schema : { type: 'object' };
}

/** Groups that the part of the server that serves definitions does not know. */
const UNKNOWN_THERE: ReadonlySet<Json | undefined> = new Set([
  'admission.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'imagepolicy.k8s.io',
]);

function withoutOwnGroups(schema: Json): Json {
  const kinds = isJsonObject(schema) ? schema['x-kubernetes-group-version-kind'] : undefined;
  if (!Array.isArray(kinds)) return schema;
  const kept = (kinds as readonly JsonObject[]).filter(({ group }) => !UNKNOWN_THERE.has(group));
  return { ...(schema as JsonObject), 'x-kubernetes-group-version-kind': kept };
}

/** The server's own schemas that these refer to, and those that they refer to in their turn. */
function addReferred(schemas: Record<string, Json>, paths: JsonObject): void {
  const known = ((recordedOpenApi('apis/apps/v1')?.components as JsonObject).schemas ?? {}) as JsonObject;
  const waiting = [...refersTo(schemas), ...refersTo(paths)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const schema = known[name];
    if (schemas[name] !== undefined || schema === undefined) continue;
    schemas[name] = withoutOwnGroups(schema);
    waiting.push(...refersTo(schema));
  }
  if (schemas[META] === undefined && known[META] !== undefined) schemas[META] = known[META];
}
