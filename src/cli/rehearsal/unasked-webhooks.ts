import type { KubeObject } from '../../objects/json.ts';
import { getAt } from '../../objects/pointer.ts';
import { Unreachable, type WebhookCaller } from '../../sandbox/admission/webhooks/caller.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/**
 * In place of admission webhooks: nobody outside is ever asked. A Service without a ready endpoint refuses connections, as it would; with
 * one, and by URL, everything is allowed without a change, and that it was not asked is told.
 */
export class UnaskedWebhooks {
  #sandbox: Sandbox | undefined;
  readonly names = new Set<string>();

  /** The cluster whose endpoints decide; before that nothing is ready. */
  serve(sandbox: Sandbox): void {
    this.#sandbox = sandbox;
  }

  readonly call: WebhookCaller = async ({ service, url, body }) => {
    if (service !== undefined && !this.#ready(service.namespace, service.name))
      throw new Unreachable(`dial tcp ${service.address}: connect: connection refused`);
    const { request } = body as { readonly request?: { readonly uid?: string } & Readonly<Record<string, unknown>> };
    if (request?.uid === undefined || !('operation' in request))
      throw new Unreachable('conversion webhooks are not asked in a rehearsal');
    this.names.add(service === undefined ? new URL(url).host : `${service.namespace}/${service.name}`);
    const { apiVersion, kind } = body as { readonly apiVersion?: string; readonly kind?: string };
    return { status: 200, body: JSON.stringify({ apiVersion, kind, response: { uid: request.uid, allowed: true } }) };
  };

  #ready(namespace: string, name: string): boolean {
    const slices = this.#sandbox?.api.list('endpointslices.discovery.k8s.io' as never, namespace) ?? [];
    return [...slices].some(
      (slice: KubeObject) =>
        slice.metadata.labels?.['kubernetes.io/service-name'] === name &&
        ((getAt(slice, '/endpoints') ?? []) as readonly { conditions?: { ready?: boolean } }[]).some(
          ({ conditions }) => conditions?.ready !== false,
        ),
    );
  }
}
