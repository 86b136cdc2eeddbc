import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFault } from '../../src/outcome/fault.ts';
import { planRecovery } from '../../src/recover/plan-recovery.ts';
import { type RecoverInput, recover } from '../../src/recover/recover.ts';
import type { RunResult } from '../../src/recover/result.ts';
import { begunPlan } from '../../src/recover/run-folder.ts';
import { planAndRecover, world } from './captured-team.ts';
import { configMap, EVERYTHING, namespace, oldUid, pointOf, temporaryFolder } from './captured-world.ts';
import { QUICK } from './recovering.ts';
import { rejection } from './scripted-answers.ts';
import { ScriptedCluster } from './scripted-cluster.ts';

test('a captured world comes back with its owners relinked, its managed fields and nothing collected', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  const { plan, result } = await planAndRecover(world(), cluster, folder.path);
  assert.deepEqual([result.failed, result.blocked, result.withheld], [[], [], []]);
  assert.equal(result.counts.done, plan.steps.length);
  assert.equal(
    cluster.at('configmaps/team-a/x-3').metadata.ownerReferences?.[0]?.uid,
    cluster.uid('configmaps/team-a/x-2'),
  );
  assert.equal(cluster.at('configmaps/team-a/x-1').metadata.managedFields?.[0]?.manager, 'kustomize-controller');
  assert.equal(cluster.at('configmaps/team-a/x-1').metadata.managedFields?.length, 1);
  assert.deepEqual(cluster.collected, []);
  assert.equal(result.exit, 0, JSON.stringify(result.checks.filter((check) => check.status !== 'verified')));
  assert.ok(!JSON.stringify(cluster.writes).includes('01d00000-'), 'no captured UID was ever written');
});

test('the folder of a run is private, and a second run after a complete one plans anew and adopts everything', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'run');
  const cluster = new ScriptedCluster();
  await planAndRecover(world(), cluster, path);
  assert.deepEqual(
    [path, join(path, 'plan.json'), join(path, 'log.jsonl')].map((one) => statSync(one).mode & 0o777),
    [0o700, 0o600, 0o600],
  );
  assert.equal(begunPlan(path), undefined);
  const before = cluster.writes.length;
  const again = await planAndRecover(world(), cluster, path);
  assert.deepEqual(again.result.failed, []);
  assert.ok(again.result.adopted.length >= 11);
  const creates = cluster.writes.slice(before).filter((write) => write.verb === 'create');
  assert.deepEqual(creates, []);
});

test('an object that appears while the recovery runs stops its dependents and nothing else', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  cluster.script = ({ verb, key }) => {
    if (verb === 'create' && key === 'configmaps/team-a/x-1' && !cluster.objects.has(key))
      cluster.seed({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'x-1', namespace: 'team-a' },
        data: { a: 'other' },
      });
    return 'through';
  };
  const { result } = await planAndRecover(world(), cluster, folder.path);
  assert.deepEqual(
    result.failed.map(({ key, reason }) => [key, reason.code]),
    [['configmaps/team-a/x-1', 'CONFLICT']],
  );
  assert.deepEqual(result.blocked.map(({ key }) => key).sort(), ['configmaps/team-a/x-2', 'configmaps/team-a/x-3']);
  assert.equal(result.exit, 3);
  assert.deepEqual(cluster.at('configmaps/team-a/x-1').data, { a: 'other' });
  assert.ok(cluster.objects.has('configmaps/team-a/y-3' as never));
});

test('an equal object that a controller made faster is adopted, and its children are relinked to it', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  cluster.script = ({ verb, key, body }) => {
    if (verb === 'create' && key === 'configmaps/team-a/x-1' && !cluster.objects.has(key))
      cluster.seed({
        ...(body as { apiVersion: string; kind: string }),
        metadata: { name: 'x-1', namespace: 'team-a' },
      });
    return 'through';
  };
  const { result } = await planAndRecover(world(), cluster, folder.path);
  assert.deepEqual([result.failed, result.adopted], [[], ['configmaps/team-a/x-1']]);
  assert.equal(
    cluster.at('configmaps/team-a/x-2').metadata.ownerReferences?.[0]?.uid,
    cluster.uid('configmaps/team-a/x-1'),
  );
});

test('failures that pass are tried again until they have passed, those that stay fail after a whole round moved nothing', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  const tries = new Map<string, number>();
  const webhook = rejection(500, 'InternalError', 'failed calling webhook "x"');
  const fates = { 'configmaps/team-a/x-1': 3, 'configmaps/team-a/y-1': 1, 'configmaps/team-a/z-3': 1_000 } as Record<
    string,
    number
  >;
  cluster.script = ({ key, verb }) => {
    if (verb !== 'create') return 'through';
    const tried = (tries.get(key) ?? 0) + 1;
    tries.set(key, tried);
    return tried > (fates[key] ?? 0)
      ? 'through'
      : key.endsWith('y-1')
        ? rejection(429, 'TooManyRequests', 'slow down')
        : webhook;
  };
  const { result } = await planAndRecover(world(), cluster, folder.path);
  assert.equal(tries.get('configmaps/team-a/x-1'), 4);
  assert.deepEqual(
    result.failed.map(({ key, reason }) => [key, reason.code]),
    [['configmaps/team-a/z-3', 'UNREACHABLE']],
  );
  assert.ok(cluster.objects.has('configmaps/team-a/x-3' as never));
  assert.equal(result.exit, 3);
  const check = result.checks.find((one) => one.key === 'configmaps/team-a/z-3');
  assert.equal(check?.status, 'failed');
});

test('nothing is written to the wrong cluster, with a plan that is refused, or beside another process', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  const reader = pointOf(world());
  const plan = await planRecovery({ cluster, reader, policy: EVERYTHING });
  const run = (more: Partial<RecoverInput>): Promise<RunResult> =>
    recover({ cluster, reader, plan, folder: folder.path, limits: QUICK, settleMs: 0, readyMs: 0, ...more });
  const other = new ScriptedCluster();
  other.fingerprintUid = 'feed0000-0000-4000-8000-000000000002' as never;
  await assert.rejects(run({ cluster: other }), (error) => isFault(error, 'WRONG-CLUSTER'));
  const incomplete = await planRecovery({ cluster, reader: pointOf(world(), { complete: false }), policy: EVERYTHING });
  await assert.rejects(run({ plan: incomplete }), (error) => isFault(error, 'POINT-INCOMPLETE'));
  writeFileSync(
    join(folder.path, 'lock'),
    JSON.stringify({ pid: process.pid, host: (await import('node:os')).hostname(), began: '' }),
  );
  await assert.rejects(run({}), (error) => isFault(error, 'RUN-BUSY'));
  writeFileSync(
    join(folder.path, 'lock'),
    JSON.stringify({ pid: 2 ** 22 + 1, host: (await import('node:os')).hostname(), began: '' }),
  );
  assert.deepEqual([cluster.writes, other.writes], [[], []]);
  assert.equal((await run({})).exit, 0, 'the lock of a dead process is taken over');
});

test('a target that changes into another cluster while the recovery runs is left alone at once', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  cluster.script = ({ number }) => {
    if (number === 3) cluster.fingerprintUid = 'feed0000-0000-4000-8000-000000000002' as never;
    return 'through';
  };
  await assert.rejects(planAndRecover(world(), cluster, folder.path), (error) => isFault(error, 'WRONG-CLUSTER'));
  assert.ok(cluster.writes.length <= 4 + 1);
});

test('planning that is interrupted ends at once, has written nothing and says so', async () => {
  for (const at of ['before', 'point', 'target', 'plan', 'permissions']) {
    const cluster = new ScriptedCluster();
    const interruption = new AbortController();
    if (at === 'before') interruption.abort();
    const told: string[] = [];
    const planning = planRecovery({
      cluster,
      reader: pointOf(world()),
      policy: EVERYTHING,
      signal: interruption.signal,
      onProgress: ({ kind }) => {
        told.push(kind);
        if (kind === at) interruption.abort();
      },
    });
    await assert.rejects(planning, (error) => isFault(error, 'PLANNING-INTERRUPTED') && error.exit === 130, at);
    if (at !== 'before') assert.equal(told.at(-1), at);
    assert.deepEqual(cluster.writes, []);
  }
});

test('a selection that matches nothing, or is empty, is refused', async () => {
  const cluster = new ScriptedCluster();
  const reader = pointOf(world());
  for (const selection of [{ namespaces: ['nowhere'] }, { namespaces: [] }, { selector: '' }, { selector: 'app=none' }])
    await assert.rejects(
      planRecovery({ cluster, reader, policy: { selection, fieldOwnership: 'all' } }),
      (error) => isFault(error, 'NOTHING-SELECTED'),
      JSON.stringify(selection),
    );
});

test('managed fields that the server drops with a 200 are reported as lost, exit 3', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  cluster.dropsFields = true;
  const { result } = await planAndRecover(
    [namespace('team-a'), configMap('a', { fields: true })],
    cluster,
    folder.path,
  );
  assert.deepEqual(
    result.lost.map(({ reason }) => reason.code),
    ['FIELDS-LOST'],
  );
  assert.equal(result.exit, 3);
});

test('an object under deletion in the target blocks only itself and its dependents', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  cluster.script = ({ verb, key }) => {
    if (verb === 'create' && key === 'configmaps/team-a/x-1' && !cluster.objects.has(key))
      cluster.seed({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'x-1', namespace: 'team-a', deletionTimestamp: '2026-11-21T12:00:00Z', finalizers: ['a/b'] },
      });
    return 'through';
  };
  const { result } = await planAndRecover(world(), cluster, folder.path);
  assert.deepEqual(
    result.failed.map(({ key, reason }) => [key, reason.code]),
    [['configmaps/team-a/x-1', 'TERMINATING']],
  );
  assert.equal(result.blocked.length, 2);
  assert.ok(oldUid(0).startsWith('01d'));
});
