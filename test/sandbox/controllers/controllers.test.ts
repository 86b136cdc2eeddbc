import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../src/objects/json.ts';
import { deployment, openStage, podTemplate } from './stage.ts';

interface WithStatus extends KubeObject {
  readonly status: {
    readonly [field: string]: unknown;
    readonly conditions?: readonly { readonly type: string; readonly reason: string; readonly status: string }[];
  };
  readonly spec: { readonly [field: string]: unknown };
}
const names = (objects: readonly KubeObject[]): readonly string[] => objects.map(({ metadata }) => metadata.name ?? '');
const reasonOf = (object: WithStatus | undefined, type: string): string | undefined =>
  object?.status.conditions?.find((condition) => condition.type === type)?.reason;

test('a Deployment becomes available, rolls out a new template and keeps the old ReplicaSet', async () => {
  await using stage = await openStage();
  await stage.create('deployments.apps', deployment('web', 3));
  await stage.pass(5);
  assert.equal(stage.get<WithStatus>('deployments.apps', 'web')?.status.availableReplicas, 3);
  await stage.merge('deployments.apps', 'web', {
    spec: { template: { metadata: { labels: { app: 'web', v: '2' } } } },
  });
  await stage.pass(30);
  const web = stage.get<WithStatus>('deployments.apps', 'web');
  assert.equal(reasonOf(web, 'Progressing'), 'NewReplicaSetAvailable');
  assert.equal(web?.metadata.annotations?.['deployment.kubernetes.io/revision'], '2');
  const sizes = stage.list<WithStatus>('replicasets.apps').map(({ spec }) => spec.replicas);
  assert.deepEqual([...sizes].sort(), [0, 3]);
  assert.equal(stage.list('pods').length, 3);
});

test('a rollout that stands still is late after its deadline', async () => {
  await using stage = await openStage({ nodes: false });
  await stage.create('deployments.apps', deployment('web', 1, { progressDeadlineSeconds: 30 }));
  await stage.pass(29);
  assert.equal(reasonOf(stage.get('deployments.apps', 'web'), 'Progressing'), 'ReplicaSetUpdated');
  await stage.pass(5);
  assert.equal(reasonOf(stage.get('deployments.apps', 'web'), 'Progressing'), 'ProgressDeadlineExceeded');
});

test('a Deployment restored before its ReplicaSet has a Pod too many until the old one is adopted (lab 8)', async () => {
  await using stage = await openStage();
  await stage.create('replicasets.apps', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'restored', labels: { app: 'web' } },
    spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: podTemplate({ app: 'web' }) },
  });
  await stage.create('deployments.apps', deployment('web', 1));
  await stage.pass(5);
  const [set, ...more] = stage.list('replicasets.apps');
  assert.deepEqual(more, []);
  assert.equal(set?.metadata.ownerReferences?.[0]?.name, 'web');
});

test('a StatefulSet starts its Pods one after the other, each with its claim', async () => {
  await using stage = await openStage();
  await stage.create('statefulsets.apps', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: podTemplate({ app: 'db' }),
    },
  });
  await stage.settle();
  assert.deepEqual(names(stage.list('pods')), ['db-0']);
  await stage.pass(10);
  assert.deepEqual(names(stage.list('pods')), ['db-0', 'db-1', 'db-2']);
  await stage.merge('statefulsets.apps', 'db', { spec: { replicas: 1 } });
  await stage.pass(20);
  assert.deepEqual(names(stage.list('pods')), ['db-0']);
});

test('a DaemonSet runs once on every node, also on one that comes later', async () => {
  await using stage = await openStage();
  await stage.create('daemonsets.apps', {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: podTemplate({ app: 'agent' }, { tolerations: [{ operator: 'Exists' }] }),
    },
  });
  await stage.pass(5);
  assert.equal(stage.get<WithStatus>('daemonsets.apps', 'agent')?.status.numberReady, 1);
  await stage.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-2' } }, '');
  await stage.pass(5);
  assert.equal(stage.get<WithStatus>('daemonsets.apps', 'agent')?.status.desiredNumberScheduled, 2);
});

test('a Job completes, is deleted after its time, and runs again when it is posted again (lab 8)', async () => {
  await using stage = await openStage();
  const template = podTemplate({}, { restartPolicy: 'Never' });
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'work' },
    spec: { template, ttlSecondsAfterFinished: 60 },
  };
  await stage.create('jobs.batch', job);
  await stage.pass(10);
  const done = stage.get<WithStatus>('jobs.batch', 'work');
  assert.equal(reasonOf(done, 'Complete'), 'CompletionsReached');
  await stage.pass(120);
  assert.deepEqual(names(stage.list('pods')), []);
  await stage.create('jobs.batch', { ...job, status: done?.status });
  await stage.settle();
  assert.equal(stage.list('pods').length, 1);
});

test('a CronJob runs on its schedule and makes up for the last missed time only', async () => {
  await using stage = await openStage();
  const template = podTemplate({}, { restartPolicy: 'Never' });
  await stage.create('cronjobs.batch', {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'often' },
    spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template } } },
  });
  await stage.pass(11 * 60);
  assert.equal(stage.list('jobs.batch').length, 2);
  await stage.merge('cronjobs.batch', 'often', { spec: { suspend: true } });
  await stage.pass(3600);
  await stage.merge('cronjobs.batch', 'often', { spec: { suspend: false } });
  await stage.settle();
  assert.equal(stage.list('jobs.batch').length, 3);
});

test('a namespace goes with all that is in it, but waits for what is held', async () => {
  await using stage = await openStage();
  await stage.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } }, '');
  const held = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', finalizers: ['example.org/held'] } };
  await stage.create('configmaps', held, 'team');
  await stage.create('deployments.apps', deployment('web', 2), 'team');
  await stage.pass(5);
  await stage.remove('namespaces', 'team', '');
  await stage.pass(60);
  const team = stage.get<WithStatus>('namespaces', 'team', '');
  assert.equal(reasonOf(team, 'NamespaceFinalizersRemaining'), 'SomeFinalizersRemain');
  assert.deepEqual(names(stage.list('pods', 'team')), []);
});

test('a volume whose claim is another one of its name is deleted with hostPath and kept with Retain (lab 8)', async () => {
  await using stage = await openStage();
  const volume = (name: string, policy: string): object => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: `/tmp/${name}` },
      persistentVolumeReclaimPolicy: policy,
      claimRef: { namespace: 'default', name: 'data', uid: '11111111-2222-3333-4444-555555555555' },
    },
  });
  await stage.create('persistentvolumes', volume('gone', 'Delete'), '');
  await stage.create('persistentvolumes', volume('kept', 'Retain'), '');
  await stage.settle();
  const left = stage.list<WithStatus>('persistentvolumes', '');
  assert.deepEqual(
    left.map(({ metadata, status }) => [metadata.name, status.phase]),
    [['kept', 'Released']],
  );
});

test('ten thousand objects and two thousand Pods settle in seconds', { timeout: 60_000 }, async (t) => {
  await using stage = await openStage();
  for (let index = 0; index < 200; index += 1) await stage.create('deployments.apps', deployment(`web-${index}`, 10));
  for (let index = 0; index < 7600; index += 1)
    await stage.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `map-${index}` } });
  const before = process.cpuUsage();
  await stage.pass(10);
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  t.diagnostic(`${seconds.toFixed(1)} s of CPU`);
  assert.equal(stage.list<WithStatus>('pods').filter(({ status }) => status.phase === 'Running').length, 2000);
  assert.ok(seconds < 30, `${seconds} s`);
});
