import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../src/objects/json.ts';
import { getAt } from '../../src/objects/pointer.ts';
import { amendmentOf } from '../../src/plan/amendment.ts';
import { bodyOf } from '../../src/plan/body.ts';
import { mergeOf } from '../../src/plan/merge.ts';
import { amendsOf, Captured, createOf, isBefore, omissionOf, ownerOf, uidOf } from './captured.ts';

const written = (cluster: Captured, object: KubeObject): unknown =>
  bodyOf(createOf(cluster.plan(), cluster.keyOf(object)), object, () => uidOf('new')).body;

test('a volume is retained and unbound until its claim is bound, then its policy returns', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  const claim = cluster.object(
    'v1',
    'PersistentVolumeClaim',
    'n',
    'data',
    { spec: { volumeName: 'pv' }, status: { phase: 'Bound' } },
    { annotations: { 'pv.kubernetes.io/bind-completed': 'yes', mine: 'stays' } },
  );
  const volume = cluster.object('v1', 'PersistentVolume', undefined, 'pv', {
    spec: {
      persistentVolumeReclaimPolicy: 'Delete',
      claimRef: { namespace: 'n', name: 'data', uid: claim.metadata.uid, resourceVersion: '3' },
    },
  });
  const plan = cluster.plan();
  const body = written(cluster, volume);
  assert.equal(getAt(body, '/spec/persistentVolumeReclaimPolicy'), 'Retain');
  assert.deepEqual(getAt(body, '/spec/claimRef'), { namespace: 'n', name: 'data' });
  assert.deepEqual(getAt(written(cluster, claim), '/metadata/annotations'), { mine: 'stays' });
  assert.ok(isBefore(plan, 'create persistentvolumes/pv', 'create persistentvolumeclaims/n/data'));
  const [amend] = amendsOf(plan, 'persistentvolumes/pv');
  assert.ok(amend?.wait?.kind === 'bound' && amend.needs.includes('create persistentvolumeclaims/n/data' as never));
  assert.deepEqual(
    amendmentOf(amend, volume, () => undefined),
    { spec: { persistentVolumeReclaimPolicy: 'Delete' } },
  );
});

test('a volume whose claim does not come back stays retained, and says so', () => {
  const cluster = new Captured();
  cluster.object('v1', 'PersistentVolume', undefined, 'pv', {
    spec: { persistentVolumeReclaimPolicy: 'Delete', claimRef: { namespace: 'n', name: 'gone', uid: uidOf('gone') } },
  });
  const plan = cluster.plan();
  assert.deepEqual(amendsOf(plan, 'persistentvolumes/pv'), []);
  assert.ok(plan.findings.some((finding) => finding.reason.code === 'VOLUME-STAYS-RETAINED'));
});

test('a finished Job is written suspended with its final status, and only then as it was', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  const labels = {
    'controller-uid': uidOf('Job/n/migrate'),
    'batch.kubernetes.io/controller-uid': uidOf('Job/n/migrate'),
    'job-name': 'migrate',
  };
  const status = {
    succeeded: 1,
    conditions: [
      { type: 'SuccessCriteriaMet', status: 'True' },
      { type: 'Complete', status: 'True' },
    ],
  };
  const job = cluster.object(
    'batch/v1',
    'Job',
    'n',
    'migrate',
    {
      spec: {
        selector: { matchLabels: { 'controller-uid': labels['controller-uid'] } },
        template: { metadata: { labels } },
      },
      status,
    },
    { labels },
  );
  const step = createOf(cluster.plan(), 'jobs.batch/n/migrate');
  const { body, status: after } = bodyOf(step, job, () => undefined);
  assert.equal(getAt(body, '/spec/suspend'), true);
  assert.equal(getAt(body, '/spec/selector'), undefined);
  assert.deepEqual(getAt(body, '/spec/template/metadata/labels'), { 'job-name': 'migrate' });
  assert.deepEqual(after, status);
  const [amend] = amendsOf(cluster.plan(), 'jobs.batch/n/migrate');
  assert.ok(amend !== undefined);
  assert.deepEqual(
    amendmentOf(amend, job, () => undefined),
    { spec: { suspend: null } },
  );
  const running = new Captured();
  running.namespace('n');
  running.object('batch/v1', 'Job', 'n', 'running', { spec: {}, status: { active: 1 } });
  assert.equal(createOf(running.plan(), 'jobs.batch/n/running').writing.status, 'leave');
});

test('schedules come back suspended until everything in their Namespace is there', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  cluster.configMap('n', 'settings');
  const job = cluster.object('batch/v1', 'CronJob', 'n', 'nightly', {
    spec: { schedule: '0 0 * * *', suspend: false },
  });
  const plan = cluster.plan();
  assert.equal(getAt(written(cluster, job), '/spec/suspend'), true);
  const [amend] = amendsOf(plan, 'cronjobs.batch/n/nightly');
  assert.ok(amend?.stage === 'release' && amend.needs.includes('barrier complete n' as never));
  assert.ok(
    plan.steps
      .find((step) => step.id === 'barrier complete n')
      ?.needs.includes('create configmaps/n/settings' as never),
  );
  const already = new Captured();
  already.namespace('n');
  already.object('batch/v1', 'CronJob', 'n', 'off', { spec: { suspend: true } });
  assert.deepEqual(amendsOf(already.plan(), 'cronjobs.batch/n/off'), []);
});

test('a service-account token stays behind, and those who use it are named', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  cluster.object('v1', 'Secret', 'n', 'builder-token', { type: 'kubernetes.io/service-account-token', data: {} });
  cluster.object('v1', 'Secret', 'n', 'pull', { type: 'kubernetes.io/dockerconfigjson', data: {} });
  const account = cluster.object('v1', 'ServiceAccount', 'n', 'builder', {
    secrets: [{ name: 'builder-token' }, { name: 'pull' }],
  });
  cluster.object('apps/v1', 'Deployment', 'n', 'ci', {
    spec: { template: { spec: { containers: [], volumes: [{ name: 't', secret: { secretName: 'builder-token' } }] } } },
  });
  const plan = cluster.plan();
  assert.equal(omissionOf(plan, 'secrets/n/builder-token'), 'omitted SERVICE-ACCOUNT-TOKEN');
  assert.deepEqual(getAt(written(cluster, account), '/secrets'), [{ name: 'pull' }]);
  assert.deepEqual(
    plan.findings.filter((one) => one.reason.code === 'CONSUMER-OF-OMITTED').map((one) => one.key),
    ['deployments.apps/n/ci', 'serviceaccounts/n/builder'],
  );
});

test('what the target mints is left to it; what people wrote into it is merged', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  const fields = (manager: string, fieldsV1: object): object => ({
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time: '2026-11-21T09:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1,
  });
  const edited = cluster.object(
    'v1',
    'ServiceAccount',
    'n',
    'default',
    { imagePullSecrets: [{ name: 'registry' }] },
    {
      annotations: { owner: 'team' },
      managedFields: [
        fields('kubectl-patch', {
          'f:imagePullSecrets': {},
          'f:metadata': { 'f:annotations': { '.': {}, 'f:owner': {} } },
        }),
      ],
    },
  );
  cluster.object(
    'v1',
    'ConfigMap',
    'n',
    'kube-root-ca.crt',
    { data: { 'ca.crt': 'lost' } },
    { managedFields: [fields('kube-controller-manager', { 'f:data': { '.': {}, 'f:ca.crt': {} } })] },
  );
  const plan = cluster.plan();
  assert.equal(omissionOf(plan, 'configmaps/n/kube-root-ca.crt'), 'omitted CLUSTER-CA');
  const step = plan.steps.find((one) => one.kind === 'merge');
  assert.ok(step?.kind === 'merge' && step.target.key === 'serviceaccounts/n/default');
  const live = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default' },
    imagePullSecrets: [{ name: 'of-the-target' }],
  } as KubeObject;
  assert.deepEqual(mergeOf(step, edited, live), {
    metadata: { annotations: { owner: 'team' } },
    imagePullSecrets: [{ name: 'of-the-target' }, { name: 'registry' }],
  });
  assert.equal(mergeOf(step, edited, edited), undefined);
});

test('a ReplicaSet is there before its Deployment, which finds it; the reference follows', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  const deployment = cluster.object('apps/v1', 'Deployment', 'n', 'web', { spec: { replicas: 2 } });
  const set = cluster.object('apps/v1', 'ReplicaSet', 'n', 'web-1', { spec: { replicas: 2 } }, ownerOf(deployment));
  cluster.object('v1', 'Pod', 'n', 'web-1-x', { status: { phase: 'Running' } }, ownerOf(set));
  const plan = cluster.plan();
  assert.ok(isBefore(plan, 'create replicasets.apps/n/web-1', 'create deployments.apps/n/web'));
  assert.equal(getAt(written(cluster, set), '/metadata/ownerReferences'), undefined);
  assert.equal(getAt(written(cluster, set), '/spec/replicas'), 2);
  assert.equal(getAt(written(cluster, deployment), '/spec/paused'), undefined);
  const [amend] = amendsOf(plan, 'replicasets.apps/n/web-1');
  assert.ok(amend !== undefined);
  assert.ok(amend.needs.includes('create deployments.apps/n/web' as never));
  assert.equal(
    getAt(
      amendmentOf(amend, set, () => uidOf('new')),
      '/metadata/ownerReferences/0/uid',
    ),
    uidOf('new'),
  );
  assert.equal(omissionOf(plan, 'pods/n/web-1-x'), 'omitted POD-OF-CONTROLLER');
});

test('what judges writes comes after what it would judge', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  cluster.object('v1', 'ResourceQuota', 'n', 'a-quota', { spec: {} });
  cluster.object('v1', 'Service', 'n', 'hook', { spec: {} });
  cluster.object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', undefined, 'a-policy', {
    webhooks: [{ clientConfig: { service: { namespace: 'n', name: 'hook' } }, rules: [{ apiGroups: [''] }] }],
  });
  cluster.configMap('n', 'z-last');
  const plan = cluster.plan();
  assert.ok(isBefore(plan, 'create configmaps/n/z-last', 'create resourcequotas/n/a-quota'));
  const hook = createOf(plan, 'validatingwebhookconfigurations.admissionregistration.k8s.io/a-policy');
  assert.ok(isBefore(plan, 'create configmaps/n/z-last', hook.id));
  assert.deepEqual(hook.wait, { kind: 'backend', services: ['services/n/hook'], urls: [] });
});

test('a status says of the new generation what it said of the captured one', () => {
  const cluster = new Captured();
  cluster.definition('Widget');
  cluster.namespace('n');
  const widget = cluster.object(
    'example.io/v1',
    'Widget',
    'n',
    'w',
    {
      spec: {},
      status: { observedGeneration: 5, conditions: [{ type: 'Ready', status: 'True', observedGeneration: 4 }] },
    },
    { generation: 5 },
  );
  const step = createOf(cluster.plan(), 'widgets.example.io/n/w');
  assert.deepEqual(bodyOf(step, widget, () => undefined, { generation: 1 }).status, {
    observedGeneration: 1,
    conditions: [{ type: 'Ready', status: 'True', observedGeneration: 0 }],
  });
});

test('nothing comes back of a Namespace or a kind that was being deleted', () => {
  const cluster = new Captured();
  cluster.namespace('dying', { deletionTimestamp: '2026-11-21T09:00:00Z' });
  cluster.configMap('dying', 'c');
  const plan = cluster.plan();
  assert.equal(omissionOf(plan, 'namespaces/dying'), 'omitted WAS-BEING-DELETED');
  assert.equal(omissionOf(plan, 'configmaps/dying/c'), 'omitted NAMESPACE-WAS-BEING-DELETED');
  assert.deepEqual(plan.steps, []);
});

test('a UID of another object that no rule speaks of is a finding', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  const other = cluster.configMap('n', 'other');
  cluster.configMap('n', 'holder', { labels: { of: String(other.metadata.uid) } });
  const [finding] = cluster.plan().findings;
  assert.equal(finding?.reason.code, 'UID-WITHOUT-RULE');
  assert.ok(finding.reason.sentence.includes('/metadata/labels/of'));
});

test('a selector that matches nothing refuses', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  assert.deepEqual(
    cluster.plan({}, { selection: { namespaces: ['absent'] } }).refusals.map(({ reason }) => reason.code),
    ['NOTHING-SELECTED'],
  );
});
