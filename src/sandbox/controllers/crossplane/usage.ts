import { type ResourceName, resourceName, splitResourceName } from '../../../objects/key.ts';
import type { ControllerContext } from '../controller.ts';
import { asController, type Resource, uidOf } from './resource.ts';
import type { Writer } from './writer.ts';

/** A ProviderConfigUsage named after the managed resource's UID and owned by it, where the provider's group has the kind. */
export async function trackUsage(
  { api }: ControllerContext,
  writer: Writer,
  resource: ResourceName,
  managed: Resource,
): Promise<void> {
  const { group } = splitResourceName(resource);
  const usages = resourceName(group, 'providerconfigusages');
  const config = managed.spec?.providerConfigRef as { name?: string } | undefined;
  if (config?.name === undefined || !api.serves(usages) || api.get(usages, undefined, uidOf(managed)) !== undefined)
    return;
  // Usages are served in the oldest version of the group whatever the managed resource's is.
  await writer.create(usages, undefined, {
    apiVersion: `${group}/v1alpha1`,
    kind: 'ProviderConfigUsage',
    metadata: {
      name: uidOf(managed),
      labels: { 'crossplane.io/provider-config': config.name },
      ownerReferences: [asController(managed)],
    },
    providerConfigRef: { name: config.name },
    resourceRef: { apiVersion: managed.apiVersion, kind: managed.kind, name: managed.metadata.name },
  });
}
