import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../src/objects/json.ts';
import type { Uid } from '../../src/objects/key.ts';
import { isFault } from '../../src/outcome/fault.ts';
import type { Policy } from '../../src/plan/plan.ts';
import { dryRun } from '../../src/recover/dry-run.ts';
import { planRecovery } from '../../src/recover/plan-recovery.ts';
import { recover } from '../../src/recover/recover.ts';
import type { PointReader } from '../../src/vault/vault.ts';
import type { Ground } from '../scenarios/lost-and-recovered.ts';
import { temporaryFolder } from './captured-world.ts';
import { accepted, at, CONFIG_MAPS, capturedNamespace, create, eventually, read, WIDGETS } from './namespace-in-use.ts';

const SELECTION: Policy = { selection: { namespaces: ['team-a'] }, fieldOwnership: 'all' };
const QUICK = { bound: 3_000, backend: 3_000, patience: 5_000 };

function capturedObject(reader: PointReader, resource: string, name: string): Promise<KubeObject> {
  const entry = reader.entries.find(
    (one) => one.resource === resource && one.name === name && (one.namespace ?? 'team-a') === 'team-a',
  );
  assert.ok(entry, `${resource} ${name}`);
  return reader.read(entry.row).then((bytes) => JSON.parse(Buffer.from(bytes).toString('utf8')) as KubeObject);
}
/** Managed fields without what owners' UIDs changed in them. */
function managersOf(object: KubeObject): string[] {
  return (object.metadata.managedFields ?? [])
    .map((entry) => [entry.manager, entry.operation, entry.subresource ?? '', entry.time].join(' '))
    .sort();
}

/** Recoveries of a namespace in use, on whatever ground. */
export async function recoveries(on: Ground): Promise<void> {
  const source = await on.place();
  const point = await capturedNamespace(source);
  await source[Symbol.asyncDispose]();

  test('a namespace in use comes back on another control plane: owners, status, managed fields, one Pod', async () => {
    using folder = temporaryFolder();
    const reader = point;
    await using target = await on.place();
    const { cluster, time } = target;
    // The address of the captured Service is taken in the target.
    const taken = { clusterIP: '10.0.0.77', ports: [{ port: 80 }] };
    await create(cluster, at('', 'v1', 'services', 'default'), {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'taken', namespace: 'default' },
      spec: taken,
    });
    const plan = await planRecovery({ cluster, reader, policy: SELECTION });
    assert.deepEqual(plan.refusals, []);
    const result = await recover({
      cluster,
      time,
      reader,
      plan,
      folder: folder.path,
      limits: QUICK,
      settleMs: 3_000,
      readyMs: 2_000,
    });
    assert.deepEqual([result.failed, result.blocked, result.withheld, result.lost], [[], [], [], []]);
    assert.deepEqual(
      result.checks.filter((check) => check.status === 'failed'),
      [],
    );
    assert.equal(result.exit, 0);
    assert.deepEqual([...new Set(result.yields.map(({ reason }) => reason.code))], ['SERVICE-IP-TAKEN']);

    const second = await read(cluster, { ...CONFIG_MAPS, name: 'second' });
    const third = await read(cluster, { ...CONFIG_MAPS, name: 'third' });
    assert.equal(third.metadata.ownerReferences?.[0]?.uid, second.metadata.uid);
    for (const name of ['first', 'second', 'third'])
      assert.deepEqual(
        managersOf(await read(cluster, { ...CONFIG_MAPS, name })),
        managersOf(await capturedObject(reader, 'configmaps', name)),
      );
    const widget = await read(cluster, { ...WIDGETS, name: 'w' });
    assert.deepEqual(widget.status, { phase: 'Ready', observedGeneration: 1 });
    assert.deepEqual(managersOf(widget), managersOf(await capturedObject(reader, 'widgets.example.org', 'w')));
    const deployment = await read(cluster, { ...at('apps', 'v1', 'deployments', 'team-a'), name: 'web' });
    const sets: string[] = [];
    await cluster.list(at('apps', 'v1', 'replicasets', 'team-a'), (item) => void sets.push(item.name), {
      shape: 'metadata',
    });
    assert.deepEqual(sets.length, 1, 'the captured ReplicaSet serves the Deployment');
    const set = await read(cluster, { ...at('apps', 'v1', 'replicasets', 'team-a'), name: sets[0] ?? '' });
    assert.equal(set.metadata.ownerReferences?.[0]?.uid, deployment.metadata.uid);
    let pods = 0;
    await cluster.list(at('', 'v1', 'pods', 'team-a'), () => void pods++);
    assert.equal(pods, 1);
  });

  test('planned against itself nothing is written: everything that lives agrees and is adopted', async () => {
    using folder = temporaryFolder();
    await using source = await on.place();
    const reader = await capturedNamespace(source);
    const { cluster, time } = source;
    const plan = await planRecovery({ cluster, reader, policy: SELECTION });
    assert.deepEqual(plan.refusals, []);
    const result = await recover({
      cluster,
      time,
      reader,
      plan,
      folder: folder.path,
      limits: QUICK,
      settleMs: 0,
      readyMs: 0,
    });
    assert.deepEqual([result.failed, result.blocked, result.writes], [[], [], 0]);
    const third = await read(cluster, { ...CONFIG_MAPS, name: 'third' });
    accepted(await cluster.delete({ ...CONFIG_MAPS, name: 'third' }, { uid: third.metadata.uid as Uid }));
    const again = await planRecovery({ cluster, reader, policy: SELECTION });
    const brought = await recover({
      cluster,
      time,
      reader,
      plan: again,
      folder: folder.path,
      limits: QUICK,
      settleMs: 0,
      readyMs: 0,
    });
    assert.deepEqual(brought.failed, []);
    const back = await read(cluster, { ...CONFIG_MAPS, name: 'third' });
    const second = await read(cluster, { ...CONFIG_MAPS, name: 'second' });
    assert.equal(back.metadata.ownerReferences?.[0]?.uid, second.metadata.uid);
  });

  test('a user who may too little is told what is missing, and a dry run stores nothing', async () => {
    using folder = temporaryFolder();
    const reader = point;
    const bob = { name: 'bob', groups: ['devs'], token: 'bobs-token' };
    await using target = await on.place({ controllerManager: false, users: [bob] });
    const { cluster: admin, time } = target;
    const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'create'] }];
    const group = 'rbac.authorization.k8s.io';
    await create(admin, at(group, 'v1', 'clusterroles'), {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'devs' },
      rules,
    });
    await create(admin, at(group, 'v1', 'clusterrolebindings'), {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'devs' },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'devs' },
      subjects: [{ apiGroup: group, kind: 'Group', name: 'devs' }],
    });
    const cluster = await target.plane.open('bob');
    const plan = await eventually(time, async () => {
      const planned = await planRecovery({ cluster, reader, policy: SELECTION });
      return planned.refusals.length > 0 ? planned : undefined;
    });
    assert.ok(plan.refusals.some(({ reason }) => /patch configmaps/.test(reason.sentence)));
    await assert.rejects(recover({ cluster, time, reader, plan, folder: folder.path }), (error) =>
      isFault(error, 'MISSING-PERMISSION'),
    );
    const { counts } = await dryRun({ cluster, plan, reader });
    assert.equal(counts.refused, 0);
    assert.ok(counts.accepted > 0 && counts['not run'] > 0);
    assert.equal((await admin.get({ ...at('', 'v1', 'namespaces'), name: 'team-a' })).kind, 'rejected');
  });
}
