import { hash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '../../objects/json.ts';
import type { Catalog } from '../api/catalog.ts';
import type { ServedKind } from '../api/served-kind.ts';

/** `paths` of the OpenAPI v3 index for the groups that definitions make. */
export function customOpenApiPaths(catalog: Catalog): JsonObject {
  const paths: Record<string, Json> = {};
  for (const kind of catalog.custom())
    for (const version of kind.versions.keys()) {
      const path = `apis/${kind.group}/${version}`;
      const text = JSON.stringify(customOpenApi(catalog, path));
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${hash('sha256', text, 'hex').toUpperCase()}` };
    }
  return paths;
}

/** The document of one group-version that definitions make: what kubectl looks for in it, and the schemas. */
export function customOpenApi(catalog: Catalog, path: string): JsonObject | undefined {
  const [, group, version = ''] = path.split('/');
  const kinds = [...catalog.custom()].filter((kind) => kind.group === group && kind.versions.has(version));
  if (kinds.length === 0) return undefined;
  const paths: Record<string, Json> = {};
  const schemas: Record<string, Json> = {};
  for (const kind of kinds) {
    const gvk = { group: kind.group, version, kind: kind.kind };
    const name = `${kind.group.split('.').reverse().join('.')}.${version}.${kind.kind}`;
    schemas[name] = schemaOf(kind, version, gvk);
    const base = `/apis/${kind.group}/${version}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}`;
    paths[base] = { post: operation('post', gvk), get: operation('list', gvk) };
    paths[`${base}/{name}`] = {
      get: operation('get', gvk),
      put: operation('put', gvk),
      patch: operation('patch', gvk),
      delete: operation('delete', gvk),
    };
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' },
    paths,
    components: { schemas },
  };
}

const PARAMETERS: readonly Json[] = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));

function operation(action: string, gvk: JsonObject): JsonObject {
  const writes = action === 'post' || action === 'put' || action === 'patch';
  return {
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
    ...(writes ? { parameters: PARAMETERS } : {}),
    responses: { 200: { description: 'OK' } },
  };
}

function schemaOf(kind: ServedKind, version: string, gvk: JsonObject): JsonObject {
  const spec = kind.custom?.definition.spec as JsonObject | undefined;
  const versions = Array.isArray(spec?.versions) ? (spec.versions as readonly JsonObject[]) : [];
  const found = versions.find(({ name }) => name === version)?.schema;
  const schema =
    isJsonObject(found) && isJsonObject(found.openAPIV3Schema) ? found.openAPIV3Schema : { type: 'object' };
  return { ...schema, 'x-kubernetes-group-version-kind': [gvk] };
}
