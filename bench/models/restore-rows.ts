import { BUILT_IN_CONTROLLERS } from '../../src/sandbox/controllers/built-in.ts';
import { configMap, gone, metadata, podSpec, STALE, things, volume } from './restore-bodies.ts';
import type { Outcome } from './row.ts';
import { Scene } from './scene.ts';

/** One row of lab 8, on a control plane with its controller manager. */
export interface RestoreRow {
  readonly row: string;
  readonly recorded: Outcome;
  readonly play: (scene: Scene) => Promise<Outcome>;
}

export const RESTORE_ROWS: readonly RestoreRow[] = [
  {
    row: 'PV with `Delete` and a claimRef whose uid is stale',
    recorded: { hostPath: 'deleted', CSI: 'Released' },
    async play(scene) {
      await scene.post(volume('host', { hostPath: { path: '/tmp/data' } }));
      await scene.post(volume('csi', { csi: { driver: 'example.com', volumeHandle: 'v-1' } }));
      await scene.wait(30);
      const csi = scene.get('persistentvolumes', undefined, 'csi')?.status as { phase?: string } | undefined;
      return { hostPath: gone(scene.get('persistentvolumes', undefined, 'host')), CSI: csi?.phase ?? 'deleted' };
    },
  },
  {
    row: 'a Complete Job by POST',
    recorded: { 'Pods started': 1 },
    async play(scene) {
      const at = '2026-11-21T09:00:00Z';
      const condition = { type: 'Complete', status: 'True', lastProbeTime: at, lastTransitionTime: at };
      await scene.post({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: metadata('done'),
        spec: { template: { spec: { ...podSpec, restartPolicy: 'Never' } } },
        status: { succeeded: 1, completionTime: at, startTime: at, conditions: [condition] },
      });
      await scene.wait(5);
      return { 'Pods started': scene.list('pods', 'team').length };
    },
  },
  {
    row: 'service-account-token Secret with a stale service-account uid',
    recorded: { Secret: 'deleted' },
    async play(scene) {
      const annotations = {
        'kubernetes.io/service-account.name': 'default',
        'kubernetes.io/service-account.uid': STALE,
      };
      const body = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: metadata('token', { annotations }),
        type: 'kubernetes.io/service-account-token',
      };
      await scene.post(body);
      await scene.wait(10);
      return { Secret: gone(scene.get('secrets', 'team', 'token')) };
    },
  },
  {
    row: 'owner reference to a kind that does not exist yet',
    recorded: { before: 'kept', 'after its CRD arrived': 'deleted' },
    async play(scene) {
      const owner = { apiVersion: 'example.com/v1', kind: 'Thing', name: 'one', uid: STALE };
      await scene.post(configMap('child', { ownerReferences: [owner] }));
      await scene.wait(45);
      const before = gone(scene.get('configmaps', 'team', 'child'));
      await scene.post(things(['v1'], 'v1'));
      await scene.wait(60);
      return { before, 'after its CRD arrived': gone(scene.get('configmaps', 'team', 'child')) };
    },
  },
  {
    row: 'owner in another namespace; cluster-scoped child of a namespaced owner',
    recorded: { 'child in another namespace': 'deleted', 'cluster-scoped child': 'kept' },
    async play(scene) {
      await scene.post({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } });
      const answer = await scene.post({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'owner', namespace: 'elsewhere' },
      });
      const uid = answer.kind === 'accepted' ? (answer.object.metadata.uid ?? '') : '';
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }];
      await scene.post(configMap('child', { ownerReferences }));
      const rules = {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'child', ownerReferences },
        rules: [],
      };
      await scene.post(rules);
      await scene.wait(45);
      return {
        'child in another namespace': gone(scene.get('configmaps', 'team', 'child')),
        'cluster-scoped child': gone(scene.get('clusterroles.rbac.authorization.k8s.io', undefined, 'child')),
      };
    },
  },
  {
    row: 'Deployment first, then its captured ReplicaSet',
    recorded: { 'refused writes': ['ReplicaSet 409'], 'Pods beyond what was wanted': 1 },
    async play(scene) {
      const labels = { app: 'web' };
      const template = { metadata: { labels }, spec: podSpec };
      const deployment = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: metadata('web', { labels }),
        spec: { replicas: 1, selector: { matchLabels: labels }, template },
      };
      // As it was captured: another control plane of the same kind makes the same ReplicaSet of it.
      const before = await Scene.open(BUILT_IN_CONTROLLERS, {}, 8);
      await before.post({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
      await before.post(deployment);
      await before.wait(2);
      const [set, pod] = [before.list('replicasets.apps', 'team'), before.list('pods', 'team')];
      await before.close();
      let pods = 0;
      scene.sandbox.tap(({ kind, now }) => {
        if (kind === 'added' && now.resource === 'pods') pods++;
      });
      await scene.post(deployment);
      await scene.settle();
      await scene.restore([...set, ...pod], { owners: 'stripped' });
      await scene.wait(5);
      return {
        'refused writes': scene.refused.map(({ object, status }) => `${object.split(' ')[0]} ${status}`),
        'Pods beyond what was wanted': pods - 1,
      };
    },
  },
];
