import { apps, core, makeReady, runUntilRest, type Scenario, template } from './scenario.ts';

const labels = { app: 'web' };
const workloads = (namespace: string): readonly string[] => [
  apps(namespace, 'deployments'),
  apps(namespace, 'replicasets'),
  core(namespace, 'pods'),
];
const stateful = (namespace: string): readonly string[] => [
  apps(namespace, 'statefulsets'),
  apps(namespace, 'controllerrevisions'),
  core(namespace, 'pods'),
  core(namespace, 'persistentvolumeclaims'),
];
const deployment = (more: object = {}, annotations: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels, annotations },
  spec: { replicas: 2, selector: { matchLabels: labels }, template: template(labels), ...more },
});
const replicaSet = (name: string, replicas: number): object => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name, labels },
  spec: { replicas, selector: { matchLabels: labels }, template: template(labels) },
});
const statefulSet = (more: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', labels },
  spec: {
    replicas: 2,
    serviceName: 'db',
    selector: { matchLabels: labels },
    template: template(labels),
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Gi' } } },
      },
    ],
    ...more,
  },
});

export const WORKLOADS: readonly Scenario[] = [
  {
    name: 'a Deployment whose Pods stay Pending',
    async play(side, namespace) {
      await side.create(apps(namespace, 'deployments'), deployment({}, { 'example.org/note': 'copied' }));
      return side.rest(workloads(namespace));
    },
  },
  {
    name: 'a Deployment whose Pods become ready',
    async play(side, namespace) {
      await side.create(apps(namespace, 'deployments'), deployment());
      return runUntilRest(side, namespace, workloads(namespace));
    },
  },
  {
    name: 'a rollout to a new template, then back to the first',
    async play(side, namespace) {
      await side.create(apps(namespace, 'deployments'), deployment({ replicas: 3 }));
      await runUntilRest(side, namespace, workloads(namespace));
      const path = `${apps(namespace, 'deployments')}/web`;
      await side.merge(path, { spec: { template: template(labels, 'example.org/a:2') } });
      await runUntilRest(side, namespace, workloads(namespace));
      await side.merge(path, { spec: { template: template(labels) } });
      return runUntilRest(side, namespace, workloads(namespace));
    },
  },
  {
    name: 'Recreate, scaled and paused',
    async play(side, namespace) {
      const path = `${apps(namespace, 'deployments')}/web`;
      await side.create(
        apps(namespace, 'deployments'),
        deployment({ strategy: { type: 'Recreate' }, revisionHistoryLimit: 0 }),
      );
      await runUntilRest(side, namespace, workloads(namespace));
      await side.merge(path, { spec: { template: template(labels, 'example.org/a:2') } });
      await runUntilRest(side, namespace, workloads(namespace));
      await side.merge(path, { spec: { paused: true, replicas: 1 } });
      return runUntilRest(side, namespace, workloads(namespace));
    },
  },
  {
    name: 'a Deployment adopts an orphan ReplicaSet of its template',
    async play(side, namespace) {
      await side.create(apps(namespace, 'replicasets'), replicaSet('old', 1));
      await side.rest(workloads(namespace));
      await side.create(apps(namespace, 'deployments'), deployment());
      return side.rest(workloads(namespace));
    },
  },
  {
    name: 'a ReplicaSet adopts a Pod, and releases one whose label changed',
    async play(side, namespace) {
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'lone', labels },
        spec: { containers: [{ name: 'main', image: 'a' }] },
      };
      await side.create(core(namespace, 'pods'), pod);
      await side.create(apps(namespace, 'replicasets'), replicaSet('set', 2));
      await side.rest(workloads(namespace));
      await side.merge(`${core(namespace, 'pods')}/lone`, { metadata: { labels: { app: 'other' } } });
      return side.rest(workloads(namespace));
    },
  },
  {
    name: 'a ReplicaSet scaled down, and one whose Pods are refused',
    async play(side, namespace) {
      await side.create(apps(namespace, 'replicasets'), replicaSet('set', 3));
      await side.rest(workloads(namespace));
      await side.merge(`${apps(namespace, 'replicasets')}/set`, { spec: { replicas: 1 } });
      const refused = template({ app: 'x' }, 'a', { serviceAccountName: 'missing' });
      await side.create(apps(namespace, 'replicasets'), {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name: 'refused' },
        spec: { replicas: 1, selector: { matchLabels: { app: 'x' } }, template: refused },
      });
      return side.rest(workloads(namespace));
    },
  },
  {
    name: 'a StatefulSet in order, with claims',
    async play(side, namespace) {
      await side.create(apps(namespace, 'statefulsets'), statefulSet());
      await side.rest(stateful(namespace));
      await makeReady(side, namespace);
      return side.rest(stateful(namespace));
    },
  },
  {
    name: 'a StatefulSet made ready, updated and scaled down',
    async play(side, namespace) {
      const path = `${apps(namespace, 'statefulsets')}/db`;
      await side.create(apps(namespace, 'statefulsets'), statefulSet({ podManagementPolicy: 'Parallel', replicas: 3 }));
      await runUntilRest(side, namespace, stateful(namespace));
      await side.merge(path, { spec: { template: template(labels, 'example.org/a:2') } });
      await runUntilRest(side, namespace, stateful(namespace));
      await side.merge(path, { spec: { replicas: 1 } });
      return runUntilRest(side, namespace, stateful(namespace));
    },
  },
  {
    name: 'a DaemonSet without nodes',
    async play(side, namespace) {
      await side.create(apps(namespace, 'daemonsets'), {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'agent', annotations: { 'example.org/note': 'x' } },
        spec: { selector: { matchLabels: labels }, template: template(labels) },
      });
      return side.rest([
        apps(namespace, 'daemonsets'),
        apps(namespace, 'controllerrevisions'),
        core(namespace, 'pods'),
      ]);
    },
  },
];
