import { isJsonObject, type JsonObject, type KubeObject } from '../../../objects/json.ts';
import { groupOf, type ResourceName, resourceName } from '../../../objects/key.ts';
import type { ObjectApi } from '../../api/api.ts';
import { copyOf } from '../hands.ts';
import { covers } from './covers.ts';
import type { External } from './external.ts';
import { CRDS } from './kinds.ts';
import { CROSSPLANE_USER } from './marks.ts';
import type { Resource } from './resource.ts';

/**
 * provider-kubernetes Objects: `spec.forProvider.manifest` kept in a target cluster. A target that is there already is adopted
 * without a word, and with it the right to delete it (lab 6: the claim from Git alone).
 */
export function clusterObjects(target: () => ObjectApi): External {
  return {
    namesItself: () => true,
    async observe(managed) {
      const found = lookUp(managed);
      if (found === undefined) return { exists: false, upToDate: false, details: {} };
      return {
        exists: true,
        upToDate: covers(found, manifestOf(managed)),
        details: {},
        atProvider: { manifest: copyOf(found) as unknown as JsonObject },
      };
    },
    create: (managed) => applyTo(managed).then(() => ({ details: {} })),
    update: applyTo,
    async delete(managed) {
      const { resource, namespace, name } = placeOf(managed);
      const answer = await target().delete(
        { resource, name, ...(namespace === undefined ? {} : { namespace }) },
        { user: CROSSPLANE_USER, manager: 'provider-kubernetes' },
      );
      if (answer.kind === 'rejected' && answer.status !== 404 && answer.status !== 409) throw new Error(answer.message);
    },
  };

  function lookUp(managed: Resource): KubeObject | undefined {
    const { resource, namespace, name } = placeOf(managed);
    return target().get(resource, namespace, name);
  }

  async function applyTo(managed: Resource): Promise<void> {
    const { resource, namespace, name } = placeOf(managed);
    const manifest = manifestOf(managed);
    const metadata = { ...(isJsonObject(manifest.metadata) ? manifest.metadata : {}), name };
    const answer = await target().patch(
      { resource, name, ...(namespace === undefined ? {} : { namespace }) },
      { kind: 'apply', body: copyOf({ ...manifest, metadata }), force: true },
      { user: CROSSPLANE_USER, manager: `provider-kubernetes/${managed.metadata.name}` },
    );
    if (answer.kind === 'rejected') throw new Error(`cannot apply object: ${answer.message}`);
  }

  function placeOf(managed: Resource): { resource: ResourceName; namespace: string | undefined; name: string } {
    const manifest = manifestOf(managed);
    const metadata = isJsonObject(manifest.metadata) ? manifest.metadata : {};
    const group = groupOf(String(manifest.apiVersion));
    return {
      resource: pluralOf(target(), group, String(manifest.kind)),
      namespace: metadata.namespace as string | undefined,
      name: String(metadata.name ?? managed.metadata.name),
    };
  }
}

function manifestOf(managed: Resource): JsonObject {
  const forProvider = managed.spec?.forProvider;
  const manifest = isJsonObject(forProvider) ? forProvider.manifest : undefined;
  return isJsonObject(manifest) ? manifest : {};
}

function pluralOf(api: ObjectApi, group: string, kind: string): ResourceName {
  for (const definition of api.list(CRDS)) {
    const { spec } = definition as unknown as { spec: { group: string; names: { kind: string; plural: string } } };
    if (spec.group === group && spec.names.kind === kind) return resourceName(group, spec.names.plural);
  }
  const plural = kind
    .toLowerCase()
    .replace(/(s|x|ch)$/, '$1e')
    .replace(/([^aeo])y$/, '$1ie');
  return resourceName(group, `${plural}s`);
}
