import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openVault } from '../../src/vault/open-vault.ts';
import { codes, many, recordOf, take } from './captures.ts';
import { rejection } from './scripted-cluster.ts';
import { configMaps, crd, object, things, world } from './world.ts';

describe('what makes a point incomplete is named, and the rest is captured', () => {
  const webhookCrds = [
    crd({ group: 'example.org', plural: 'things', versions: ['v1', 'v2'], storage: 'v1', webhook: true }),
  ];
  const cases = [
    [
      'a conversion webhook that is down',
      { script: () => rejection(500, 'conversion webhook for example.org/v1, Kind=Thing failed') },
      'CONVERSION-FAILED',
    ],
    [
      'a conversion webhook that keeps the server from filling its cache',
      { script: () => rejection(429, 'storage is (re)initializing: conversion webhook for example.org/v1 failed') },
      'CONVERSION-FAILED',
    ],
    [
      'an RBAC refusal',
      { script: () => rejection(403, 'things.example.org is forbidden', 'Forbidden') },
      'LIST-FORBIDDEN',
    ],
    ['a resource that went away', { script: () => rejection(404, 'not found') }, 'LIST-GONE'],
    ['any other refusal', { script: () => rejection(418, 'teapot') }, 'LIST-FAILED'],
    ['an answer that makes no sense', { script: () => Promise.reject(new Error('truncated')) }, 'LIST-BROKE-OFF'],
    [
      'an object on two pages',
      { items: (all: ReturnType<typeof many>) => [...all, ...all.slice(0, 1)] },
      'LISTED-TWICE',
    ],
    ['a list shorter than announced', { announced: (items: number) => items + 1 }, 'COUNT-DIFFERS'],
    [
      'an item without a UID',
      { items: (all: ReturnType<typeof many>) => [...all, { name: 'x', uid: '' }] },
      'ITEM-UNNAMED',
    ],
    ['an item without a name', { items: (all: ReturnType<typeof many>) => [...all, object('')] }, 'ITEM-UNNAMED'],
  ] as const;
  for (const [story, part, code] of cases)
    test(story, async () => {
      const vault = openVault('memory:');
      const point = await take(world([things(many(3), part as object), configMaps(many(4))], { crds: webhookCrds }), {
        vault,
      });
      assert.ok(!point.complete);
      assert.deepEqual(codes(point), [`things.example.org ${code}`]);
      assert.match(recordOf(point, 'things.example.org')?.missing?.sentence ?? '', /^things\.example\.org: .{10,}/);
      assert.equal(recordOf(point, 'configmaps')?.count, 4);
      const { entries } = await vault.open('latest');
      assert.equal(
        entries.filter(({ resource }) => resource === 'things.example.org').length,
        recordOf(point, 'things.example.org')?.count,
      );
    });

  test('a list of an unknown length is complete', async () => {
    assert.ok((await take(world([configMaps(many(3), { announced: () => undefined })]))).complete);
  });
});

describe('a list that shrank', () => {
  const sizes = async (before: number, after: number, fingerprints?: string[]) => {
    const vault = openVault('memory:');
    await take(world([configMaps(many(before))]), { vault });
    const later = world([configMaps(many(after))]);
    if (fingerprints !== undefined) later.fingerprints = fingerprints;
    const point = await take(later, { vault });
    assert.ok(point.complete, 'suspicion does not make a point incomplete');
    return recordOf(point, 'configmaps')?.suspect;
  };
  test('is suspect when it is empty or less than half, in the eyes of the newest point of the same cluster', async () => {
    assert.equal((await sizes(5, 0))?.code, 'EMPTY-NOW');
    const fewer = await sizes(40, 19);
    assert.deepEqual([fewer?.code, fewer?.before], ['FEWER-NOW', 40]);
    assert.match(fewer?.sentence ?? '', /configmaps: only 19 objects came back; point .* holds 40/);
    for (const [before, after] of [
      [40, 20],
      [9, 1],
      [0, 0],
      [3, 30],
    ] as const)
      assert.equal(await sizes(before, after), undefined);
  });
  test('is not compared with another cluster', async () => {
    assert.equal(await sizes(40, 0, ['22222222-2222-4222-8222-222222222222']), undefined);
  });
});
