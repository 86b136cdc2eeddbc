import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { compressor } from '../../src/vault/compressor.ts';

test('frames come out in the order of the calls, whichever is ready first', async () => {
  const background = compressor();
  const frames = Array.from({ length: 30 }, (_, i) => randomBytes(i % 3 === 0 ? 800_000 : 10));
  const out: Uint8Array[] = [];
  for (const frame of frames) await background.add(frame, (packed) => out.push(packed));
  await background.finish();
  assert.deepEqual(
    out.map((packed) => zstdDecompressSync(packed)),
    frames,
  );
});

test('the caller is asked to wait once three frames are under way', async () => {
  const background = compressor();
  const waits = Array.from({ length: 5 }, () => background.add(randomBytes(500_000), () => undefined));
  assert.deepEqual(
    waits.map((wait) => wait !== undefined),
    [false, false, true, true, true],
  );
  await Promise.all(waits);
  await background.finish();
  assert.equal(
    background.add(randomBytes(10), () => undefined),
    undefined,
    'and no longer when they are done',
  );
  await background.finish();
});

test('what fails for one frame ends it, for every later call too', async () => {
  const background = compressor();
  const told: number[] = [];
  background.add(randomBytes(10), () => {
    throw new Error('the disk is full');
  });
  background.add(randomBytes(10), () => told.push(2));
  await assert.rejects(background.finish(), /the disk is full/);
  assert.throws(() => background.check(), /the disk is full/);
  assert.throws(() => background.add(randomBytes(10), () => told.push(3)), /the disk is full/);
  assert.deepEqual(told, []);
});
