import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault } from '../../src/outcome/fault.ts';
import { openMemory } from '../../src/storage/memory.ts';
import { openVault, vaultOn } from '../../src/vault/open-vault.ts';
import { configMap, writeSample } from './sample-point.ts';

const unknown = (error: unknown): boolean => isFault(error, 'POINT-UNKNOWN');

test('points are told oldest first, and two of one second stay two', async () => {
  const vault = openVault('memory:');
  const times = [
    '2026-11-21T09:30:13.100Z',
    '2026-11-21T09:30:12.900Z',
    '2026-11-21T09:30:13.050Z',
    '2025-01-01T00:00:00Z',
  ];
  for (const takenAt of times) await writeSample(vault, [configMap(1)], takenAt);
  const points = await vault.points();
  assert.deepEqual(
    points.map(({ takenAt }) => takenAt),
    [...times].sort(),
  );
  assert.equal(new Set(points.map(({ id }) => id)).size, 4);
  assert.match(points[0]?.id ?? '', /^20250101T000000Z-[0-9a-f]{8}$/);
  assert.equal((await vault.open('latest')).manifest.takenAt, '2026-11-21T09:30:13.100Z');
});

test('a point is opened by any beginning of its id that names one only', async () => {
  const vault = openVault('memory:');
  await assert.rejects(vault.open('latest'), unknown);
  const old = await writeSample(vault, [configMap(1)], '2025-01-01T00:00:00Z');
  await writeSample(vault, [configMap(1)], '2026-11-21T09:30:12Z');
  for (const wanted of ['2025', '20250101t', old.id]) assert.equal((await vault.open(wanted)).manifest.id, old.id);
  for (const wanted of ['20', '', '2024', `${old.id}0`]) await assert.rejects(vault.open(wanted), unknown, wanted);
});

test('folders without a manifest and foreign keys are no points', async () => {
  const storage = openMemory();
  for (const key of [
    'points/20261121t093012z-00000000/packs/0.pack',
    'points/notes/manifest.json',
    'points/readme',
    'keys/a',
  ])
    await storage.put(key, new Uint8Array(3));
  assert.deepEqual(await vaultOn(storage).survey(), { points: [], unusable: [] });
});

test('a text that names no place is refused', () => {
  for (const place of ['', ' ', 's3://bucket/prefix', 'https://x'])
    assert.throws(
      () => openVault(place),
      (error) => isFault(error, 'VAULT-PLACE'),
      place,
    );
});
