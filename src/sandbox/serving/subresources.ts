import { isJsonObject, type MutableJsonObject } from '../../objects/json.ts';
import { metaOf, wipeSystemFields } from '../api/object-meta.ts';
import { getOne } from '../api/read.ts';
import { decodeBuiltIn } from '../schema/decode.ts';
import { notFound, pathNotFound } from '../status/refusal.ts';
import { parseBody } from './body.ts';
import { CONNECTED, connect } from './connect.ts';
import { evict } from './eviction.ts';
import { jsonAnswer, type SandboxAnswer } from './exchange.ts';
import type { ResourcePath } from './resource-path.ts';
import { type Asked, callOf, get, patched, put } from './resource-verbs.ts';
import { scale } from './scale.ts';
import { methodNotAllowed, type ServingParts, unsupportedVerb } from './serving-parts.ts';
import { bind, finalize } from './special-writes.ts';
import { writeOptions } from './write-options.ts';

/** `/status`, `/scale`, tokens, reviews, evictions, bindings, finalize. */
export async function subresource(parts: ServingParts, asked: Asked, at: ResourcePath): Promise<SandboxAnswer> {
  const { kind, request } = asked;
  const { method } = request;
  if (parts.access.isVirtual(at.resource, at.group, at.subresource)) {
    if (method !== 'POST') throw methodNotAllowed();
    return review(parts, asked, at);
  }
  const known = kind.versions.get(asked.version)?.subresources.get(at.subresource ?? '');
  if (known === undefined)
    throw kind.custom === undefined
      ? pathNotFound()
      : notFound({ group: kind.group, resource: kind.plural }, asked.name);
  if (kind.group === '' && CONNECTED.has(at.subresource ?? '')) return await connect(parts, asked);
  switch (at.subresource) {
    case 'scale':
      return await scale(parts, asked);
    case 'finalize':
      return await finalize(parts, asked);
    case 'eviction':
      return await evict(parts, asked);
    case 'binding':
      return await bind(parts, asked);
    default:
      break;
  }
  if (method === 'GET') return await get(parts.api, { ...asked, subresource: undefined });
  if (method === 'PUT') return await put(parts.api, asked);
  if (method === 'PATCH') return await patched(parts.api, asked);
  throw kind.custom === undefined ? methodNotAllowed() : unsupportedVerb(kind, method);
}

const TOKEN_REQUEST = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };

function review(parts: ServingParts, asked: Asked, at: ResourcePath): SandboxAnswer {
  const options = writeOptions(asked.query, 'CreateOptions');
  const { value } = parseBody(asked.request, asked.kind, false);
  const given: MutableJsonObject = value;
  const kind = asked.kind.versions.get(asked.version)?.subresources.get(at.subresource ?? '')?.kind ?? asked.kind.kind;
  given.kind ??= kind;
  given.apiVersion ??= at.subresource === 'token' ? 'authentication.k8s.io/v1' : `${at.group}/${at.version}`;
  if (at.subresource === 'token') getOne(parts.api, asked.kind, asked.namespace, asked.name);
  if (at.subresource === 'token') decodeBuiltIn(given, TOKEN_REQUEST);
  else parts.api.decoding.decode(given, asked.kind, asked.version);
  const reviewed = at.subresource === 'token' ? tokenRequest(asked, given) : asked;
  const metadata = metaOf(given);
  wipeSystemFields(metadata);
  parts.api.fields.record(given, undefined, {
    kind: reviewed.kind,
    type: parts.api.typeOf(reviewed.kind, reviewed.version),
    apiVersion: String(given.apiVersion),
    manager: callOf(asked, options, options.manager).manager,
    subresource: at.subresource,
    now: parts.api.clock.now(),
  });
  const answer = parts.access.answerReview({
    plural: at.resource,
    ...(at.subresource === undefined ? {} : { subresource: at.subresource }),
    namespace: asked.namespace,
    ...(at.name === '' ? {} : { name: at.name }),
    body: given,
    user: asked.user,
  });
  return jsonAnswer(201, answer);
}

/** What the body of a token's request is: a kind of its own with a default of its own. */
function tokenRequest(asked: Asked, given: MutableJsonObject): Pick<Asked, 'kind' | 'version'> {
  if (isJsonObject(given.spec)) (given.spec as MutableJsonObject).expirationSeconds ??= 3600;
  const { group, version, kind } = TOKEN_REQUEST;
  return { kind: { ...asked.kind, group, kind, rules: undefined }, version };
}
