import type { JsonObject } from '../../objects/json.ts';
import {
  recordedDocument,
  recordedOpenApiBytes,
  recordedOpenApiIndex,
  recordedOpenApiV2Protobuf,
} from '../recorded/recorded.ts';
import { pathNotFound } from '../status/refusal.ts';
import { customOpenApi, customOpenApiPaths } from './custom-openapi.ts';
import { AGGREGATED_TYPE, wantsAggregated } from './discovery.ts';
import { headerOf, JSON_TYPE, jsonAnswer, type SandboxAnswer, type SandboxRequest, textAnswer } from './exchange.ts';
import { acceptedTypes, notAcceptable, shapeOf, takes } from './media.ts';
import { openApiV2Json } from './openapi-v2.ts';
import { methodNotAllowed, type ServingParts } from './serving-parts.ts';

const KEYS_PATH = '/openid/v1/jwks';
const KEYS_TYPE = 'application/jwk-set+json';

/** Whose tokens of service accounts these are, for those who want to check them. */
function issuerDocument(parts: ServingParts, request: SandboxRequest, path: string): SandboxAnswer | undefined {
  const plain = path.replace(/\/$/, '');
  const type = plain === KEYS_PATH ? KEYS_TYPE : plain === '/.well-known/openid-configuration' ? JSON_TYPE : undefined;
  if (type === undefined) return undefined;
  if (!takes(headerOf(request, 'accept'), type))
    throw notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${type}`, {});
  if (type === KEYS_TYPE) return jsonAnswer(200, parts.access.tokenKeys(), { 'content-type': KEYS_TYPE });
  return jsonAnswer(200, {
    issuer: parts.access.issuer,
    jwks_uri: `https://${headerOf(request, 'host') ?? '127.0.0.1:6443'}${KEYS_PATH}`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  });
}

const HEALTH: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/livez']);

/** Paths that name no resource: discovery, OpenAPI, health, version. */
export function plainPath(
  parts: ServingParts,
  request: SandboxRequest,
  path: string,
  query: URLSearchParams,
): SandboxAnswer {
  if (HEALTH.has(path)) return health(path.slice(1), query.has('verbose'));
  const [, root = '', ...rest] = path.split('/');
  if (HEALTH.has(`/${root}`)) return checks(root).includes(rest.join('/')) ? textAnswer(200, 'ok') : notFound();
  if (path === '/metrics') return textAnswer(200, '');
  if (path === '/openapi/v2') return openApiV2(headerOf(request, 'accept'));
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const known = path !== '/' && parts.discovery.document(path.replace(/\/$/, '')) !== undefined;
    if (known || /^\/(version|\.well-known\/openid-configuration|openid\/v1\/jwks)\/?$/.test(path))
      throw methodNotAllowed();
    return notFound();
  }
  if (path === '/version' || path === '/version/') {
    if (!takes(headerOf(request, 'accept'), JSON_TYPE))
      throw notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${JSON_TYPE}`, {});
    return jsonAnswer(200, Buffer.from(JSON.stringify(recordedDocument('/version'), null, 2)));
  }
  const about = issuerDocument(parts, request, path);
  if (about !== undefined) return about;
  if (path === '/openapi/v3' || path === '/openapi/v3/') return openApiIndex(parts);
  if (path.startsWith('/openapi/v3/')) return document(parts, path.slice('/openapi/v3/'.length));
  const accept = headerOf(request, 'accept');
  const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  if ((plain === '/api' || plain === '/apis') && wantsAggregated(accept))
    return jsonAnswer(200, parts.discovery.aggregated(plain), { 'content-type': AGGREGATED_TYPE });
  const found = parts.discovery.document(plain);
  if (found === undefined) {
    // What lies below a group that is served is looked for as a resource.
    const known = root === 'api' || (root === 'apis' && rest.length > 1 && parts.discovery.isBuiltIn(rest[0] ?? ''));
    if (known) throw pathNotFound();
    return notFound();
  }
  if (root === 'api' || root === 'apis')
    shapeOf(accept, false, root === 'apis' && !parts.discovery.isBuiltIn(rest[0] ?? 'all'));
  return jsonAnswer(200, found);
}

const notFound = (): SandboxAnswer => textAnswer(404, '404 page not found\n');

const HOOKS =
  'start-apiserver-admission-initializer generic-apiserver-start-informers priority-and-fairness-config-consumer priority-and-fairness-filter storage-object-count-tracker-hook start-apiextensions-informers start-apiextensions-controllers crd-informer-synced start-system-namespaces-controller start-cluster-authentication-info-controller start-kube-apiserver-identity-lease-controller start-kube-apiserver-identity-lease-garbage-collector start-legacy-token-tracking-controller start-service-ip-repair-controllers rbac/bootstrap-roles scheduling/bootstrap-system-priority-classes priority-and-fairness-config-producer bootstrap-controller start-kubernetes-service-cidr-controller start-kube-aggregator-informers apiservice-status-local-available-controller apiservice-status-remote-available-controller apiservice-registration-controller apiservice-discovery-controller kube-apiserver-autoregistration'.split(
    ' ',
  );

/** The checks that the pinned server names, in its order. */
function checks(name: string): readonly string[] {
  const ready = name === 'readyz';
  return [
    'ping',
    'log',
    'etcd',
    ...(ready ? ['etcd-readiness', 'informer-sync'] : []),
    ...HOOKS.map((hook) => `poststarthook/${hook}`),
    'autoregister-completion',
    'poststarthook/apiservice-openapi-controller',
    'poststarthook/apiservice-openapiv3-controller',
    ...(ready ? ['shutdown'] : []),
  ];
}

function health(name: string, verbose: boolean): SandboxAnswer {
  if (!verbose) return textAnswer(200, 'ok');
  return textAnswer(
    200,
    `${checks(name)
      .map((check) => `[+]${check} ok\n`)
      .join('')}${name} check passed\n`,
  );
}

const V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
/** How it was written before Go refused such names. */
const OLD_V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/** The description of the built-in kinds: as protobuf, which old kubectl asks for before it applies, or as JSON. */
function openApiV2(accept: string | undefined): SandboxAnswer {
  for (const { type } of acceptedTypes(accept)) {
    if (type === V2_PROTOBUF || type === OLD_V2_PROTOBUF)
      return { status: 200, headers: { 'content-type': V2_PROTOBUF }, body: recordedOpenApiV2Protobuf() };
    if (type === JSON_TYPE || type === '*/*' || type === 'application/*') return jsonAnswer(200, openApiV2Json());
  }
  return { status: 406, headers: {}, body: Buffer.alloc(0) };
}

/** The server names no type for this one. */
function openApiIndex(parts: ServingParts): SandboxAnswer {
  const paths = { ...(recordedOpenApiIndex().paths as JsonObject), ...customOpenApiPaths(parts.api.catalog) };
  const sorted = Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1)));
  return textAnswer(200, JSON.stringify({ paths: sorted }));
}

function document(parts: ServingParts, path: string): SandboxAnswer {
  const recorded = recordedOpenApiBytes(path);
  if (recorded !== undefined) return jsonAnswer(200, Buffer.from(recorded));
  const custom = customOpenApi(parts.api.catalog, path);
  return custom === undefined ? textAnswer(404, '') : jsonAnswer(200, custom);
}
