import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault } from '../../src/outcome/fault.ts';
import { accepted, type ContractRoom, configMap, map, maps, OTHER, rejected } from './contract-room.ts';

/** What a cluster says of itself, and whether it is the one that is meant. */
export function identityContract(room: ContractRoom): void {
  test('discovery knows what is served, in which versions, and what a resource can do', async () => {
    const { resources, preferred, dead } = await room.cluster.discovery();
    const find = (group: string, resource: string) =>
      resources.find((one) => one.group === group && one.resource === resource);
    assert.deepEqual(dead, []);
    assert.equal(find('', 'configmaps')?.kind, 'ConfigMap');
    assert.equal(find('', 'configmaps')?.namespaced, true);
    assert.equal(find('', 'namespaces')?.namespaced, false);
    assert.ok(find('apps', 'deployments')?.subresources.includes('status'));
    assert.ok(find('apps', 'deployments')?.verbs.includes('watch'));
    assert.ok(find('apps', 'deployments')?.categories.includes('all'));
    assert.deepEqual(preferred[''], ['v1']);
    assert.equal(preferred.autoscaling?.[0], 'v2');
    assert.ok(resources.every((one) => !one.resource.includes('/')));
  });

  test('the version is told', async () => {
    const { gitVersion, major, minor } = await room.cluster.version();
    assert.match(gitVersion, new RegExp(`^v${major}\\.${Number.parseInt(minor, 10)}\\.`));
  });

  test('one may ask beforehand what is allowed', async (t) => {
    const question = { verb: 'create', group: 'apps', resource: 'deployments', namespace: 'default' };
    assert.equal((await room.cluster.mayI(question)).allowed, true);
    if (room.harness.stranger === undefined) {
      t.skip('this cluster knows no users');
      return;
    }
    assert.equal((await room.harness.stranger.mayI(question)).allowed, false);
    rejected(await room.harness.stranger.get(map('default', 'x')), 403, 'Forbidden');
    await assert.rejects(room.harness.stranger.fingerprint(), (error) => isFault(error, 'FINGERPRINT-REFUSED'));
  });

  test('a pinned cluster is written to only when it is the one', async () => {
    const ns = await room.space();
    const own = await room.harness.open();
    const wrong = await room.harness.open();
    try {
      own.pin(await own.fingerprint());
      accepted(await own.create(maps(ns), configMap('mine')));
      wrong.pin(OTHER);
      for (const round of [1, 2])
        await assert.rejects(wrong.create(maps(ns), configMap(`never-${round}`)), (error) =>
          isFault(error, 'WRONG-CLUSTER'),
        );
      const names: string[] = [];
      await room.cluster.list(maps(ns), (item) => void names.push(item.name));
      assert.deepEqual(
        names.filter((name) => name !== 'kube-root-ca.crt'),
        ['mine'],
      );
    } finally {
      await own.close();
      await wrong.close();
    }
  });

  test('a closed cluster answers nothing more', async () => {
    const own = await room.harness.open();
    await own.version();
    await own.close();
    await assert.rejects(own.version(), (error) => isFault(error, 'CLUSTER-CLOSED'));
  });
}
