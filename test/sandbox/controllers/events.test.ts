import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../src/objects/json.ts';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { deployment, openStage, podTemplate, Stage } from './stage.ts';

interface Event extends KubeObject {
  readonly involvedObject: { readonly kind: string; readonly name: string; readonly [field: string]: unknown };
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count?: number;
  readonly reportingComponent: string;
}
const of = (stage: Stage, kind: string, name?: string): readonly Event[] =>
  stage
    .list<Event>('events', '')
    .filter(({ involvedObject: about }) => about.kind === kind && (name === undefined || about.name === name));
const told = (events: readonly Event[]): readonly string[] =>
  events.map(({ type, reason, message, count }) => `${type} ${reason} ${message} x${count ?? 0}`).sort();

test('a Deployment tells of its ReplicaSet, and that of its Pods', async () => {
  await using stage = await openStage({ nodes: false });
  const made = await stage.create('deployments.apps', deployment('web', 1));
  await stage.settle();
  const [set] = stage.list('replicasets.apps');
  const [pod] = stage.list('pods');
  assert.deepEqual(told(of(stage, 'Deployment')), [
    `Normal ScalingReplicaSet Scaled up replica set ${set?.metadata.name} from 0 to 1 x1`,
  ]);
  assert.deepEqual(told(of(stage, 'ReplicaSet')), [`Normal SuccessfulCreate Created pod: ${pod?.metadata.name} x1`]);
  const [event] = of(stage, 'Deployment');
  assert.match(event?.metadata.name ?? '', /^web\.[0-9a-f]{16}$/);
  assert.deepEqual(
    { ...event?.involvedObject, resourceVersion: '' },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'default',
      name: 'web',
      uid: made.metadata.uid,
      resourceVersion: '',
    },
  );
});

test('of many alike nine are told apart and the others as one, and no more than 25 at once', async () => {
  await using stage = await openStage({ nodes: false });
  await stage.create('deployments.apps', deployment('web', 40));
  await stage.settle();
  assert.equal(stage.list('pods').length, 40);
  const events = of(stage, 'ReplicaSet');
  assert.equal(events.length, 10);
  const combined = events.filter(({ message }) => message.startsWith('(combined from similar events): Created pod: '));
  assert.deepEqual(
    combined.map(({ count, reportingComponent }) => [count, reportingComponent]),
    [[16, '']],
  );
});

test('what is told again raises the count of the Event', async () => {
  await using stage = await openStage({ nodes: false });
  await stage.create('poddisruptionbudgets.policy', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'none' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'none' } } },
  });
  await stage.settle();
  assert.deepEqual(told(of(stage, 'PodDisruptionBudget')), ['Normal NoPods No matching pods found x2']);
});

test('an Event is gone an hour after its last write', async () => {
  await using stage = await openStage({ nodes: false });
  await stage.create('deployments.apps', deployment('web', 0));
  await stage.settle();
  await stage.merge('deployments.apps', 'web', { spec: { replicas: 1 } });
  await stage.settle();
  assert.equal(of(stage, 'Deployment').length, 1);
  await stage.pass(3599);
  assert.equal(of(stage, 'Deployment').length, 1);
  await stage.pass(2);
  assert.deepEqual(told(stage.list('events', '')), []);
});

test('a refused Pod is told with the words of the refusal, a bounded number of times', async () => {
  await using stage = await openStage({ nodes: false });
  const hard = { pods: '0' };
  await stage.create('resourcequotas', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'none' },
    spec: { hard },
  });
  await stage.settle();
  await stage.create('deployments.apps', deployment('web', 1));
  await stage.settle();
  await stage.pass(3000);
  const failed = of(stage, 'ReplicaSet').filter(({ reason }) => reason === 'FailedCreate');
  assert.match(failed[0]?.message ?? '', /^Error creating: pods "web-.*" is forbidden: exceeded quota: none/);
  assert.ok(failed.reduce((sum, { count = 0 }) => sum + count, 0) <= 36);
});

test('a CronJob tells of the Jobs it starts and sees end, a node of what it starts', async () => {
  await using stage = await openStage();
  await stage.create('cronjobs.batch', {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick' },
    spec: { schedule: '* * * * *', jobTemplate: { spec: { template: podTemplate({}, { restartPolicy: 'Never' }) } } },
  });
  await stage.settle();
  await stage.pass(70);
  const [job] = stage.list('jobs.batch');
  assert.deepEqual(told(of(stage, 'CronJob')), [
    `Normal SawCompletedJob Saw completed job: ${job?.metadata.name}, condition: Complete x1`,
    `Normal SuccessfulCreate Created job ${job?.metadata.name} x1`,
  ]);
  assert.ok(told(of(stage, 'Job')).includes('Normal Completed Job completed x1'));
  const pod = of(stage, 'Pod').map(({ reason, involvedObject: { fieldPath } }) => [reason, fieldPath]);
  assert.deepEqual(pod.sort(), [
    ['Scheduled', undefined],
    ['Started', 'spec.containers{main}'],
  ]);
});

test('a claim without a class and a volume says so once', async () => {
  await using stage = await openStage({ nodes: false });
  await stage.create('persistentvolumeclaims', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  await stage.settle();
  await stage.pass(600);
  assert.deepEqual(told(of(stage, 'PersistentVolumeClaim')), [
    'Normal FailedBinding no persistent volumes available for this claim and no storage class is set x1',
  ]);
});

test('a sandbox that is told so writes no Events', async () => {
  await using stage = new Stage(await startSandbox({ seed: 7, nodes: true, events: false }));
  await stage.create('deployments.apps', deployment('web', 2));
  await stage.settle();
  await stage.pass(5);
  assert.equal(stage.list('pods').length, 2);
  assert.deepEqual(stage.list('events', ''), []);
});
