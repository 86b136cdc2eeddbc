import type { KubeObject } from '../objects/json.ts';
import { versionOf } from '../objects/key.ts';
import type { WebhookParts } from './admission/webhooks/webhooks.ts';
import type { Catalog } from './api/catalog.ts';
import { served } from './api/conversion.ts';
import { serverDecoding } from './server-decoding.ts';

/** How webhooks see objects: in the versions that they ask for, and with the defaults of what they have changed. */
export function webhookForms(catalog: Catalog): Pick<WebhookParts, 'versionsOf' | 'convert' | 'defaults'> {
  return {
    versionsOf: (resource) => [...(catalog.byResource(resource)?.versions.keys() ?? [])],
    convert(object, resource, version) {
      const kind = catalog.byResource(resource);
      const from = versionOf(String(object.apiVersion ?? ''));
      // What only a webhook of its own can convert is shown as it is.
      if (kind === undefined || kind.custom?.convertsWithoutWebhook(from, version) === false) return object;
      return served(kind, object as unknown as KubeObject, version) as unknown as typeof object;
    },
    defaults(object, { resource }) {
      const kind = catalog.byResource(resource);
      if (kind !== undefined) serverDecoding.complete(object, kind, versionOf(String(object.apiVersion ?? '')));
    },
  };
}
