import { Unreachable, type WebhookCaller } from './admission/webhooks/caller.ts';
import { httpCaller } from './admission/webhooks/http-caller.ts';
import type { ConversionCaller } from './schema/structural/custom-kind.ts';

/** Conversion webhooks are called the way admission webhooks are; failures in the words of Go's HTTP client. */
export function conversionCaller(caller: WebhookCaller = httpCaller()): ConversionCaller {
  return async ({ url, service, caBundle, timeoutMs, review }) => {
    const post = `Post ${JSON.stringify(url)}`;
    try {
      const answer = await caller({
        url,
        ...(service === undefined
          ? {}
          : { service: { ...service, address: `${service.name}.${service.namespace}.svc:${service.port}` } }),
        ...(caBundle === undefined ? {} : { ca: Buffer.from(caBundle, 'base64').toString('utf8') }),
        timeoutMs,
        body: review,
      });
      if (answer.status < 200 || answer.status >= 300) throw new Error(answer.body);
      return JSON.parse(answer.body) as unknown;
    } catch (error) {
      if (error instanceof Unreachable) throw new Error(`${post}: ${error.message}`);
      throw error;
    }
  };
}
