import { randomUUID } from 'node:crypto';
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type MutableJson,
  type MutableJsonObject,
} from '../../../objects/json.ts';
import { groupOf, versionOf } from '../../../objects/key.ts';
import { type Refusal, refusal } from '../../status/refusal.ts';
import { validateAnnotations, validateLabels } from '../metadata/object-meta.ts';
import type { ConversionCall, ConversionCaller } from './custom-kind.ts';
import { copyJson } from './defaults.ts';
import { goType } from './go-type.ts';
import { aggregate } from './sentence.ts';

/** `spec.conversion.webhook` of a definition. */
export interface WebhookJson {
  readonly clientConfig?: {
    readonly url?: string;
    readonly caBundle?: string;
    readonly service?: {
      readonly namespace: string;
      readonly name: string;
      readonly path?: string;
      readonly port?: number;
    };
  };
  readonly conversionReviewVersions?: readonly string[];
}

const TIMEOUT_MS = 30_000;

/** An error of conversion as the server answers it: 500 with the bare message, without a reason. */
export const conversionError = (message: string): Refusal => refusal({ code: 500, message });

/** Only apiVersion changes; a copy with the rest in common. */
export function renamed(object: KubeObject, apiVersion: string): KubeObject {
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

const goKind = (object: KubeObject): string =>
  `${groupOf(object.apiVersion)}/${versionOf(object.apiVersion)}, Kind=${object.kind}`;

/** Sends objects that are not in the version yet to the webhook, in one review. `who` names them in messages. */
export async function convertByWebhook(
  objects: readonly KubeObject[],
  apiVersion: string,
  webhook: WebhookJson,
  call: ConversionCaller,
  who?: string,
): Promise<readonly KubeObject[]> {
  const pending = objects.filter((object) => object.apiVersion !== apiVersion);
  const [first] = pending;
  if (first === undefined) return objects;
  const named = `conversion webhook for ${who ?? goKind(first)}`;
  const reviewVersion = webhook.conversionReviewVersions?.find((version) => version === 'v1' || version === 'v1beta1');
  if (reviewVersion === undefined) throw conversionError('no supported conversion review versions');
  const uid = randomUUID();
  const review = {
    kind: 'ConversionReview',
    apiVersion: `apiextensions.k8s.io/${reviewVersion}`,
    request: { uid, desiredAPIVersion: apiVersion, objects: pending as unknown as readonly Json[] },
  };
  let answer: unknown;
  try {
    answer = await call(callOf(webhook, review));
  } catch (error) {
    throw conversionError(`${named} failed: ${(error as Error).message}`);
  }
  const converted = objectsOf(answer, reviewVersion, uid, named);
  if (converted.length !== pending.length)
    throw conversionError(`${named} returned ${converted.length} objects, expected ${pending.length}`);
  let next = 0;
  const single = objects.length === 1;
  return objects.map((object) => {
    if (object.apiVersion === apiVersion) return object;
    const index = next;
    next += 1;
    return checked(object, converted[index], apiVersion, named, single ? undefined : index);
  });
}

function callOf(webhook: WebhookJson, review: JsonObject): ConversionCall {
  const { url, service, caBundle } = webhook.clientConfig ?? {};
  const port = service?.port ?? 443;
  const base =
    service === undefined
      ? (url ?? '')
      : `https://${service.name}.${service.namespace}.svc:${port}${(service.path ?? '').startsWith('/') ? service.path : `/${service.path ?? ''}`}`;
  return {
    url: `${base}${base.includes('?') ? '&' : '?'}timeout=${TIMEOUT_MS / 1000}s`,
    ...(service === undefined ? {} : { service: { namespace: service.namespace, name: service.name, port } }),
    ...(caBundle === undefined || caBundle === '' ? {} : { caBundle }),
    timeoutMs: TIMEOUT_MS,
    review,
  };
}

function objectsOf(answer: unknown, version: string, uid: string, named: string): readonly unknown[] {
  const fail = (message: string): Refusal => conversionError(`${named} failed: ${message}`);
  if (!isJsonObject(answer)) throw fail('no response provided');
  const { response } = answer;
  const [group, given] = [groupOf(String(answer.apiVersion ?? '')), versionOf(String(answer.apiVersion ?? ''))];
  if (version === 'v1') {
    const expected = 'apiextensions.k8s.io/v1, Kind=ConversionReview';
    const got = `${group}/${given}, Kind=${String(answer.kind ?? '')}`;
    if (got === expected.replace('/v1,', '/v1beta1,'))
      throw fail('converting (v1beta1.ConversionReview) to (v1.ConversionReview): unknown conversion');
    if (got !== expected) throw fail(`expected webhook response of ${expected}, got ${got}`);
  }
  if (!isJsonObject(response)) throw fail('no response provided');
  if (version === 'v1' && response.uid !== uid)
    throw fail(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`);
  const result = isJsonObject(response.result) ? response.result : {};
  if (result.status !== 'Success') {
    const message = typeof result.message === 'string' ? result.message : '';
    throw fail(message !== '' ? message : `response.result.status was '${String(result.status ?? '')}', not 'Success'`);
  }
  return Array.isArray(response.convertedObjects) ? response.convertedObjects : [];
}

function checked(
  original: KubeObject,
  converted: unknown,
  apiVersion: string,
  named: string,
  index: number | undefined,
): KubeObject {
  const place = index === undefined ? 'object' : `converted object at index ${index}`;
  const bad = (message: string, where = place): Refusal =>
    conversionError(`${named} returned invalid ${where}: ${message}`);
  const next = converted as MutableJsonObject;
  const first = index === undefined ? 'object at index 0' : place;
  const got = String(next.apiVersion ?? '');
  if (got !== apiVersion) throw bad(`invalid groupVersion (expected ${apiVersion}, received ${got})`, first);
  if (next.kind !== original.kind)
    throw bad(`invalid kind (expected ${original.kind}, received ${String(next.kind)})`, first);
  const meta = (isJsonObject(next.metadata) ? next.metadata : {}) as MutableJsonObject;
  for (const [name, told] of [
    ['name', 'name'],
    ['namespace', 'namespace'],
    ['uid', 'UID'],
  ] as const) {
    const [was, is] = [original.metadata[name] ?? '', String(meta[name] ?? '')];
    if (was !== is) throw bad(`must have the same ${told}: ${was} != ${is}`);
  }
  const lost = index === undefined ? 'metadata' : `metadata in object at index ${index}`;
  const problem = restoreMeta(original, next, meta);
  if (problem !== undefined) throw conversionError(`${named} returned invalid ${lost}: ${problem}`);
  return next as unknown as KubeObject;
}

/** Everything of metadata but labels and annotations is as it was before; says what is wrong with those two. */
function restoreMeta(original: KubeObject, next: MutableJsonObject, given: MutableJsonObject): string | undefined {
  if (next.metadata === undefined) return 'missing metadata in converted object';
  const restored = copyJson(original.metadata as unknown as Json) as MutableJsonObject;
  for (const field of ['labels', 'annotations'] as const) {
    const value = given[field];
    if (value === undefined || value === null) {
      delete restored[field];
      continue;
    }
    if (!isJsonObject(value)) return `invalid metadata.${field} of type ${goType(value)} in converted object`;
    for (const [key, text] of Object.entries(value))
      if (typeof text !== 'string')
        return `metadata.${field}[${key}] must be a string, but is ${goType(text)} in converted object`;
    const problems =
      field === 'labels'
        ? validateLabels(value as Record<string, string>, 'metadata.labels')
        : validateAnnotations(value as Record<string, string>, 'metadata.annotation');
    if (problems.length > 0) return aggregate(problems);
    restored[field] = value as MutableJson;
  }
  next.metadata = restored;
  return undefined;
}
