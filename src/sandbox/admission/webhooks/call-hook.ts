import type { ResourceName } from '../../../objects/key.ts';
import { badRequest } from '../../status/refusal.ts';
import type { StoreView } from '../../storage/store-view.ts';
import { Unreachable, type WebhookCall, type WebhookCaller } from './caller.ts';
import type { Hook, HookKind } from './hook.ts';
import { admissionReview, OtherVersion, type ReviewOf, type Verdict, verdictOf } from './review.ts';

const DEFAULT_TIMEOUT = 10;

/** No verdict was had; `failurePolicy` decides what that means. */
export class CallFailed extends Error {
  constructor(hook: Hook, why: string) {
    super(`failed calling webhook ${JSON.stringify(hook.name)}: ${why}`);
  }
}

/** Asks one webhook. Throws `CallFailed` when it gives no verdict, and a 400 when it may not be asked in a dry run. */
export async function callHook(hook: Hook, kind: HookKind, review: ReviewOf, caller: WebhookCaller): Promise<Verdict> {
  if (review.attempt.dryRun && hook.sideEffects !== 'None' && hook.sideEffects !== 'NoneOnDryRun')
    throw badRequest(`admission webhook ${JSON.stringify(hook.name)} does not support dry run`);
  const version = (hook.admissionReviewVersions ?? []).find((one) => one === 'v1' || one === 'v1beta1');
  if (version === undefined)
    throw new CallFailed(
      hook,
      'could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)',
    );
  const seconds = hook.timeoutSeconds ?? DEFAULT_TIMEOUT;
  const { caBundle } = hook.clientConfig;
  if (caBundle !== undefined && caBundle !== '' && !/-----BEGIN CERTIFICATE-----/.test(certificates(caBundle)))
    throw new CallFailed(
      hook,
      'could not get REST client: unable to load root certificates: unable to parse bytes as PEM block',
    );
  const url = urlOf(hook, seconds);
  let answer: { status: number; body: string };
  try {
    answer = await caller(callOf(hook, url, seconds, review.attempt.context.store, admissionReview(version, review)));
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    throw new CallFailed(hook, `failed to call webhook: Post ${JSON.stringify(url)}: ${error.message}`);
  }
  if (answer.status < 200 || answer.status > 299)
    throw new CallFailed(hook, `failed to call webhook: ${statusText(answer.status, answer.body)}`);
  try {
    return verdictOf(answer.body, kind, review.uid, version);
  } catch (error) {
    const what = error instanceof OtherVersion ? 'failed to call webhook' : 'received invalid webhook response';
    throw new CallFailed(hook, `${what}: ${(error as Error).message}`);
  }
}

function urlOf({ clientConfig }: Hook, seconds: number): string {
  const { service } = clientConfig;
  const timeout = `timeout=${seconds}s`;
  if (service === undefined) {
    const url = clientConfig.url ?? '';
    const path = /^[a-z]+:\/\/[^/]+$/.test(url) ? '/' : '';
    return `${url}${path}?${timeout}`;
  }
  const path = service.path === undefined || service.path === '' ? '/' : service.path;
  return `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}${path.startsWith('/') ? '' : '/'}${path}?${timeout}`;
}

function callOf(hook: Hook, url: string, seconds: number, store: StoreView, body: object): WebhookCall {
  const { service, caBundle } = hook.clientConfig;
  const ca = caBundle === undefined ? undefined : certificates(caBundle);
  return {
    url,
    body,
    timeoutMs: seconds * 1000,
    ...(ca === undefined ? {} : { ca }),
    ...(service === undefined ? {} : { service: resolved(service, store) }),
  };
}

const certificates = (bundle: string): string => Buffer.from(bundle, 'base64').toString('utf8');

interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly externalName?: string;
  readonly ports?: readonly { readonly port: number }[];
}

function resolved(
  { namespace, name, port = 443 }: NonNullable<Hook['clientConfig']['service']>,
  store: StoreView,
): NonNullable<WebhookCall['service']> {
  const found = store.get('services' as ResourceName, namespace, name);
  if (found === undefined) throw new Unreachable(`service ${JSON.stringify(name)} not found`);
  const spec = (found.spec ?? {}) as ServiceSpec;
  const at = { namespace, name, port };
  if (spec.type === 'ExternalName') return { ...at, address: `${spec.externalName}:${port}` };
  if ((spec.type ?? 'ClusterIP') === 'ClusterIP' && spec.clusterIP === 'None')
    throw new Unreachable('cannot route to service with ClusterIP "None"');
  if (!(spec.ports ?? []).some((one) => one.port === port))
    throw new Unreachable(`no service port ${port} found for service ${JSON.stringify(name)}`);
  return { ...at, address: `${spec.clusterIP}:${port}` };
}

/** What client-go makes of an answer that is no success. */
function statusText(status: number, body: string): string {
  switch (status) {
    case 400:
      return 'the server rejected our request for an unknown reason';
    case 401:
      return 'the server has asked for the client to provide credentials';
    case 404:
      return 'the server could not find the requested resource';
    case 405:
      return 'the server does not allow this method on the requested resource';
    case 429:
      return 'the server has received too many requests and has asked us to try again later';
    case 503:
      return 'the server is currently unable to handle the request';
    case 504:
      return 'the server was unable to return a response in the time allotted, but may still be processing the request';
    default:
      return status >= 500
        ? `an error on the server (${JSON.stringify(body.trim() === '' ? 'unknown' : body.trim())}) has prevented the request from succeeding`
        : `the server responded with the status code ${status} but did not return more information`;
  }
}
