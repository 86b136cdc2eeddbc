import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { capturePoint } from '../../src/capture/capture-point.ts';
import { openCluster } from '../../src/cluster/open.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import type { KubeObject } from '../../src/objects/json.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { type Typed, typed } from '../cli/typed.ts';
import { deployment, openStage } from './controllers/stage.ts';
import { definitionOf, objectOf } from './definitions/definition-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'seaworthy-start-'));
const APPS = { group: 'apps', version: 'v1' };
const CORE = { group: '', version: 'v1' };
let vault: Vault;
/** What the captured cluster held, by `Kind namespace/name`. */
let there: Map<string, KubeObject>;

before(async () => {
  await using stage = await openStage();
  await stage.create(
    'customresourcedefinitions.apiextensions.k8s.io',
    definitionOf('boats', { sails: { type: 'integer' } }),
    '',
  );
  await stage.settle();
  await stage.create('boats.try.example', objectOf('boats', 'mary', { sails: 2 }));
  await stage.create('deployments.apps', deployment('web', 2));
  await stage.create('configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'prices' },
    data: { tea: '3' },
  });
  await stage.pass(10);
  there = new Map(
    ['boats.try.example', 'deployments.apps', 'replicasets.apps', 'pods', 'nodes', 'namespaces', 'configmaps']
      .flatMap((kind) => stage.list(kind, ''))
      .map((object) => [nameOf(object), object]),
  );
  vault = openVault('memory:');
  await capturePoint({
    cluster: stage.sandbox.cluster(),
    vault,
    clock: { now: () => new Date() },
  });
});
after(async () => {
  await vault.close();
  rmSync(folder, { recursive: true });
});

const nameOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

/** The command as somebody types it, looked at by the kubeconfig that it writes, and ended by Ctrl-C. */
async function started(line: string, look: (cluster: Cluster, kubeconfig: string) => Promise<void>): Promise<Typed> {
  const kubeconfig = join(folder, 'kubeconfig');
  const kept = Object.assign(Object.create(vault) as Vault, {
    open: vault.open.bind(vault),
    close: async () => undefined,
  });
  const { promise: interrupted, resolve: listens } = Promise.withResolvers<() => void>();
  const ended = typed(`${line} --kubeconfig ${kubeconfig}`, { vault: kept, onListening: listens });
  const interrupt = await Promise.race([interrupted, ended.then(({ err }) => Promise.reject(new Error(err)))]);
  const cluster = await openCluster({ kubeconfig, env: {} });
  try {
    await look(cluster, kubeconfig);
  } finally {
    await cluster.close();
    interrupt();
  }
  return ended;
}
async function get(cluster: Cluster, at: Parameters<Cluster['get']>[0]): Promise<KubeObject> {
  const answer = await cluster.get(at);
  assert.equal(answer.kind, 'accepted');
  return (answer as { readonly object: KubeObject }).object;
}

describe('sandbox start --from', () => {
  test('holds what the point holds: uids, owners, managed fields and statuses as they were captured', async () => {
    const { exit, err } = await started('sandbox start --from latest --vault v', async (cluster) => {
      const at = { ...APPS, resource: 'deployments', namespace: 'default', name: 'web' };
      const found = [
        await get(cluster, at),
        await get(cluster, {
          group: 'try.example',
          version: 'v1',
          resource: 'boats',
          namespace: 'default',
          name: 'mary',
        }),
        await get(cluster, { ...CORE, resource: 'configmaps', namespace: 'default', name: 'prices' }),
        await get(cluster, { ...CORE, resource: 'namespaces', name: 'kube-system' }),
        await get(cluster, { ...CORE, resource: 'nodes', name: 'node-1' }),
      ];
      for (const [name, before] of there)
        if (name.startsWith('Pod ') || name.startsWith('ReplicaSet ')) {
          const group = name.startsWith('Pod ') ? CORE : APPS;
          const resource = name.startsWith('Pod ') ? 'pods' : 'replicasets';
          found.push(
            await get(cluster, { ...group, resource, namespace: 'default', name: before.metadata.name ?? '' }),
          );
        }
      assert.equal(found.length, 5 + 1 + 2);
      for (const object of found) {
        const before = there.get(nameOf(object));
        assert.deepEqual(withoutRevision(object), before && withoutRevision(before), nameOf(object));
      }
    });
    assert.equal(exit, 0, err);
    assert.match(err, /It begins as sandbox was at .+: \d+ objects of point \d{8}T\d{6}Z-[0-9a-f]{8}\.\n/);
  });

  test('its controllers go on from there', async () => {
    await started('sandbox start --from latest --vault v', async (cluster) => {
      const at = { ...APPS, resource: 'deployments', namespace: 'default', name: 'web' };
      const { metadata } = await get(cluster, at);
      const patch = { kind: 'merge', body: { spec: { replicas: 1 } } } as const;
      assert.equal((await cluster.patch(at, patch, { uid: metadata.uid as never })).kind, 'accepted');
      for (let tried = 0; tried < 100; tried++) {
        const { status } = await get(cluster, at);
        if ((status as { replicas?: number }).replicas === 1) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.fail('the Deployment was never scaled');
    });
  });

  test('over HTTPS nobody is asked in without a token; with --no-tls everybody is the administrator', async () => {
    const read = (kubeconfig: string) => JSON.parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
    await started('sandbox start', async (cluster, kubeconfig) => {
      assert.match(read(kubeconfig).clusters[0]?.cluster.server ?? '', /^https:\/\/127\.0\.0\.1:\d+$/);
      assert.match(read(kubeconfig).clusters[0]?.cluster['certificate-authority-data'] ?? '', /^[A-Za-z0-9+/]+=*$/);
      assert.equal((await cluster.mayI({ verb: 'create', group: '', resource: 'pods' })).allowed, true);
      const stranger = await openCluster({ kubeconfig, env: {}, token: 'nonsense' });
      await assert.rejects(stranger.fingerprint(), /401|Unauthorized/);
      await stranger.close();
    });
    await started('sandbox start --no-tls', async (_, kubeconfig) => {
      const { server = '' } = read(kubeconfig).clusters[0]?.cluster ?? {};
      assert.match(server, /^http:/);
      assert.equal((await fetch(`${server}/api/v1/secrets`)).status, 200);
    });
  });

  test('a vault without a point to begin from is refused', async () => {
    const { exit, err } = await typed('sandbox start --vault v');
    assert.equal(exit, 2);
    assert.match(err, /--vault says where the point of --from is kept/);
  });
});

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data'?: string };
  }[];
}

function withoutRevision(object: KubeObject): KubeObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
