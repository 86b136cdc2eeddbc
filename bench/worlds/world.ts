import type { KubeObject } from '../../src/objects/json.ts';
import { groupOf, type ResourceName, resourceName, type Uid, versionOf } from '../../src/objects/key.ts';
import type { PointManifest, ResourceRecord, Vault } from '../../src/vault/vault.ts';

/** A kind as a point records it. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
}
const built = (apiVersion: string, kind: string, resource: string, namespaced = true): Kind => ({
  apiVersion,
  kind,
  resource,
  namespaced,
});

/** Built-in kinds that worlds are made of. */
export const BUILT_IN: readonly Kind[] = [
  built('v1', 'Namespace', 'namespaces', false),
  built('v1', 'ConfigMap', 'configmaps'),
  built('v1', 'Secret', 'secrets'),
  built('v1', 'Service', 'services'),
  built('v1', 'ServiceAccount', 'serviceaccounts'),
  built('v1', 'Pod', 'pods'),
  built('v1', 'PersistentVolume', 'persistentvolumes', false),
  built('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  built('apps/v1', 'Deployment', 'deployments'),
  built('apps/v1', 'ReplicaSet', 'replicasets'),
  built('batch/v1', 'CronJob', 'cronjobs'),
  built('batch/v1', 'Job', 'jobs'),
  built('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  built('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  built('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
  built('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  built('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', false),
];

export interface World {
  readonly kinds: readonly Kind[];
  /** In any order; every one with a UID. */
  objects(): Iterable<KubeObject>;
}

/** `deployments.apps` of an object, by the kinds of its world. */
export function resourceOf(kinds: readonly Kind[], object: Pick<KubeObject, 'apiVersion' | 'kind'>): ResourceName {
  return nameOf(kindOf(kinds, object));
}

/** Writes a world into a vault as a complete point of a cluster that does not exist. Resource by resource. */
export async function writeWorld(vault: Vault, world: World, fingerprint: string): Promise<PointManifest> {
  const takenAt = new Date().toISOString();
  const writer = await vault.begin(takenAt);
  const counts = new Map<Kind, number>();
  // Resource by resource, as a capture lists them.
  const byKind = Map.groupBy(world.objects(), (object) => kindOf(world.kinds, object));
  for (const [kind, object] of [...byKind].flatMap(([kind, objects]) =>
    objects.map((object) => [kind, object] as const),
  )) {
    const resource = nameOf(kind);
    const { namespace, name = '', uid = '' } = object.metadata;
    const count = counts.get(kind) ?? 0;
    if (count === 0) writer.declare(resource, { apiVersion: kind.apiVersion, kind: kind.kind });
    counts.set(kind, count + 1);
    await writer.add({ resource, namespace, name, uid: uid as Uid }, Buffer.from(JSON.stringify(object)));
  }
  const resources = world.kinds.map((kind): ResourceRecord => {
    const version = versionOf(kind.apiVersion);
    return {
      resource: nameOf(kind),
      version,
      kind: kind.kind,
      namespaced: kind.namespaced,
      count: counts.get(kind) ?? 0,
      revision: { kind: 'exact' },
      served: [version],
    };
  });
  return await writer.commit({
    takenAt,
    tookMs: 1,
    cluster: { fingerprint: fingerprint as Uid, name: 'bench', version: 'v1.34.4' },
    revision: '1000',
    complete: true,
    resources,
    skipped: [],
    dead: [],
  });
}

function kindOf(kinds: readonly Kind[], { apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): Kind {
  const found = kinds.find((one) => one.kind === kind && one.apiVersion === apiVersion);
  if (found === undefined) throw new Error(`the world has no kind ${kind} of ${apiVersion}`);
  return found;
}

function nameOf({ apiVersion, resource }: Kind): ResourceName {
  return resourceName(groupOf(apiVersion), resource);
}
