import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../../objects/json.ts';
import { resourceName } from '../../objects/key.ts';
import { served } from '../api/conversion.ts';
import { getOne } from '../api/read.ts';
import { invalid, type Problem } from '../status/problem.ts';
import { badRequest, internalError, notFound, type Refusal, refusal } from '../status/refusal.ts';
import type { SandboxAnswer } from './exchange.ts';
import { integer } from './list-options.ts';
import type { Asked } from './resource-verbs.ts';
import { methodNotAllowed, type ServingParts } from './serving-parts.ts';

/** Subresources that lead to somebody else's server: here nobody listens, so that each ends where the way would begin. */
export const CONNECTED: ReadonlySet<string> = new Set(['proxy', 'exec', 'attach', 'portforward', 'log']);

/** What the real server says before it opens a connection to a Pod, a Service or a node; and logs, which are empty. */
export async function connect(parts: ServingParts, asked: Asked): Promise<SandboxAnswer> {
  const { subresource, request } = asked;
  if (subresource === 'log') {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
    return await logs(parts, asked);
  }
  if (subresource === 'proxy') throw await noProxy(parts, asked);
  if (request.method !== 'GET' && request.method !== 'POST') throw methodNotAllowed();
  const pod = await podOf(parts, asked, asked.name);
  if (subresource !== 'portforward') container(asked, pod);
  const node = nodeOf(pod);
  if (node === undefined) throw badRequest(`pod ${asked.name} does not have a host assigned`);
  throw internalError(`error dialing backend: dial tcp: lookup ${node}: no such host`);
}

async function noProxy(parts: ServingParts, asked: Asked): Promise<Refusal> {
  const { kind, name: id } = asked;
  if (kind.resource === 'nodes') {
    getOne(parts.api, kind, undefined, id);
    return unreachable(id);
  }
  const words = id.split(':');
  const [scheme, name = '', port] = words.length === 3 ? words : ['', ...words];
  if (words.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme ?? ''))
    return badRequest(`invalid ${kind.singular} request ${JSON.stringify(id)}`);
  if (kind.resource === 'services') return noService(parts, asked, id, name, port ?? '');
  const { status } = await podOf(parts, asked, name);
  const ip = isJsonObject(status) ? status.podIP : undefined;
  return typeof ip !== 'string' || ip === '' ? badRequest('address not allowed') : unreachable(ip);
}

function noService(parts: ServingParts, asked: Asked, id: string, name: string, port: string): Refusal {
  const { object } = getOne(parts.api, asked.kind, asked.namespace, name);
  if (/^\d+$/.test(port)) {
    const { ports } = (object.spec ?? {}) as JsonObject;
    const known = Array.isArray(ports) && ports.some((one: Json) => isJsonObject(one) && one.port === Number(port));
    if (!known) return unavailable(`no service port ${Number(port)} found for service ${JSON.stringify(name)}`);
  }
  const endpoints = parts.api.view.get(resourceName('', 'endpoints'), asked.namespace, name);
  // Those of a Service with a selector are there in a moment.
  const expected = isJsonObject(object.spec) && object.spec.selector !== undefined;
  if (endpoints === undefined && !expected) return notFound({ group: '', resource: 'endpoints' }, name);
  const subsets = endpoints?.subsets;
  if (!Array.isArray(subsets) || subsets.length === 0)
    return unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  return unavailable(`no endpoints available for service ${JSON.stringify(id)}`);
}

const unavailable = (message: string): Refusal => refusal({ code: 503, reason: 'ServiceUnavailable', message });
const unreachable = (host: string): Refusal =>
  unavailable(`error trying to reach service: dial tcp: lookup ${host}: no such host`);

async function podOf(parts: ServingParts, asked: Asked, name: string): Promise<KubeObject> {
  const found = getOne(parts.api, asked.kind, asked.namespace, name);
  return await served(asked.kind, found.object, asked.version);
}

function nodeOf(pod: KubeObject): string | undefined {
  const node = isJsonObject(pod.spec) ? pod.spec.nodeName : undefined;
  return typeof node === 'string' && node !== '' ? node : undefined;
}

/** Refuses a container that the Pod does not have, and none when there are several. */
function container({ query }: Asked, pod: KubeObject): void {
  const { name = '' } = pod.metadata;
  const spec = isJsonObject(pod.spec) ? pod.spec : {};
  const named = (list: Json | undefined): string[] =>
    Array.isArray(list) ? list.filter(isJsonObject).map((one) => String(one.name)) : [];
  const all = [...named(spec.initContainers), ...named(spec.containers), ...named(spec.ephemeralContainers)];
  const wanted = query.get('container') ?? '';
  if (wanted !== '') {
    if (!all.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  } else if (named(spec.containers).length !== 1)
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${all.join(' ')}]`);
}

async function logs(parts: ServingParts, asked: Asked): Promise<SandboxAnswer> {
  const problems = logProblems(asked.query);
  if (problems.length > 0) throw invalid('', 'PodLogOptions', asked.name, problems);
  const pod = await podOf(parts, asked, asked.name);
  container(asked, pod);
  if (nodeOf(pod) === undefined) return { status: 204, headers: {}, body: Buffer.alloc(0) };
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.alloc(0) };
}

function logProblems(query: URLSearchParams): Problem[] {
  const found: Problem[] = [];
  const least = (field: string, value: number, detail: string): void => {
    const given = integer(query, field);
    if (given !== undefined && given < value) found.push({ kind: 'invalid', field, value: given, detail });
  };
  least('tailLines', 0, 'must be greater than or equal to 0');
  least('limitBytes', 1, 'must be greater than 0');
  if (query.has('sinceSeconds') && query.has('sinceTime'))
    found.push({
      kind: 'forbidden',
      field: '',
      detail: 'at most one of `sinceTime` or `sinceSeconds` may be specified',
    });
  else least('sinceSeconds', 1, 'must be greater than 0');
  return found;
}
