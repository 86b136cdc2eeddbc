import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../src/objects/json.ts';
import type { ResourceName } from '../../src/objects/key.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { restoredBody } from './body.ts';
import { leftOut } from './left-out.ts';
import { restoreOrder } from './order.ts';
import { restore } from './restore.ts';

const object = (kind: string, name: string, more: object = {}, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '7', ...metadata },
  ...more,
});
const as = (resource: string) => resource as ResourceName;

describe("Velero's rules", () => {
  test('order kinds by a list, the rest by name', () => {
    const given = ['xtenants.example.org', 'services', 'deployments.apps', 'pods', 'nodes', 'namespaces', 'secrets'];
    assert.deepEqual(restoreOrder(given.map(as)), [
      'namespaces',
      'secrets',
      'pods',
      'services',
      'deployments.apps',
      'xtenants.example.org',
    ]);
  });

  test('leave owners and status away, keep finalizers, stamp labels, and free addresses of Services', () => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'one', uid: 'uid-one' };
    const spec = { clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7'], ports: [{ port: 80, nodePort: 30_001 }] };
    const given = object(
      'Service',
      'web',
      { spec, status: { loadBalancer: {} } },
      {
        ownerReferences: [owner],
        finalizers: ['example.org/keep'],
      },
    );
    const { metadata, spec: left, status } = restoredBody(as('services'), given, { shop: 'shop-again' });
    assert.deepEqual(metadata, {
      name: 'web',
      namespace: 'shop-again',
      finalizers: ['example.org/keep'],
      labels: { 'velero.io/backup-name': 'production', 'velero.io/restore-name': 'production-again' },
    });
    assert.deepEqual([left, status], [{ ports: [{ port: 80 }] }, undefined]);
  });

  test('leave out what has ended, what is excluded, and volumes that are provisioned anew', () => {
    const labels = { 'velero.io/exclude-from-backup': 'true' };
    assert.equal(leftOut(as('configmaps'), object('ConfigMap', 'a')), undefined);
    assert.equal(leftOut(as('configmaps'), object('ConfigMap', 'a', {}, { labels })), 'excluded by its label');
    assert.equal(leftOut(as('pods'), object('Pod', 'a', { status: { phase: 'Succeeded' } })), 'had ended');
    const spec = { persistentVolumeReclaimPolicy: 'Delete' };
    assert.equal(leftOut(as('persistentvolumes'), object('PersistentVolume', 'a', { spec })), 'provisioned anew');
  });

  test('do not touch what is there and differs, and try nothing twice', async () => {
    const sandbox = await startSandbox({ controllers: [] });
    const cluster = sandbox.cluster();
    const maps = { group: '', version: 'v1', resource: 'configmaps', namespace: 'default' };
    const map = (name: string, data: object) => object('ConfigMap', name, { data }, { namespace: 'default' });
    await cluster.create(maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'old' }, data: { a: '1' } });
    let turns = 0;
    const backup = [map('old', { a: '2' }), map('new', { a: '2' }), object('ConfigMap', 'lost')];
    const told = await restore(
      cluster,
      backup.map((one) => ({ resource: as('configmaps'), object: one })),
      { between: async () => void turns++ },
    );
    assert.deepEqual([told.created, told.different], [['configmaps/default/new'], ['configmaps/default/old']]);
    assert.deepEqual(told.failed, [{ key: 'configmaps/shop/lost', why: 'namespaces "shop" not found' }]);
    assert.equal(turns, 1);
    const kept = await cluster.get({ ...maps, name: 'old' });
    assert.deepEqual(kept.kind === 'accepted' && kept.object.data, { a: '1' });
    await sandbox.close();
  });
});
