import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openMemory } from '../../src/storage/memory.ts';
import { openVault, vaultOn } from '../../src/vault/open-vault.ts';
import { keysOf } from '../storage/contract.ts';
import { advance, codes, many, names, recordOf, take } from './captures.ts';
import { rawOf } from './scripted-cluster.ts';
import { configMaps, object, things, world } from './world.ts';

describe('a capture', () => {
  test('holds one revision: what appeared after the first list is not in it, what went after is', async () => {
    const vault = openVault('memory:');
    const objects = [object('there'), object('went', { gone: 101 }), object('too-late', { born: 101 })];
    const cluster = world([configMaps(objects)], { namespaces: { script: () => undefined } });
    const moving = { ...cluster.resources[1], script: () => advance(cluster, 1) };
    cluster.resources[1] = moving as never;
    const point = await take(cluster, { vault });
    assert.equal(point.revision, '100');
    assert.ok(point.complete);
    assert.deepEqual(recordOf(point, 'configmaps'), {
      resource: 'configmaps',
      version: 'v1',
      kind: 'ConfigMap',
      namespaced: true,
      count: 2,
      revision: { kind: 'exact' },
      served: [],
    });
    assert.ok((await names(vault)).includes('went') && !(await names(vault)).includes('too-late'));
    assert.deepEqual(
      cluster.asked.map(({ exact }) => exact),
      [undefined, '100', '100', '100'],
    );
    assert.equal(cluster.asked[0]?.resource, 'namespaces');
    assert.equal((await vault.points()).length, 1);
    assert.deepEqual(point.cluster, {
      fingerprint: '11111111-1111-4111-8111-111111111111',
      name: 'scripted',
      version: 'v1.34.4',
    });
  });

  test('keeps the bytes as the server sent them, and gives them back with their type', async () => {
    const vault = openVault('memory:');
    const odd = object('odd', { namespace: 'default', body: { data: { text: 'ü \u2028 "quoted" \\ 1.0' } } });
    await take(world([configMaps([odd])]), { vault });
    const reader = await vault.open('latest');
    const row = reader.entries.findIndex(({ name }) => name === 'odd');
    const text = Buffer.from(await reader.read(row)).toString('utf8');
    assert.equal(text, `{"apiVersion":"v1","kind":"ConfigMap",${rawOf(odd).toString('utf8').slice(1)}`);
  });

  test('lists in parallel, as many as allowed, in pages of the wanted size', async () => {
    const kinds = Array.from({ length: 12 }, (_, i) =>
      things(many(5), { group: `g${i}.example.org`, resource: `things${i}` }),
    );
    const cluster = world(kinds);
    await take(cluster, { parallel: 3, limit: 77 });
    assert.equal(cluster.mostOpen, 3);
    assert.ok(cluster.asked.every(({ limit }) => limit === 77));
  });

  test('tells its progress, and at the end everything is done', async () => {
    const told: string[] = [];
    const point = await take(world([configMaps(many(2500))]), {
      onProgress: ({ stage, round, resourcesDone, resources, objects }) =>
        told.push(`${stage} ${round} ${resourcesDone}/${resources} ${objects}`),
    });
    assert.equal(point.objects, 2502);
    assert.ok(told.includes('listing 1 3/4 2000'), told.join('; '));
    assert.equal(told.at(-1), 'storing 1 4/4 2502');
  });
});

describe('when the revision expires in between', () => {
  const expiring = (times: number) =>
    configMaps(many(3), {
      script: ({ exact, call }) => (exact !== undefined && call <= times ? { kind: 'expired' } : undefined),
    });

  for (const times of [1, 2])
    test(`the whole point begins again (${times})`, async () => {
      const storage = openMemory();
      const vault = vaultOn(storage);
      const cluster = world([expiring(times)], { namespaces: { script: () => advance(cluster, 10) } });
      const point = await take(cluster, { vault });
      assert.ok(point.complete);
      assert.equal(point.revision, String(100 + 10 * (times + 1)));
      assert.equal(point.objects, 5, 'nothing of the rounds before is in it');
      assert.equal(cluster.asked.filter(({ resource }) => resource === 'namespaces').length, times + 1);
      assert.equal(
        new Set((await keysOf(storage)).map((key) => key.split('/')[1])).size,
        1,
        'and nothing of them is stored',
      );
    });

  test('a third time, what expired is listed as it is, and the point is incomplete', async () => {
    const cluster = world([expiring(99), things(many(2))]);
    const point = await take(cluster);
    assert.ok(!point.complete);
    assert.deepEqual(codes(point), ['configmaps LIST-EXPIRED']);
    assert.equal(recordOf(point, 'configmaps')?.count, 3);
    assert.equal(recordOf(point, 'things.example.org')?.count, 2);
    assert.equal(cluster.asked.filter(({ resource }) => resource === 'configmaps').length, 4);
  });

  test('and what can never be listed to its end leaves nothing half', async () => {
    const point = await take(world([configMaps(many(3), { script: () => ({ kind: 'expired' }) })]));
    assert.deepEqual(codes(point), ['configmaps LIST-EXPIRED']);
    assert.equal(recordOf(point, 'configmaps')?.count, 0);
    assert.equal(point.objects, 2);
  });
});
