import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isFault } from '../../src/outcome/fault.ts';
import { openMemory } from '../../src/storage/memory.ts';
import { digestOf } from '../../src/vault/digest.ts';
import { lacksOf } from '../../src/vault/item-type.ts';
import { openVault, vaultOn } from '../../src/vault/open-vault.ts';
import type { PointReader } from '../../src/vault/vault.ts';
import { keysOf } from '../storage/contract.ts';
import { faulty, PlayedFailure } from '../storage/faulty.ts';
import {
  addAll,
  CONFIG_MAP,
  CONFIG_MAPS,
  configMap,
  type SampleObject,
  TOLD,
  WIDGETS,
  widget,
  writeSample,
} from './sample-point.ts';

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const refusal = (code: string) => (error: unknown) => isFault(error, code);
const folder = (): string => mkdtempSync(join(tmpdir(), 'seaworthy-vault-'));
/** What a reader must give for an object: its own text, with its type in front when the list left it out. */
const served = ({ resource, raw }: SampleObject): string =>
  resource === WIDGETS ? raw : `{"apiVersion":"v1","kind":"ConfigMap",${raw.slice(1)}`;

async function sameObjects(reader: PointReader, objects: readonly SampleObject[]): Promise<void> {
  const sorted = [...objects].sort((a, b) => (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0));
  const streamed: string[] = [];
  for await (const { entry, bytes } of reader.stream()) {
    assert.equal(entry, reader.entries[streamed.length]);
    streamed.push(textOf(bytes));
  }
  assert.deepEqual(streamed, sorted.map(served));
  for (const [row, object] of sorted.entries()) {
    const { resource, namespace, name, uid, raw } = object;
    assert.deepEqual(reader.entries[row], { row, resource, namespace, name, uid, digest: digestOf(raw) });
    assert.equal(textOf(await reader.read(row)), served(object));
  }
}

describe('a recovery point', () => {
  for (const place of ['memory:', 'a directory'])
    test(`in ${place} gives back every object with its type, in stored order`, async () => {
      const path = place === 'memory:' ? place : folder();
      const vault = openVault(path, { packBytes: 1 << 20 });
      const big = { ...configMap(500, 1_500_000), name: 'big' };
      const objects = [
        widget(1),
        ...Array.from({ length: 400 }, (_, i) => configMap(i, 9000)),
        widget(2),
        big,
        configMap(9),
      ];
      const manifest = await writeSample(vault, objects);
      assert.equal(manifest.objects, objects.length);
      assert.equal(
        manifest.bytes,
        objects.reduce((sum, { raw }) => sum + Buffer.byteLength(raw), 0),
      );
      const reader = await vault.open('latest');
      assert.deepEqual(reader.manifest, manifest);
      await sameObjects(reader, objects);
      await reader.close();
      await vault.close();
      if (path !== place) rmSync(path, { recursive: true });
    });

  test('keeps any mix of sizes, resources and interleavings (property)', async () => {
    const object = fc.tuple(fc.boolean(), fc.nat(3), fc.oneof(fc.nat(300), fc.constant(700_000)));
    await fc.assert(
      fc.asyncProperty(fc.array(object, { maxLength: 60 }), async (drawn) => {
        const vault = openVault('memory:', { packBytes: 5000 });
        const objects = drawn.map(([isWidget, space, size], i) =>
          isWidget ? widget(i) : configMap(i, size, `ns-${space}`),
        );
        await writeSample(vault, objects);
        await sameObjects(await vault.open('latest'), objects);
      }),
      { numRuns: 25 },
    );
  });

  test('copies the bytes it is given and gives bytes that are the reader’s own', async () => {
    const vault = openVault('memory:');
    const writer = await vault.begin(TOLD.takenAt);
    writer.declare(CONFIG_MAPS, CONFIG_MAP);
    const object = configMap(1);
    const page = Buffer.from(object.raw);
    await writer.add(object, page);
    page.fill(0);
    await writer.commit(TOLD);
    const reader = await vault.open('latest');
    (await reader.read(0)).fill(0);
    assert.equal(textOf(await reader.read(0)), served(object));
  });

  test('forgets the objects of a resource whose list began again', async () => {
    const vault = openVault('memory:');
    const writer = await vault.begin(TOLD.takenAt);
    await addAll(writer, [...Array.from({ length: 300 }, (_, i) => configMap(i, 9000)), widget(1)]);
    writer.discard(CONFIG_MAPS);
    await writer.add(configMap(7), Buffer.from(configMap(7).raw));
    const manifest = await writer.commit(TOLD);
    assert.equal(manifest.objects, 2);
    await sameObjects(await vault.open('latest'), [configMap(7), widget(1)]);
  });

  test('is readable by its owner only, and nothing stays in the temporary folder', async () => {
    const path = folder();
    const spool = folder();
    const vault = openVault(join(path, 'vault'), { spool });
    const { id } = await writeSample(vault, [configMap(1)]);
    const point = join(path, 'vault', 'points', id.toLowerCase());
    for (const name of ['index.zst', 'manifest.json', 'packs/0.pack'])
      assert.equal(statSync(join(point, name)).mode & 0o777, 0o600, name);
    assert.equal(statSync(join(point, 'packs')).mode & 0o777, 0o700);
    const given = await vault.begin(TOLD.takenAt);
    await addAll(given, [configMap(2)]);
    assert.equal(readdirSync(spool).length, 1);
    await given.abort();
    assert.deepEqual(readdirSync(spool), []);
    rmSync(path, { recursive: true });
    rmSync(spool, { recursive: true });
  });

  test('does not exist before its manifest stands, whatever write fails', async () => {
    const objects = Array.from({ length: 300 }, (_, i) => configMap(i, 9000));
    const rehearsed = faulty(openMemory(), {});
    await writeSample(vaultOn(rehearsed, { packBytes: 40_000 }), objects);
    assert.ok(rehearsed.calls() > 4, 'several packs, the index, the manifest');
    for (let failAt = 1; failAt <= rehearsed.calls(); failAt++) {
      const inner = openMemory();
      const broken = vaultOn(faulty(inner, { failAt }), { packBytes: 40_000 });
      const writer = await broken.begin(TOLD.takenAt);
      await assert.rejects(
        addAll(writer, objects).then(() => writer.commit(TOLD)),
        PlayedFailure,
      );
      assert.deepEqual(await broken.points(), []);
      await writer.abort();
      assert.deepEqual(await keysOf(inner), [], `failed write ${failAt}`);
    }
    for (let crashAfter = 0; crashAfter < rehearsed.calls(); crashAfter++) {
      const inner = openMemory();
      const writer = await vaultOn(faulty(inner, { crashAfter }), { packBytes: 40_000 }).begin(TOLD.takenAt);
      await assert.rejects(
        addAll(writer, objects).then(() => writer.commit(TOLD)),
        PlayedFailure,
      );
      await assert.rejects(writer.abort(), PlayedFailure, 'it says that something is left');
      assert.deepEqual(await vaultOn(inner).points(), [], `crash after write ${crashAfter}`);
    }
  });

  test('whose commit was stored though the answer was lost is whole, or gone after the abort', async () => {
    const objects = [configMap(1)];
    const inner = openMemory();
    const vault = vaultOn(faulty(inner, { failAt: 3, doneAllTheSame: true }));
    const writer = await vault.begin(TOLD.takenAt);
    await addAll(writer, objects);
    await assert.rejects(writer.commit(TOLD), PlayedFailure);
    await sameObjects(await vault.open('latest'), objects);
    await writer.abort();
    assert.deepEqual(await keysOf(inner), []);
  });

  test('takes everything in while the storage behind it has not finished its first transfer', async () => {
    const gate = Promise.withResolvers<void>();
    const blocked = faulty(openMemory(), { gate: gate.promise });
    const writer = await vaultOn(blocked, { packBytes: 20_000 }).begin(TOLD.takenAt);
    await addAll(
      writer,
      Array.from({ length: 600 }, (_, i) => configMap(i, 20_000)),
    );
    assert.ok(blocked.calls() <= 2, `the storage was at transfer ${blocked.calls()} when everything was added`);
    gate.resolve();
    await writer.abort();
  });

  test('is refused after its commit, and a resource without a type is refused', async () => {
    const vault = openVault('memory:');
    const writer = await vault.begin(TOLD.takenAt);
    assert.throws(() => writer.add(configMap(1), Buffer.from(configMap(1).raw)), refusal('VAULT-WRITER'));
    await writer.commit(TOLD);
    await assert.rejects(writer.commit(TOLD), refusal('VAULT-WRITER'));
    assert.throws(() => writer.declare(CONFIG_MAPS, CONFIG_MAP), refusal('VAULT-WRITER'));
    await writer.abort();
    assert.equal((await vault.points()).length, 1, 'an abort after the commit takes nothing away');
  });

  test('leaves no temporary folder behind when the process ends in the middle', async () => {
    const { spawnSync } = await import('node:child_process');
    const spool = folder();
    const script = `import { openVault } from './src/vault/open-vault.ts';
      const writer = await openVault('memory:', { spool: process.argv[1] }).begin('2026-11-21T09:30:12Z');
      writer.declare('a', { apiVersion: 'v1', kind: 'A' });
      writer.add({ resource: 'a', name: 'x', uid: 'u' }, Buffer.from('{"metadata":{}}'));
      (await import('node:fs')).readdirSync(process.argv[1]).length === 1 ? process.exit(7) : process.exit(8);`;
    const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script, spool], { encoding: 'utf8' });
    assert.equal(status, 7);
    assert.deepEqual(readdirSync(spool), []);
    rmSync(spool, { recursive: true });
    assert.ok(!existsSync(spool));
  });
});

test('what an item lacks is read off its beginning, or parsed where that says nothing', () => {
  const known: readonly (readonly [string, string | undefined])[] = [
    ['{"metadata":{"name":"a"}}', 'both'],
    ['{"apiVersion":"v1","kind":"A","metadata":{}}', 'nothing'],
    ['{"kind":"A","apiVersion":"v1","metadata":{}}', 'nothing'],
    ['{"action":{"kind":"x"},"apiVersion":"v1","kind":"A"}', 'nothing'],
    ['{"apiVersion":"v1","metadata":{}}', 'kind'],
    ['{"kind":"A\\"B","metadata":{}}', 'apiVersion'],
    ['{ "metadata" : {} }', 'both'],
    ['{"spec":{"apiVersion":"v1"}}', 'both'],
    ['["metadata"]', undefined],
    ['{"spec":', undefined],
  ];
  for (const [text, lacks] of known) assert.equal(lacksOf(Buffer.from(text)), lacks, text);
});
