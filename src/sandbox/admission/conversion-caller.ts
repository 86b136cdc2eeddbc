import { Buffer } from 'node:buffer';
import type { KubeObject } from '../../objects/json.ts';
import type { ConversionCaller } from '../schema/structural/custom-kind.ts';
import { Unreachable, type WebhookCaller } from './webhooks/caller.ts';

interface ServiceShape {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly externalName?: string;
  readonly ports?: readonly { readonly port: number }[];
}

/**
 * Calls conversion webhooks the way that admission calls its own. `serviceOf` finds the Service in the store, whose
 * absence and ports are told as the server does.
 */
export function conversionCaller(
  caller: WebhookCaller,
  serviceOf: (namespace: string, name: string) => KubeObject | undefined,
): ConversionCaller {
  return async ({ url, service, caBundle, timeoutMs, review }) => {
    const post = (why: string): Error => new Error(`Post ${JSON.stringify(url)}: ${why}`);
    let target:
      | { readonly namespace: string; readonly name: string; readonly port: number; readonly address: string }
      | undefined;
    if (service !== undefined) {
      const found = serviceOf(service.namespace, service.name);
      if (found === undefined) throw post(`service ${JSON.stringify(service.name)} not found`);
      const spec = (found.spec ?? {}) as ServiceShape;
      if (!(spec.ports ?? []).some(({ port }) => port === service.port))
        throw post(`no service port ${service.port} found for service ${JSON.stringify(service.name)}`);
      target = { ...service, address: `${spec.clusterIP ?? ''}:${service.port}` };
    }
    let answer: { readonly status: number; readonly body: string };
    try {
      answer = await caller({
        url,
        timeoutMs,
        body: review,
        ...(target === undefined ? {} : { service: target }),
        ...(caBundle === undefined ? {} : { ca: Buffer.from(caBundle, 'base64').toString('utf8') }),
      });
    } catch (error) {
      throw error instanceof Unreachable ? post(error.message) : error;
    }
    if (answer.status >= 200 && answer.status < 300) {
      try {
        return JSON.parse(answer.body) as unknown;
      } catch {
        throw new Error("couldn't get version/kind; json parse error: invalid character in the answer");
      }
    }
    throw new Error(statusText(answer));
  };
}

/** What client-go makes of a bad answer: the message of a Status, or a general sentence for the code. */
function statusText({ status, body }: { readonly status: number; readonly body: string }): string {
  switch (status) {
    case 404:
      return 'the server could not find the requested resource';
    case 500:
      return `an error on the server (${JSON.stringify(body.trim())}) has prevented the request from succeeding`;
    case 503:
      return 'the server is currently unable to handle the request';
    case 400:
      return 'the server rejected our request for an unknown reason';
    case 429:
      return 'the server has received too many requests and has asked us to try again later';
    default:
      return status >= 500
        ? `an error on the server (${JSON.stringify(body.trim())}) has prevented the request from succeeding`
        : `the server responded with the status code ${status} but did not return more information`;
  }
}
