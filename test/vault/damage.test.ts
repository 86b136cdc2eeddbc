import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isFault } from '../../src/outcome/fault.ts';
import { openMemory } from '../../src/storage/memory.ts';
import type { Storage } from '../../src/storage/port.ts';
import { digestOf } from '../../src/vault/digest.ts';
import { vaultOn } from '../../src/vault/open-vault.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { keysOf } from '../storage/contract.ts';
import { configMap, TOLD, widget, writeSample } from './sample-point.ts';

const objects = [
  ...Array.from({ length: 60 }, (_, i) => configMap(i, 3000)),
  ...Array.from({ length: 20 }, (_, i) => widget(i)),
];

/** The same storage with one key changed. */
async function copyOf(
  storage: Storage,
  key: string,
  change: (bytes: Buffer) => Uint8Array | undefined,
): Promise<Storage> {
  const copy = openMemory();
  for (const name of await keysOf(storage)) {
    const bytes = Buffer.from(await storage.get(name));
    const changed = name === key ? change(bytes) : bytes;
    if (changed !== undefined) await copy.put(name, changed);
  }
  return copy;
}
/** Everything that can be read, as one text; throws what reading throws. */
async function readAll(vault: Vault): Promise<string> {
  const reader = await vault.open('latest');
  const texts: string[] = [JSON.stringify(reader.manifest), JSON.stringify(reader.entries)];
  for await (const { bytes } of reader.stream()) texts.push(Buffer.from(bytes).toString('utf8'));
  return texts.join('\n');
}
const flip = (at: number, bit: number) => (bytes: Buffer) => {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  return bytes;
};
/** Reproducible numbers in [0, below). */
function* numbers(seed: number): Generator<(below: number) => number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const drawn = state;
    yield (below) => Math.floor((drawn / 2 ** 32) * below);
  }
}

describe('damage', async () => {
  const whole = openMemory();
  const manifest = await writeSample(vaultOn(whole, { packBytes: 60_000 }), objects);
  const keys = await keysOf(whole);
  const folder = `points/${manifest.id.toLowerCase()}`;
  const truth = await readAll(vaultOn(whole));

  test('of any single bit in any key is told by that key, and nothing wrong is ever read', async () => {
    const draw = numbers(20261121);
    const next = (below: number): number => draw.next().value?.(below) ?? 0;
    for (const key of keys) {
      const size = await whole.size(key);
      const places = new Set([0, 1, size - 1, size - 2, ...Array.from({ length: 60 }, () => next(size))]);
      for (const at of places) {
        const vault = vaultOn(await copyOf(whole, key, flip(at, next(8))));
        const error = await readAll(vault).then(
          () => assert.fail(`a flipped bit at byte ${at} of ${key} was not seen`),
          (thrown: unknown) => thrown,
        );
        assert.ok(isFault(error, 'VAULT-DAMAGED'), `${key} at ${at}: ${String(error)}`);
        assert.equal(error.details.key, key);
        assert.ok(error.message.includes(key) && error.hint !== undefined);
      }
    }
  });

  test('by cutting off, lengthening or removing a key is told by that key', async () => {
    for (const key of keys.filter((name) => !name.endsWith('manifest.json'))) {
      const size = await whole.size(key);
      const cuts = [0, 1, Math.floor(size / 2), size - 1].map((end) => (bytes: Buffer) => bytes.subarray(0, end));
      for (const change of [...cuts, () => undefined]) {
        const vault = vaultOn(await copyOf(whole, key, change));
        await assert.rejects(readAll(vault), (error) => isFault(error, 'VAULT-DAMAGED') && error.details.key === key);
      }
    }
    const longer = (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')]);
    for (const key of [`${folder}/index.zst`, `${folder}/manifest.json`])
      await assert.rejects(readAll(vaultOn(await copyOf(whole, key, longer))), (error) =>
        isFault(error, 'VAULT-DAMAGED'),
      );
    const end = await whole.size(`${folder}/manifest.json`);
    for (let cut = 0; cut < end; cut += 37) {
      const vault = vaultOn(await copyOf(whole, `${folder}/manifest.json`, (bytes) => bytes.subarray(0, cut)));
      await assert.rejects(readAll(vault), (error) => isFault(error, 'VAULT-DAMAGED'));
    }
  });

  test('in one frame names the object that was asked for and spares the others', async () => {
    const key = `${folder}/packs/0.pack`;
    const reader = await vaultOn(await copyOf(whole, key, flip(100, 3))).open('latest');
    const told: string[] = [];
    let read = 0;
    for (const { row } of reader.entries)
      await reader.read(row).then(
        () => read++,
        (error: unknown) => {
          assert.ok(isFault(error, 'VAULT-DAMAGED') && error.details.key === key);
          told.push(String(error.details.object));
        },
      );
    assert.equal(told[0], 'configmaps/team-0/settings-0');
    assert.equal(told.length + read, objects.length);
    assert.ok(read > 0);
  });

  test('that swaps two whole points’ packs is seen', async () => {
    const two = openMemory();
    for (const key of keys) await two.put(key, await whole.get(key));
    const other = await writeSample(vaultOn(two, { packBytes: 60_000 }), objects.toReversed());
    const theirs = await two.get(`points/${other.id.toLowerCase()}/packs/0.pack`);
    const swapped = await copyOf(whole, `${folder}/packs/0.pack`, () => theirs);
    await assert.rejects(readAll(vaultOn(swapped)), (error) => isFault(error, 'VAULT-DAMAGED'));
    const manifests = await two.get(`points/${other.id.toLowerCase()}/manifest.json`);
    const misplaced = await copyOf(whole, `${folder}/manifest.json`, () => manifests);
    await assert.rejects(
      readAll(vaultOn(misplaced)),
      (error) => isFault(error, 'VAULT-DAMAGED') && /another point/.test(error.message),
    );
  });

  test('does not hide the other points: it is told beside them, and latest never falls back in silence', async () => {
    const storage = await copyOf(whole, `${folder}/manifest.json`, flip(40, 2));
    const vault = vaultOn(storage);
    const before = await writeSample(vault, [configMap(1)], '2026-11-20T00:00:00Z');
    const { points, unusable } = await vault.survey();
    assert.deepEqual(
      points.map(({ id }) => id),
      [before.id],
    );
    assert.deepEqual(
      unusable.map(({ id, fault }) => [id, fault.code]),
      [[manifest.id, 'VAULT-DAMAGED']],
    );
    assert.deepEqual(
      (await vault.points()).map(({ id }) => id),
      [before.id],
    );
    await assert.rejects(vault.open('latest'), (error) => isFault(error, 'VAULT-DAMAGED'));
    assert.equal((await vault.open(before.id)).manifest.id, before.id);
  });

  test('is not what another format version is: that is said as such', async () => {
    const storage = await copyOf(whole, `${folder}/manifest.json`, (bytes) => {
      const body = bytes
        .toString('utf8')
        .replace(/,"sha256":"[0-9a-f]{64}"\}\n$/, '')
        .replace('{"format":1', '{"format":2');
      return Buffer.from(`${body},"sha256":"${digestOf(body)}"}\n`);
    });
    await assert.rejects(vaultOn(storage).open('latest'), (error) => isFault(error, 'VAULT-FORMAT'));
    assert.deepEqual(
      (await vaultOn(storage).survey()).unusable.map(({ fault }) => fault.code),
      ['VAULT-FORMAT'],
    );
  });

  test('is not what an unreadable storage is: that stays the storage’s fault', async () => {
    const broken: Storage = { ...whole, get: () => Promise.reject(new Error('EIO: played by the test')) };
    await assert.rejects(vaultOn(broken).survey(), /EIO/);
  });

  test('is absent from the untouched copy', async () => {
    assert.equal(await readAll(vaultOn(await copyOf(whole, '', (bytes) => bytes))), truth);
    assert.equal(TOLD.complete, manifest.complete);
  });
});
