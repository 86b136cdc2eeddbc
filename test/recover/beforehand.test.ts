import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault } from '../../src/outcome/fault.ts';
import { dryRun } from '../../src/recover/dry-run.ts';
import { missingPermissions } from '../../src/recover/permissions.ts';
import { planRecovery } from '../../src/recover/plan-recovery.ts';
import { recover } from '../../src/recover/recover.ts';
import { exitOf } from '../../src/recover/result.ts';
import { surveyPoint } from '../../src/recover/survey-point.ts';
import { surveyTarget } from '../../src/recover/survey-target.ts';
import { configMap, EVERYTHING, namespace, ownedBy, pointOf, type Sample, temporaryFolder } from './captured-world.ts';
import { rejection } from './scripted-answers.ts';
import { ScriptedCluster } from './scripted-cluster.ts';

const role: Sample = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  name: 'reader',
  rest: { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] },
};
const samples = (): Sample[] => {
  const list: Sample[] = [namespace('team-a'), configMap('a', { fields: true }), role];
  list.push(configMap('b', { owners: [ownedBy(list, 1, { blockOwnerDeletion: true })] }));
  return list;
};

test('who may do everything is asked once; who may not is told each thing that is missing, and nothing is written', async () => {
  const cluster = new ScriptedCluster();
  const reader = pointOf(samples());
  const plan = await planRecovery({ cluster, reader, policy: EVERYTHING });
  assert.equal(cluster.questions, 1);
  assert.deepEqual(plan.refusals, []);
  cluster.denied = ({ verb, resource, subresource }) =>
    verb === '*' ||
    (verb === 'patch' && resource === 'configmaps') ||
    (subresource === 'finalizers' && resource === 'configmaps');
  const refusals = await missingPermissions(cluster, plan, reader);
  assert.deepEqual(
    refusals.map(({ reason }) => reason.code),
    ['MISSING-PERMISSION', 'MISSING-PERMISSION'],
  );
  assert.match(
    refusals.map(({ reason }) => reason.sentence).join(' '),
    /patch configmaps in .*update configmaps\/finalizers in/s,
  );
  using folder = temporaryFolder();
  await assert.rejects(recover({ cluster, reader, plan, folder: folder.path }), (error) =>
    isFault(error, 'MISSING-PERMISSION'),
  );
  assert.deepEqual(cluster.writes, []);
});

test('what is denied in all namespaces and allowed in the one that is needed is allowed', async () => {
  const cluster = new ScriptedCluster();
  const reader = pointOf(samples());
  const plan = await planRecovery({ cluster, reader, policy: EVERYTHING });
  cluster.denied = ({ verb, resource, namespace: place }) =>
    verb === '*' || (resource === 'configmaps' && place !== 'team-a');
  assert.deepEqual(await missingPermissions(cluster, plan, reader), []);
});

test('a role beyond the rights of the user is found by a dry run, though every review says allowed', async () => {
  const cluster = new ScriptedCluster();
  const reader = pointOf(samples());
  const plan = await planRecovery({ cluster, reader, policy: EVERYTHING });
  cluster.denied = ({ verb }) => verb === '*' || verb === 'escalate';
  assert.deepEqual(await missingPermissions(cluster, plan, reader), []);
  cluster.script = ({ key }) =>
    key.includes('clusterroles')
      ? rejection(403, 'Forbidden', 'attempting to grant RBAC permissions not currently held')
      : 'through';
  const refusals = await missingPermissions(cluster, plan, reader);
  assert.match(refusals[0]?.reason.sentence ?? '', /clusterroles.*reader would be refused: attempting to grant/);
  assert.deepEqual(cluster.writes, []);
});

test('a dry run sends every create and stores nothing; what comes only with the plan is not run', async () => {
  const cluster = new ScriptedCluster();
  cluster.seed({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-b' } });
  const list = [...samples(), configMap('c', { namespace: 'team-b' }), configMap('d', { namespace: 'team-b' })];
  const reader = pointOf([...list, namespace('team-b')]);
  const plan = await planRecovery({ cluster, reader, policy: EVERYTHING });
  cluster.script = ({ key }) =>
    key.endsWith('/d') ? rejection(400, 'BadRequest', 'strict decoding error: unknown field "x"') : 'through';
  const before = cluster.objects.size;
  const { steps, counts } = await dryRun({ cluster, plan, reader });
  assert.equal(cluster.objects.size, before);
  assert.deepEqual(cluster.writes, []);
  assert.deepEqual(
    steps.filter((step) => step.status === 'refused').map((step) => [step.key, step.reason?.code]),
    [['configmaps/team-b/d', 'FIELD-DROPPED']],
  );
  assert.deepEqual(
    steps
      .filter((step) => step.status === 'not run')
      .map((step) => step.key)
      .sort(),
    ['configmaps/team-a/a', 'configmaps/team-a/b'],
  );
  assert.equal(counts.accepted, steps.length - 3);
});

test('the survey of a target holds what is there against the point, many by lists and few by name alike', async () => {
  for (const many of [3, 60]) {
    const cluster = new ScriptedCluster();
    const list: Sample[] = [
      namespace('team-a'),
      ...Array.from({ length: many }, (_, index) => configMap(`m-${index}`)),
    ];
    cluster.seed({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
    for (let index = 0; index < many; index++)
      cluster.seed({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: `m-${index}`,
          namespace: 'team-a',
          ...(index === 1 ? { deletionTimestamp: '2026-11-21T12:00:00Z' } : {}),
        },
        data: { a: index === 0 ? 'other' : `m-${index}` },
      });
    cluster.seed({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'not-in-the-point', namespace: 'team-a' } });
    const reader = pointOf(list);
    const { existing } = await surveyTarget(cluster, await surveyPoint(reader), reader);
    const told = [...existing].filter(([key]) => key.startsWith('configmaps/'));
    assert.equal(told.length, many);
    assert.deepEqual(
      told.filter(([, one]) => one.content.kind === 'differs').map(([key]) => key),
      ['configmaps/team-a/m-0'],
    );
    assert.deepEqual(
      told.filter(([, one]) => one.terminating).map(([key]) => key),
      ['configmaps/team-a/m-1'],
    );
  }
});

test('operators that live in the target are found by what knowledge says of them, with their webhooks', async () => {
  const cluster = new ScriptedCluster();
  const spec = (image: string) => ({ replicas: 3, template: { spec: { containers: [{ name: 'manager', image }] } } });
  cluster.seed({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'renamed', namespace: 'default' },
    spec: spec('ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0'),
  });
  cluster.seed({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: spec('web:1'),
  });
  const rules = [{ rules: [{ apiGroups: ['postgresql.cnpg.io'] }] }];
  cluster.seed({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'renamed' },
    webhooks: rules,
  });
  const reader = pointOf([namespace('team-a')]);
  const facts = await surveyTarget(cluster, await surveyPoint(reader), reader);
  assert.deepEqual(
    facts.workloads.map(({ system, key, replicas }) => [system, key, replicas]),
    [['cnpg', 'deployments.apps/default/renamed', 3]],
  );
  assert.deepEqual(
    facts.webhooks.map(({ system, key }) => [system, key.split('/')[1]]),
    [['cnpg', 'renamed']],
  );
});

test('the exit code is 0 only when everything is done and nothing is open but readiness that needs kubelets', () => {
  const counts = { done: 3, failed: 0, blocked: 0, withheld: 0 };
  const check = (kind: 'data' | 'ready' | 'present', status: 'verified' | 'failed' | 'not run') => ({
    id: '',
    kind,
    status,
    code: '',
    sentence: '',
  });
  const fine = { counts, lost: [], checks: [check('present', 'verified'), check('ready', 'not run')] };
  assert.equal(exitOf(fine), 0);
  for (const open of ['failed', 'blocked', 'withheld'] as const)
    assert.equal(exitOf({ ...fine, counts: { ...counts, [open]: 1 } }), 3);
  for (const one of [
    check('data', 'not run'),
    check('present', 'failed'),
    check('present', 'not run'),
    check('ready', 'failed'),
  ])
    assert.equal(exitOf({ ...fine, checks: [one] }), 3);
  assert.equal(
    exitOf({ ...fine, lost: [{ id: '' as never, kind: 'create', reason: { code: 'FIELDS-LOST', sentence: '' } }] }),
    3,
  );
});
