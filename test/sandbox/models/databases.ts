import type { JsonObject } from '../../../src/objects/json.ts';
import type { ResourceName } from '../../../src/objects/key.ts';
import { ObjectStore } from '../../../src/sandbox/cloud/object-store.ts';
import { BUILT_IN_CONTROLLERS, NODE_CONTROLLERS } from '../../../src/sandbox/controllers/built-in.ts';
import { cnpg } from '../../../src/sandbox/controllers/cnpg/cnpg.ts';
import { type DatabaseOutside, databaseOutside } from '../../../src/sandbox/controllers/cnpg/outside.ts';
import { diskProvisioner } from '../../../src/sandbox/controllers/disk-provisioner.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';

const AS = { user: { name: 'admin', groups: ['system:masters'] }, manager: 'people' };
export const CLUSTERS = 'clusters.postgresql.cnpg.io' as ResourceName;

/** Two clusters that chance upon the same numbers would have one system identifier. */
let nextSeed = 21;

/** A cluster with nodes on which the operator runs; `store` may be that of a lost cluster. */
export interface DatabaseCluster {
  readonly sandbox: Sandbox;
  readonly outside: DatabaseOutside;
  readonly log: readonly string[];
  post(body: JsonObject & { metadata: JsonObject }): Promise<void>;
  cluster(name: string): {
    phase?: string;
    phaseReason?: string;
    conditions?: readonly { type: string; status: string; message: string }[];
  };
}

export async function databaseCluster(store = new ObjectStore(), nodes = true): Promise<DatabaseCluster> {
  const outside = databaseOutside(store);
  const log: string[] = [];
  const node = [...NODE_CONTROLLERS, diskProvisioner('example.com/disks')];
  const controllers = [...BUILT_IN_CONTROLLERS, ...(nodes ? node : [])];
  const sandbox = await startSandbox({
    clock: { start: Date.UTC(2026, 10, 21, 12) },
    seed: nextSeed++,
    controllers,
    log: (line) => log.push(line),
  });
  const post: DatabaseCluster['post'] = async (body) => {
    const group = String(body.apiVersion).includes('/') ? String(body.apiVersion).split('/')[0] : '';
    const lower = String(body.kind).toLowerCase();
    const plural = lower.endsWith('s') ? `${lower}es` : `${lower}s`;
    const resource = (group === '' ? plural : `${plural}.${group}`) as ResourceName;
    const { namespace } = body.metadata as { namespace?: string };
    const answer = await sandbox.api.create({ resource, ...(namespace === undefined ? {} : { namespace }) }, body, AS);
    if (answer.kind === 'rejected') throw new Error(answer.message);
    await sandbox.settle();
  };
  const names = ['Cluster', 'Backup'];
  for (const kind of names) await post(definition(kind));
  await post({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'db' } });
  await post({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'disks', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'example.com/disks',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  sandbox.controllers.start(cnpg(outside));
  await sandbox.settle();
  return {
    sandbox,
    outside,
    log,
    post,
    cluster: (name) => (sandbox.api.get(CLUSTERS, 'db', name)?.status ?? {}) as ReturnType<DatabaseCluster['cluster']>,
  };
}

/** A database that archives to `s3://company/pg/<server>`. */
export function database(name: string, spec: JsonObject, server = name): JsonObject & { metadata: JsonObject } {
  const barmanObjectStore = { destinationPath: 's3://company/pg', serverName: server };
  return {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'Cluster',
    metadata: { name, namespace: 'db' },
    spec: {
      instances: 1,
      imageName: 'ghcr.io/cloudnative-pg/postgresql:16.2',
      storage: { size: '1Gi' },
      backup: { barmanObjectStore },
      ...spec,
    },
  };
}

export const recoveryFrom = (server: string): JsonObject => ({
  bootstrap: { recovery: { source: 'origin' } },
  externalClusters: [{ name: 'origin', barmanObjectStore: { destinationPath: 's3://company/pg', serverName: server } }],
});

function definition(kind: string): JsonObject & { metadata: JsonObject } {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.postgresql.cnpg.io` },
    spec: {
      group: 'postgresql.cnpg.io',
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}
