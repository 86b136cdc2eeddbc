import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { KubeObject } from '../../src/objects/json.ts';
import { getAt } from '../../src/objects/pointer.ts';
import type { PointReader } from '../../src/vault/vault.ts';
import { complaints, type Ground, type Place, recovered, without } from './lost-and-recovered.ts';
import { namespace, podSpec, workload } from './manifests.ts';
import { watching } from './watching.ts';

const newImage = { spec: { template: { spec: podSpec('example.org/app:2') } } };
const replicasOf = (object: KubeObject) => getAt(object, '/spec/replicas');
const SETS = 'apps/v1 ReplicaSet shop/';
/** Several, because a Deployment that acts too early does so only when it is fast enough. */
const STEADY = ['steady-a', 'steady-b', 'steady-c', 'steady-d', 'steady-e'];
const REVISIONS = 'apps/v1 ControllerRevision shop/';

/** Each steady one has an old ReplicaSet at 0; `moving` stands in the middle of a rollout, because no Pod ever becomes ready here. */
async function world({ objects }: Place): Promise<void> {
  await objects.make(namespace('shop'));
  await objects.make(
    ...STEADY.map((name) => workload('Deployment', `shop/${name}`, { replicas: 2, strategy: { type: 'Recreate' } })),
    workload('Deployment', 'shop/moving', { replicas: 2 }),
    workload('StatefulSet', 'shop/store', { replicas: 2, podManagementPolicy: 'Parallel' }),
    {
      ...workload('Deployment', 'shop/agent'),
      kind: 'DaemonSet',
    },
  );
  const sets = async (count: number) => (await objects.all(SETS)).length === count;
  await objects.until('each Deployment has its ReplicaSet', () => sets(STEADY.length + 1));
  await objects.until('each set has its revision', async () => (await objects.all(REVISIONS)).length === 2);
  for (const name of [...STEADY, 'moving']) await objects.change(`apps/v1 Deployment shop/${name}`, newImage);
  await objects.change('apps/v1 StatefulSet shop/store', newImage);
  await objects.change('apps/v1 DaemonSet shop/agent', newImage);
  await objects.until('both Deployments roll out', () => sets(2 * STEADY.length + 2));
  for (const name of STEADY)
    await objects.until('the old set is at 0 and the new one has its Pods', async () => {
      const pods = await objects.names('v1 Pod shop/', `labelSelector=app=${name}`);
      const steady = (await objects.all(SETS, `labelSelector=app=${name}`)).map(replicasOf).sort();
      return steady.join() === '0,2' && pods.length === 2;
    });
  await objects.until(
    'the other surges',
    async () => (await objects.names('v1 Pod shop/', 'labelSelector=app=moving')).length === 3,
  );
  await objects.until('both revisions are there', async () => (await objects.all(REVISIONS)).length === 4);
}

async function captured<T>(
  point: PointReader,
  resource: string,
  read: (object: KubeObject) => T,
): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  for await (const { entry, bytes } of point.stream())
    if (entry.resource === resource)
      found.set(entry.name, read(JSON.parse(Buffer.from(bytes).toString()) as KubeObject));
  return found;
}

export async function scenarios(on: Ground): Promise<void> {
  const point = await on.lost(world);
  const target = await on.place();
  after(() => target[Symbol.asyncDispose]());
  const { objects, cluster } = target;
  const sets = await watching(cluster, { group: 'apps', version: 'v1', resource: 'replicasets' });
  const pods = await watching(cluster, { group: '', version: 'v1', resource: 'pods' });
  const { result } = await recovered(target, point, { settleMs: 6_000 });
  await Promise.all([sets.stop(), pods.stop()]);
  const added = (app: string) =>
    pods.seen.filter(({ kind, object }) => kind === 'added' && object.metadata.labels?.app === app).length;

  test('nothing is complained of', () => {
    assert.deepEqual(complaints(result), []);
    assert.equal(result.exit, 0);
  });

  test('the ReplicaSets are the captured ones, with their replicas; no other ever appears', async () => {
    const were = await captured(point, 'replicasets.apps', replicasOf);
    assert.equal(were.size, 2 * STEADY.length + 2);
    assert.deepEqual([...new Set(sets.seen.map(({ object }) => object.metadata.name))].sort(), [...were.keys()].sort());
    for (const set of await objects.all(SETS)) {
      assert.equal(replicasOf(set), were.get(set.metadata.name ?? ''), set.metadata.name);
      const deployment = await objects.see(`apps/v1 Deployment shop/${set.metadata.labels?.app}`);
      assert.equal(set.metadata.ownerReferences?.[0]?.uid, deployment.metadata.uid);
      assert.notEqual(getAt(deployment, '/spec/paused'), true);
    }
  });

  test('there are as many Pods as were, and never one more', async () => {
    for (const [app, count] of [...STEADY.map((name) => [name, 2] as const), ['moving', 3], ['store', 2]] as const) {
      assert.equal((await objects.names('v1 Pod shop/', `labelSelector=app=${app}`)).length, count, app);
      assert.equal(added(app), count, `Pods of ${app} that ever appeared`);
    }
  });

  test('the revisions of StatefulSet and DaemonSet are the captured ones, owned by what came back', async () => {
    const were = await captured(point, 'controllerrevisions.apps', ({ data }) => data);
    assert.equal(were.size, 4);
    const are = await objects.all(REVISIONS);
    assert.deepEqual(new Map(are.map(({ metadata, data }) => [metadata.name ?? '', data])), were);
    const owners = [
      await objects.see('apps/v1 StatefulSet shop/store'),
      await objects.see('apps/v1 DaemonSet shop/agent'),
    ].map(({ metadata }) => metadata.uid);
    for (const { metadata } of are) assert.ok(owners.includes(metadata.ownerReferences?.[0]?.uid), metadata.name);
  });

  test('without the rule the Deployment acts before its ReplicaSets are there: Pods start that never were', async () => {
    await using careless = await on.place();
    const surplus = await watching(careless.cluster, { group: '', version: 'v1', resource: 'pods' });
    await recovered(careless, point, { systems: without('FOUND-BY-OWNER'), settleMs: 4_000 });
    await surplus.stop();
    const started = surplus.seen.filter(
      ({ kind, object }) => kind === 'added' && object.metadata.labels?.app === 'moving',
    );
    assert.ok(started.length > 3, `${started.length} Pods of three have been started`);
  });
}
