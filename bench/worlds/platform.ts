import { type SandboxStage, sandboxStage } from '../../src/cli/rehearsal/sandbox-stage.ts';
import { targetObjects } from '../../src/cli/rehearsal/target-objects.ts';
import type { Cluster, CollectionAddress } from '../../src/cluster/port.ts';
import type { JsonObject, KubeObject } from '../../src/objects/json.ts';
import { crd, DISKS, deployment, namespace, TENANT_COMPOSITION, TENANT_DEFINITION } from './platform-manifests.ts';
import type { Kind, World } from './world.ts';

/** How much of what a platform holds. */
export interface PlatformSize {
  /** All objects of the world, captured ones; filled up with ConfigMaps. */
  readonly objects: number;
  readonly claims: number;
  readonly databases: number;
  /** Deployments of two Pods with a Service each. */
  readonly applications: number;
  /** ConfigMaps in the Namespace `tangled` that another one owns. */
  readonly owned: number;
}

/**
 * A platform that lived: claims with composites, managed resources and passwords as in lab 6, databases as in lab 5, applications,
 * all made by models of the operators that run in it. So it is what a capture of such a cluster would hold.
 */
export async function platform(size: PlatformSize): Promise<World> {
  const stage = await sandboxStage({ name: 'production', now: Date.now(), seed: 11, serviceRanges: ['10.96.0.0/16'] });
  try {
    await install(stage.cluster);
    await live(stage, 10);
    await fill(stage.cluster, size);
    await live(stage, 60);
    const living = (await targetObjects(stage.cluster, () => undefined)).length;
    for (let number = living; number < size.objects; number++) await create(stage.cluster, PLAIN, plain(number));
    const objects = await targetObjects(stage.cluster, () => undefined);
    return { kinds: await kindsOf(stage.cluster, objects), objects: () => objects };
  } finally {
    await stage.close();
  }
}

const at = (group: string, version: string, resource: string, namespaced?: string): CollectionAddress => ({
  group,
  version,
  resource,
  ...(namespaced === undefined ? {} : { namespace: namespaced }),
});
const NAMESPACES = at('', 'v1', 'namespaces');
const CLASSES = at('storage.k8s.io', 'v1', 'storageclasses');
const DEFINITIONS = at('apiextensions.k8s.io', 'v1', 'customresourcedefinitions');
const PLAIN = at('', 'v1', 'configmaps', 'settings');
const deployments = (inNamespace: string): CollectionAddress => at('apps', 'v1', 'deployments', inNamespace);

async function install(cluster: Cluster): Promise<void> {
  for (const name of ['crossplane-system', 'cnpg-system', 'teams', 'databases', 'apps', 'settings', 'tangled'])
    await create(cluster, NAMESPACES, namespace(name));
  await create(cluster, CLASSES, DISKS);
  const crossplane = 'apiextensions.crossplane.io';
  for (const body of [
    crd(crossplane, 'v1', 'CompositeResourceDefinition', 'compositeresourcedefinitions'),
    crd(crossplane, 'v1', 'Composition', 'compositions'),
    crd(crossplane, 'v1', 'CompositionRevision', 'compositionrevisions'),
    crd('nop.crossplane.io', 'v1alpha1', 'NopResource', 'nopresources', ['managed']),
    crd('kubernetes.crossplane.io', 'v1alpha2', 'Object', 'objects', ['managed']),
    crd('postgresql.cnpg.io', 'v1', 'Cluster', 'clusters', [], 'Namespaced'),
    crd('postgresql.cnpg.io', 'v1', 'Backup', 'backups', [], 'Namespaced'),
  ])
    await create(cluster, DEFINITIONS, body);
  const provider = (name: string) => ({ 'pkg.crossplane.io/revision': name });
  for (const [where, name, labels, image] of [
    ['crossplane-system', 'crossplane', { app: 'crossplane' }, 'xpkg.example.com/crossplane:v1.20.11'],
    ['crossplane-system', 'provider-nop', provider('provider-nop-5d1'), 'xpkg.example.com/provider-nop:v0.4.0'],
    [
      'crossplane-system',
      'provider-kubernetes',
      provider('provider-kubernetes-77a'),
      'xpkg.example.com/provider-kubernetes:v1.2.1',
    ],
    ['cnpg-system', 'cnpg', { 'app.kubernetes.io/name': 'cloudnative-pg' }, 'ghcr.example.com/cloudnative-pg:1.30.0'],
  ] as const)
    await create(cluster, deployments(where), deployment(name, where, 1, image, labels));
}

async function fill(cluster: Cluster, size: PlatformSize): Promise<void> {
  const crossplane = 'apiextensions.crossplane.io';
  await create(cluster, at(crossplane, 'v1', 'compositions'), TENANT_COMPOSITION);
  await create(cluster, at(crossplane, 'v1', 'compositeresourcedefinitions'), TENANT_DEFINITION);
  const claims = at('platform.example.com', 'v1alpha1', 'tenants', 'teams');
  for (let number = 0; number < size.claims; number++) {
    const name = `tenant-${number}`;
    await patiently(cluster, claims, {
      apiVersion: 'platform.example.com/v1alpha1',
      kind: 'Tenant',
      metadata: { name, namespace: 'teams' },
      spec: { size: 'small', writeConnectionSecretToRef: { name: `${name}-conn` } },
    });
  }
  for (let number = 0; number < size.databases; number++)
    await create(cluster, at('postgresql.cnpg.io', 'v1', 'clusters', 'databases'), {
      apiVersion: 'postgresql.cnpg.io/v1',
      kind: 'Cluster',
      metadata: { name: `db-${number}`, namespace: 'databases' },
      spec: {
        instances: 1,
        imageName: 'ghcr.example.com/postgresql:16.2',
        bootstrap: { initdb: { database: 'app', owner: 'app' } },
        storage: { size: '1Gi' },
        enablePDB: true,
      },
    });
  for (let number = 0; number < size.applications; number++) {
    const name = `app-${number}`;
    await create(
      cluster,
      deployments('apps'),
      deployment(name, 'apps', 2, 'registry.example.com/app:1', { app: name }),
    );
    await create(cluster, at('', 'v1', 'services', 'apps'), {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'apps' },
      spec: { selector: { app: name }, ports: [{ port: 80 }] },
    });
  }
  const tangled = at('', 'v1', 'configmaps', 'tangled');
  const body = { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'a' } };
  const root = await create(cluster, tangled, { ...body, metadata: { name: 'root', namespace: 'tangled' } });
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'root', uid: root.metadata.uid ?? '' }];
  for (let number = 0; number < size.owned; number++)
    await create(cluster, tangled, {
      ...body,
      metadata: { name: `owned-${number}`, namespace: 'tangled', ownerReferences },
    });
}

const plain = (number: number): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: `setting-${number}`, namespace: 'settings', labels: { app: `app-${number % 50}` } },
  data: { 'settings.yaml': `number: ${number}\n${'level: info\n'.repeat(60)}` },
});

/** Lets so many seconds of the platform's time go by. */
const live = (stage: SandboxStage, seconds: number): Promise<void> => stage.time.sleep(seconds * 1000);

async function create(cluster: Cluster, where: CollectionAddress, body: JsonObject): Promise<KubeObject> {
  const answer = await cluster.create(where, body, { fieldManager: 'kubectl-create', fieldValidation: 'Ignore' });
  if (answer.kind === 'rejected') throw new Error(`${where.resource}: ${answer.status} ${answer.message}`);
  return answer.object;
}

/** The definition of claims appears when the operator has made it. */
async function patiently(cluster: Cluster, where: CollectionAddress, body: JsonObject): Promise<void> {
  for (let tried = 0; ; tried++) {
    const answer = await cluster.create(where, body, { fieldManager: 'kubectl-create' });
    if (answer.kind === 'accepted') return;
    if (tried > 500) throw new Error(`${where.resource}: ${answer.status} ${answer.message}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Every resource that is listed, in the version in which its objects are. */
async function kindsOf(cluster: Cluster, objects: readonly KubeObject[]): Promise<Kind[]> {
  const { resources } = await cluster.discovery();
  const used = new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  const kinds = new Map<string, Kind>();
  for (const { group, version, resource, kind, namespaced, verbs } of resources) {
    const apiVersion = group === '' ? version : `${group}/${version}`;
    if (!verbs.includes('list') || !used.has(`${apiVersion} ${kind}`)) continue;
    kinds.set(`${resource}.${group}`, { apiVersion, kind, resource, namespaced });
  }
  return [...kinds.values()];
}
