import { core, type Scenario } from './scenario.ts';
import type { Thing } from './sides.ts';

const STALE = '11111111-2222-3333-4444-555555555555';

/** Binding, reclaiming and protecting. */
export const VOLUMES: readonly Scenario[] = [
  {
    name: 'volumes and claims',
    async play(side, namespace) {
      const volume = (name: string, spec: object): Promise<Thing> =>
        side.create('/api/v1/persistentvolumes', {
          apiVersion: 'v1',
          kind: 'PersistentVolume',
          metadata: { name: `${name}-${namespace}` },
          spec: {
            capacity: { storage: '1Gi' },
            accessModes: ['ReadWriteOnce'],
            storageClassName: `class-${namespace}`,
            hostPath: { path: `/tmp/${name}-${namespace}` },
            ...spec,
          },
        });
      const claimRef = { namespace, name: 'gone', uid: STALE, apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
      const csi = { driver: 'csi.example.org', volumeHandle: 'x' };
      await volume('stale', { claimRef, persistentVolumeReclaimPolicy: 'Delete' });
      await volume('retained', { claimRef });
      await volume('csi', { claimRef, persistentVolumeReclaimPolicy: 'Delete', hostPath: undefined, csi });
      await volume('elsewhere', { claimRef, persistentVolumeReclaimPolicy: 'Delete', hostPath: { path: '/data' } });
      await volume('big', { capacity: { storage: '9Gi' } });
      await volume('small', {});
      await volume('reserved', { claimRef: { namespace, name: 'waits' }, storageClassName: 'nobody' });
      await side.rest(['/api/v1/persistentvolumes'], 2500);
      const claim = (name: string, spec: object = {}): Promise<Thing> =>
        side.create(core(namespace, 'persistentvolumeclaims'), {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: `class-${namespace}`,
            resources: { requests: { storage: '1Gi' } },
            ...spec,
          },
        });
      await claim('first');
      await claim('by-name', { volumeName: `big-${namespace}` });
      await claim('nothing', { resources: { requests: { storage: '99Gi' } } });
      // The real binder makes up for a lost race only after 15 s.
      const claims = core(namespace, 'persistentvolumeclaims');
      await side.until(
        'two are bound',
        async () => (JSON.stringify(await side.list(claims)).match(/"Bound"/g) ?? []).length === 2,
      );
      const paths = ['/api/v1/persistentvolumes', claims];
      await side.send('DELETE', `${claims}/first`);
      const left = await side.rest(paths, 4000);
      return left.filter(({ kind, metadata }) => kind !== 'PersistentVolume' || metadata.name.endsWith(namespace));
    },
  },
  {
    name: 'claims with a provisioner, with a first consumer awaited, with the default class; a claim in use',
    async play(side, namespace) {
      const storageClass = (name: string, more: object): Promise<Thing> =>
        side.create('/apis/storage.k8s.io/v1/storageclasses', {
          apiVersion: 'storage.k8s.io/v1',
          kind: 'StorageClass',
          metadata: { name: `${name}-${namespace}` },
          provisioner: 'csi.example.org',
          ...more,
        });
      const path = core(namespace, 'persistentvolumeclaims');
      await storageClass('now', {});
      await storageClass('later', { volumeBindingMode: 'WaitForFirstConsumer' });
      const claim = (name: string, spec: object): Promise<Thing> =>
        side.create(path, {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
        });
      await claim('now', { storageClassName: `now-${namespace}` });
      await claim('later', { storageClassName: `later-${namespace}` });
      await claim('used', { storageClassName: '' });
      const node = `node-${namespace}`;
      await side.create('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: node } });
      const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'used' } }];
      await side.create(core(namespace, 'pods'), {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'user' },
        spec: { nodeName: node, containers: [{ name: 'main', image: 'a' }], volumes },
      });
      await side.rest([path], 1500);
      await side.send('DELETE', `${path}/used`);
      const during = await side.rest([path], 1500);
      await side.send('DELETE', `${core(namespace, 'pods')}/user?gracePeriodSeconds=0`);
      await side.until('the claim is gone', async () => (await side.list(path)).length === 2);
      return during;
    },
  },
];
