import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, KubeObject } from '../../src/objects/json.ts';
import type { KeyText } from '../../src/objects/key.ts';
import type { Plan, Target } from '../../src/plan/plan.ts';
import { Pace } from '../../src/recover/pace.ts';
import { configMap, namespace, pointOf, type Sample, temporaryFolder } from './captured-world.ts';
import { id, NOTHING, QUICK, recoverSamples, withSteps } from './recovering.ts';
import { rejection } from './scripted-answers.ts';
import { ScriptedCluster } from './scripted-cluster.ts';

test('addresses and ports that are not free in the target are given up and reported', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  const ports = [
    { port: 80, nodePort: 30080 },
    { port: 81, nodePort: 30081 },
  ];
  const spec = { type: 'NodePort', clusterIP: '10.0.0.9', clusterIPs: ['10.0.0.9'], ports };
  const service: Sample = { apiVersion: 'v1', kind: 'Service', name: 'web', namespace: 'team-a', rest: { spec } };
  cluster.script = ({ verb, key, body }) => {
    if (verb !== 'create' || key !== 'services/team-a/web') return 'through';
    const wanted = body.spec as { clusterIP?: string; ports: { nodePort?: number }[] };
    const causes = [];
    // As the real server: it names the list, whichever of both was given.
    if (wanted.clusterIP !== undefined)
      causes.push({
        field: 'spec.clusterIPs',
        reason: 'FieldValueInvalid',
        message: 'provided IP is already allocated',
      });
    else if (wanted.ports[1]?.nodePort !== undefined)
      causes.push({
        field: 'spec.ports[1].nodePort',
        reason: 'FieldValueInvalid',
        message: 'provided port is already allocated',
      });
    return causes.length === 0 ? 'through' : rejection(422, 'Invalid', 'Service "web" is invalid', causes);
  };
  const result = await recoverSamples([namespace('team-a'), service], cluster, folder.path);
  assert.deepEqual(result.failed, []);
  assert.deepEqual([...new Set(result.yields.map(({ reason }) => reason.code))].sort(), [
    'NODE-PORT-TAKEN',
    'SERVICE-IP-TAKEN',
  ]);
  const written = cluster.at('services/team-a/web').spec as JsonObject;
  assert.deepEqual(written.ports, [{ port: 80, nodePort: 30080 }, { port: 81 }]);
  assert.equal(written.clusterIP, undefined);
  assert.equal(result.exit, 0);
});

test('a step that waits for minutes does not keep others from being tried again, and has no place of a request', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  const [names, tries] = [Array.from({ length: 12 }, (_, index) => `pv-${index}`), { count: 0, at: 0 }];
  const spec = (name: string) => ({ persistentVolumeReclaimPolicy: 'Delete', claimRef: { namespace: 'team-a', name } });
  const volumes = names.map(
    (name): Sample => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      name,
      rest: { spec: spec(name), status: { phase: 'Bound' } },
    }),
  );
  const claims = names.map(
    (name): Sample => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      name,
      namespace: 'team-a',
      rest: { spec: { volumeName: name }, status: { phase: 'Bound' } },
    }),
  );
  cluster.script = ({ key }) => {
    if (key !== 'configmaps/team-a/late') return 'through';
    tries.at = performance.now();
    return ++tries.count < 3 ? rejection(500, 'InternalError', 'failed calling webhook') : 'through';
  };
  const began = performance.now();
  const limits = { ...QUICK, bound: 2_000 };
  const result = await recoverSamples(
    [namespace('team-a'), configMap('late'), ...volumes, ...claims],
    cluster,
    folder.path,
    { limits, pace: new Pace({ most: 2 }) },
  );
  assert.equal(result.withheld.length, 12);
  assert.deepEqual([result.failed, tries.count], [[], 3]);
  const took = performance.now() - began;
  assert.ok(
    tries.at - began < 0.95 * took,
    `tried again after ${Math.round(tries.at - began)} of ${Math.round(took)} ms`,
  );
  assert.ok(took < 5 * limits.bound, 'all waited at the same time');
});

test('refusals that no retry heals have their own codes and stop only their branch', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  const fates: Record<string, ReturnType<typeof rejection>> = {
    'configmaps/team-a/strict': rejection(400, 'BadRequest', 'strict decoding error: unknown field "spec.functions"'),
    'configmaps/team-a/secured': rejection(
      403,
      'Forbidden',
      'pods "p" is forbidden: violates PodSecurity "restricted:latest"',
    ),
    'configmaps/team-a/other': rejection(403, 'Forbidden', 'exceeded quota: q'),
    'configmaps/team-a/ends': rejection(403, 'Forbidden', 'namespace team-a is being terminated', [
      { field: '', reason: 'NamespaceTerminating', message: '' },
    ]),
  };
  cluster.script = ({ key }) => fates[key] ?? 'through';
  const names = ['strict', 'secured', 'other', 'ends', 'well'];
  const result = await recoverSamples(
    [namespace('team-a'), ...names.map((name) => configMap(name))],
    cluster,
    folder.path,
  );
  const codes = Object.fromEntries(result.failed.map(({ key, reason }) => [key?.split('/')[2] ?? '', reason.code]));
  assert.deepEqual(codes, { strict: 'FIELD-DROPPED', secured: 'POD-SECURITY', other: 'REFUSED', ends: 'TERMINATING' });
  assert.deepEqual(
    result.checks
      .filter((check) => check.status === 'failed')
      .map((check) => check.key?.split('/')[2])
      .sort(),
    ['ends', 'other', 'secured', 'strict'],
  );
});

test('what the target mints is waited for and merged into; where nobody mints it, it is made', async () => {
  using folder = temporaryFolder();
  using alone = temporaryFolder();
  const account = (): Sample => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    name: 'default',
    namespace: 'team-a',
    rest: { imagePullSecrets: [{ name: 'registry' }] },
  });
  const samples = [namespace('team-a'), { ...account(), fields: true }];
  const cluster = new ScriptedCluster();
  cluster.script = ({ verb, key }) => {
    if (verb === 'create' && key === 'namespaces/team-a')
      setTimeout(
        () =>
          cluster.seed({
            apiVersion: 'v1',
            kind: 'ServiceAccount',
            metadata: { name: 'default', namespace: 'team-a' },
          }),
        20,
      );
    return 'through';
  };
  const merging = (plan: Plan): Plan => {
    const target: Target = {
      key: 'serviceaccounts/team-a/default' as KeyText,
      group: '',
      version: 'v1',
      kind: 'ServiceAccount',
      resource: 'serviceaccounts',
      namespace: 'team-a',
      name: 'default',
    };
    const steps = plan.steps.filter((step) => !step.id.includes('serviceaccounts'));
    const row = pointOf(samples).entries.find((entry) => entry.resource === 'serviceaccounts')?.row ?? -1;
    const source = { kind: 'vault', row, digest: '', uid: '' } as never;
    const needs = steps.map((step) => step.id);
    return withSteps({ ...plan, steps, omissions: [] }, [
      {
        ...NOTHING,
        kind: 'merge',
        id: id('merge sa'),
        stage: 'identity',
        needs,
        target,
        source,
        paths: ['/imagePullSecrets'],
      },
    ]);
  };
  const merged = await recoverSamples(samples, cluster, folder.path, { bend: merging });
  assert.deepEqual(merged.failed, []);
  assert.deepEqual(cluster.at('serviceaccounts/team-a/default').imagePullSecrets, [{ name: 'registry' }]);
  assert.equal(
    cluster.writes.filter(({ key, verb }) => key.includes('serviceaccounts') && verb === 'create').length,
    0,
  );
  const lonely = new ScriptedCluster();
  const made = await recoverSamples(samples, lonely, alone.path, { bend: merging });
  assert.deepEqual(made.failed, []);
  assert.deepEqual(lonely.at('serviceaccounts/team-a/default').imagePullSecrets, [{ name: 'registry' }]);
});

test('an amendment waits for its volume to be bound and is withheld when that never comes', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  const spec = {
    persistentVolumeReclaimPolicy: 'Delete',
    claimRef: { namespace: 'team-a', name: 'c', uid: '01d00000-0000-4000-8000-0000000000ff' },
  };
  const volume: Sample = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    name: 'pv',
    rest: { spec, status: { phase: 'Bound' } },
  };
  const claim: Sample = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    name: 'c',
    namespace: 'team-a',
    rest: { spec: { volumeName: 'pv' }, status: { phase: 'Bound' } },
  };
  const samples = [namespace('team-a'), volume, claim];
  const first = await recoverSamples(samples, cluster, folder.path);
  assert.deepEqual(
    first.withheld.map(({ reason }) => reason.code),
    ['NOT-BOUND'],
  );
  const living = (): JsonObject => cluster.at('persistentvolumes/pv').spec as JsonObject;
  assert.equal(living().persistentVolumeReclaimPolicy, 'Retain');
  cluster.objects.set(
    'persistentvolumes/pv' as KeyText,
    { ...cluster.at('persistentvolumes/pv'), status: { phase: 'Bound' } } as KubeObject,
  );
  const second = await recoverSamples(samples, cluster, folder.path);
  assert.deepEqual([second.withheld, living().persistentVolumeReclaimPolicy], [[], 'Delete']);
});
