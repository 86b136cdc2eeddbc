import type { JsonObject, KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { archive } from './archive.ts';
import { OPENAPI_DATA } from './openapi-data.ts';
import { SERVER_DATA } from './server-data.ts';
import { SHAPES_DATA } from './shapes-data.ts';

const openApi = archive(OPENAPI_DATA);
const server = archive(SERVER_DATA);
const shapes = archive(SHAPES_DATA);

/** The release that was recorded. */
export const RECORDED_VERSION = 'v1.34.4';

const parsed = new Map<string, unknown>();
function parse(name: string, from = server): unknown {
  if (parsed.has(name)) return parsed.get(name);
  const bytes = from.bytes(name);
  const value: unknown = bytes === undefined ? undefined : JSON.parse(bytes.toString('utf8'));
  parsed.set(name, value);
  return value;
}

/**
 * A discovery document by its path: `/`, `/version`, `/api`, `/apis`, `/apis/apps`, `/api/v1`, `/apis/apps/v1`. The one of
 * `/api` names the address of the recorded server. Do not change what is given.
 */
export const recordedDocument = (path: string): JsonObject | undefined => parse(path) as JsonObject | undefined;

/** Paths of the resource lists, one a served group-version: `/api/v1`, `/apis/apps/v1`, ... in the server's order. */
export const recordedGroupVersions = (): readonly string[] =>
  server.names.filter((name) => name === '/api/v1' || /^\/apis\/[^/]+\/[^/]+$/.test(name));

/** APIGroupDiscoveryList v2 of built-in groups. */
export const recordedAggregated = (path: '/api' | '/apis'): JsonObject => parse(`aggregated ${path}`) as JsonObject;

/** Paths under `/openapi/v3/` that were recorded: `api/v1`, `apis/apps/v1`, `version`, ... */
export const recordedOpenApiPaths = (): readonly string[] =>
  openApi.names.filter((name) => name.startsWith('/openapi/v3/')).map((name) => name.slice('/openapi/v3/'.length));

/** The index as the server gave it: `{ paths: { 'api/v1': { serverRelativeURL } } }`. */
export const recordedOpenApiIndex = (): JsonObject => parse('/openapi/v3', openApi) as JsonObject;

/** One OpenAPI v3 document, the server's bytes; `path` as in the index. */
export const recordedOpenApiBytes = (path: string): Buffer | undefined => openApi.bytes(`/openapi/v3/${path}`);
export const recordedOpenApi = (path: string): JsonObject | undefined =>
  parse(`/openapi/v3/${path}`, openApi) as JsonObject | undefined;

/** `/openapi/v2` as gnostic protobuf, the only form that kubectl asks for. */
export const recordedOpenApiV2Protobuf = (): Buffer => openApi.bytes('protobuf /openapi/v2') as Buffer;

/** `apps/v1` for `deployments.apps`: the version of which the hash in discovery tells, served or not. */
export const recordedStorageVersions = (): Readonly<Record<ResourceName, string>> =>
  parse('storage versions') as Readonly<Record<ResourceName, string>>;

/**
 * Every object that a fresh server holds, Events aside, with the recorded uids, times and managed fields. `alone` is
 * what the API server makes by itself; `beside-manager` also holds what kube-controller-manager has made within seconds.
 */
export const recordedObjects = (of: 'alone' | 'beside-manager'): readonly KubeObject[] =>
  parse(of === 'alone' ? 'objects alone' : 'objects beside the controller manager') as readonly KubeObject[];

/**
 * The Go structs behind the kinds, by package and name: their fields in order as `[name in JSON, flags, shape]`. Flags: `e` is
 * left out when empty, `z` when zero. Shapes: `*X`, `[]X`, `map[string]X`, `struct NAME`, `custom NAME`, `bytes`, `string v1.Protocol`.
 */
export interface RecordedShapes {
  readonly structs: Readonly<Record<string, readonly (readonly [name: string, flags: string, shape: string])[]>>;
  /** By `v1/Pod`, `apps/v1/Deployment`. */
  readonly kinds: Readonly<Record<string, string>>;
}
export const recordedShapes = (): RecordedShapes => parse('shapes', shapes) as RecordedShapes;
