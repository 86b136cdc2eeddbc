import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import type { KubeObject } from '../../src/objects/json.ts';
import type { Policy } from '../../src/plan/plan.ts';
import { recover } from '../../src/recover/recover.ts';
import { captured, codesOf, complaints, type Ground, planned, recovered, runFolder } from './lost-and-recovered.ts';
import { configMap, definition, namespace, podSpec, secret, workload } from './manifests.ts';

const ownedBy = (of: KubeObject) => ({
  ownerReferences: [
    { apiVersion: of.apiVersion, kind: of.kind, name: of.metadata.name ?? '', uid: of.metadata.uid ?? '' },
  ],
});
const only = (selection: Policy['selection']): Policy => ({ selection, fieldOwnership: 'all' });

async function loss(on: Ground): Promise<void> {
  const home = await on.place();
  after(() => home[Symbol.asyncDispose]());
  const { objects } = home;
  await objects.make(...['shop', 'picked', 'gone', 'other'].map((name) => namespace(name)));
  const uidOf = async (named: string) => (await objects.see(`v1 ConfigMap ${named}`)).metadata.uid ?? '';
  for (const at of ['shop', 'picked', 'other']) {
    const root = await objects.make(configMap(`${at}/root`));
    const labels = { part: 'child' };
    const child = await objects.make(configMap(`${at}/child`, { labels, ...ownedBy(root) }));
    await objects.make(configMap(`${at}/grandchild`, { ...ownedBy(child), labels: { part: 'grandchild' } }));
    await objects.make(configMap(`${at}/plain`));
  }
  await objects.make(workload('Deployment', 'gone/app', { replicas: 1 }), secret('gone/password'));
  await objects.until('the app has a Pod', async () => (await objects.names('v1 Pod gone/')).length === 1);
  const sets = await objects.names('apps/v1 ReplicaSet gone/');
  const point = await captured(home);

  test('what a living owner had owned comes back into the same cluster and the owner keeps its UID', async () => {
    const root = await uidOf('shop/root');
    const other = await uidOf('other/child');
    await objects.remove('v1 ConfigMap shop/child');
    await objects.until(
      'the grandchild is collected',
      async () => (await objects.look('v1 ConfigMap shop/grandchild')) === undefined,
    );
    await objects.remove('v1 ConfigMap other/plain');
    const { result } = await recovered(home, point, { policy: only({ namespaces: ['shop'] }) });
    assert.deepEqual(complaints(result), []);
    assert.equal(result.exit, 0);
    assert.equal(await uidOf('shop/root'), root);
    const child = await objects.see('v1 ConfigMap shop/child');
    assert.equal(child.metadata.ownerReferences?.[0]?.uid, root);
    const grandchild = await objects.see('v1 ConfigMap shop/grandchild');
    assert.equal(grandchild.metadata.ownerReferences?.[0]?.uid, child.metadata.uid);
    assert.equal(await objects.look('v1 ConfigMap other/plain'), undefined, 'other namespaces are left alone');
    assert.equal(await uidOf('other/child'), other);
  });

  test('a selector brings what it picks and the owners of that, and nothing else', async () => {
    for (const name of ['root', 'plain']) await objects.remove(`v1 ConfigMap picked/${name}`);
    await objects.until(
      'all is collected',
      async () => (await objects.names('v1 ConfigMap picked/')).join() === 'kube-root-ca.crt',
    );
    const { plan, result } = await recovered(home, point, {
      policy: only({ namespaces: ['picked'], selector: 'part=child' }),
    });
    assert.deepEqual(complaints(result), []);
    assert.deepEqual(await objects.names('v1 ConfigMap picked/'), ['child', 'kube-root-ca.crt', 'root']);
    const child = await objects.see('v1 ConfigMap picked/child');
    assert.equal(child.metadata.ownerReferences?.[0]?.uid, await uidOf('picked/root'));
    assert.ok(codesOf(plan.omissions).includes('NOT-SELECTED configmaps/picked/plain'));
  });

  test('a namespace that was deleted whole comes back into the same cluster', async () => {
    await objects.remove('v1 Namespace gone');
    await objects.until('the namespace is gone', async () => (await objects.look('v1 Namespace gone')) === undefined);
    const { result } = await recovered(home, point, { policy: only({ namespaces: ['gone'] }), settleMs: 4_000 });
    assert.deepEqual(complaints(result), []);
    await objects.see('v1 Secret gone/password');
    assert.deepEqual(await objects.names('apps/v1 ReplicaSet gone/'), sets);
    assert.equal((await objects.names('v1 Pod gone/')).length, 1);
  });
}

async function fresh(on: Ground): Promise<void> {
  const point = await on.lost(async ({ objects }) => {
    await objects.make(namespace('shop'), definition('shop.example.org', 'Ware'));
    const stuck = await objects.make(configMap('shop/stuck'));
    const child = await objects.make(configMap('shop/child-of-stuck', ownedBy(stuck)));
    await objects.make(configMap('shop/grandchild-of-stuck', ownedBy(child)), configMap('shop/free'));
    await objects.make({
      apiVersion: 'shop.example.org/v1',
      kind: 'Ware',
      metadata: { name: 'book', namespace: 'shop' },
      spec: { price: 1 },
    });
    await objects.make(workload('Deployment', 'shop/app', { replicas: 1 }), secret('shop/password'));
    await objects.make({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly', namespace: 'shop' },
      spec: {
        schedule: '0 3 * * *',
        jobTemplate: { spec: { template: { spec: { ...podSpec(), restartPolicy: 'Never' } } } },
      },
    });
    await objects.until('the app has a Pod', async () => (await objects.names('v1 Pod shop/')).length === 1);
  });

  test('an object that is being deleted in the target blocks only itself and what hangs on it', async () => {
    await using target = await on.place();
    const { objects } = target;
    await objects.make(namespace('shop'), configMap('shop/stuck', { finalizers: ['example.org/never'] }));
    await objects.remove('v1 ConfigMap shop/stuck');
    const folder = runFolder();
    after(() => rmSync(folder, { recursive: true, force: true }));
    const { plan, result } = await recovered(target, point, { folder });
    assert.ok(codesOf(plan.findings).includes('TERMINATING-IN-TARGET configmaps/shop/stuck'));
    assert.deepEqual(plan.refusals, []);
    assert.deepEqual(
      complaints(result).filter((one) => !one.includes('nightly') && !one.includes('barrier')),
      [
        'BLOCKED create configmaps/shop/child-of-stuck',
        'BLOCKED create configmaps/shop/grandchild-of-stuck',
        'TERMINATING create configmaps/shop/stuck',
      ],
    );
    assert.equal(result.exit, 3);
    for (const there of ['v1 ConfigMap shop/free', 'v1 Secret shop/password', 'shop.example.org/v1 Ware shop/book'])
      await objects.see(there);
    await objects.change('v1 ConfigMap shop/stuck', { metadata: { finalizers: null } });
    await objects.until('it is gone', async () => (await objects.look('v1 ConfigMap shop/stuck')) === undefined);
    const again = await recovered(target, point, { plan, folder });
    assert.deepEqual(complaints(again.result), []);
    const child = await objects.see('v1 ConfigMap shop/child-of-stuck');
    assert.equal(child.metadata.ownerReferences?.[0]?.uid, (await objects.see('v1 ConfigMap shop/stuck')).metadata.uid);
  });

  test('a recovery that is complete changes nothing when its plan is carried out again', async () => {
    await using target = await on.place();
    const { objects } = target;
    const plan = await planned(target, point);
    const folder = runFolder();
    after(() => rmSync(folder, { recursive: true, force: true }));
    const { cluster, time } = target;
    const run = { cluster, time, reader: point, plan, folder, settleMs: 3_000, readyMs: 2_000 };
    const first = await recover(run);
    assert.deepEqual(complaints(first), []);
    assert.ok(first.writes > 5);
    await target.plane.stopControllerManager();
    // Since then somebody has decided that the schedule has to rest.
    await objects.change('batch/v1 CronJob shop/nightly', { spec: { suspend: true } });
    const revisions = async () => {
      const kinds = ['v1 ConfigMap', 'v1 Secret', 'apps/v1 Deployment', 'apps/v1 ReplicaSet', 'batch/v1 CronJob'];
      const live = await Promise.all(
        [...kinds, 'shop.example.org/v1 Ware'].map((kind) => objects.all(`${kind} shop/`)),
      );
      return live.flat().map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`);
    };
    const [before, accepted] = [await revisions(), await objects.writes('accepted')];
    const second = await recover(run);
    assert.deepEqual([second.counts.done, second.exit], [first.counts.done, first.exit]);
    assert.deepEqual(await revisions(), before, 'every object is as it was');
    assert.equal(await objects.writes('accepted'), accepted, 'no write was accepted');
  });

  test('planned anew against what it has become, the point is found there: adopted, and nothing is written', async () => {
    await using target = await on.place();
    const { objects } = target;
    await recovered(target, point);
    await target.plane.stopControllerManager();
    const anew = await planned(target, point);
    assert.deepEqual(codesOf(anew.refusals), []);
    assert.deepEqual(
      anew.steps.filter(({ kind }) => kind === 'create').map(({ id }) => id),
      [],
    );
    const before = await objects.writes();
    const { result } = await recovered(target, point, { plan: anew });
    assert.deepEqual([result.writes, complaints(result)], [0, []]);
    assert.equal(await objects.writes(), before);
  });
}

export async function scenarios(on: Ground): Promise<void> {
  await loss(on);
  await fresh(on);
}
