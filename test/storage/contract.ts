import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isFault } from '../../src/outcome/fault.ts';
import type { Storage } from '../../src/storage/port.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array): string => new TextDecoder().decode(value);
export const refuses = (promise: Promise<unknown>, code: string): Promise<void> =>
  assert.rejects(promise, (error) => isFault(error, code));
export async function keysOf(storage: Storage, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys;
}

/** What every storage promises. `open` gives a fresh, empty one. */
export function storageContract(name: string, open: () => { storage: Storage; close: () => void }): void {
  const within = async (story: (storage: Storage) => Promise<void>): Promise<void> => {
    const { storage, close } = open();
    try {
      await story(storage);
    } finally {
      await storage.close();
      close();
    }
  };
  describe(`${name} keeps the storage contract:`, () => {
    test('what was put is what is got, whole, in ranges, and by size', () =>
      within(async (storage) => {
        await storage.put('points/a/index.zst', bytes('0123456789'));
        assert.equal(text(await storage.get('points/a/index.zst')), '0123456789');
        assert.equal(text(await storage.get('points/a/index.zst', { from: 3, to: 6 })), '345');
        assert.equal(text(await storage.get('points/a/index.zst', { from: 10, to: 10 })), '');
        assert.equal(await storage.size('points/a/index.zst'), 10);
        await storage.put('empty', bytes(''));
        assert.equal((await storage.get('empty')).length, 0);
      }));
    test('a range beyond the end is short content, never fewer bytes', () =>
      within(async (storage) => {
        await storage.put('a', bytes('0123'));
        await refuses(storage.get('a', { from: 2, to: 5 }), 'STORAGE-SHORT');
      }));
    test('nothing is overwritten, and the same bytes again are fine', () =>
      within(async (storage) => {
        await storage.put('a', bytes('one'));
        await storage.put('a', bytes('one'));
        await refuses(storage.put('a', bytes('two')), 'STORAGE-EXISTS');
        await refuses(storage.put('a', bytes('one and more')), 'STORAGE-EXISTS');
        assert.equal(text(await storage.get('a')), 'one');
      }));
    test('of many writers of one key with different bytes exactly one wins', () =>
      within(async (storage) => {
        const results = await Promise.allSettled(
          Array.from({ length: 8 }, (_, i) => storage.put('race/k', bytes(`writer ${i}`))),
        );
        const won = results.flatMap((result, i) => (result.status === 'fulfilled' ? [i] : []));
        assert.equal(won.length, 1);
        assert.equal(text(await storage.get('race/k')), `writer ${won[0]}`);
        for (const result of results)
          if (result.status === 'rejected') assert.ok(isFault(result.reason, 'STORAGE-EXISTS'), String(result.reason));
      }));
    test('the caller may reuse its buffer, and what it got is its own', () =>
      within(async (storage) => {
        const mine = bytes('mine');
        await storage.put('a', mine);
        mine.fill(0);
        const got = await storage.get('a');
        got.fill(1);
        assert.equal(text(await storage.get('a')), 'mine');
      }));
    test('a finished file is taken over under the same contract', () =>
      within(async (storage) => {
        const folder = mkdtempSync(join(tmpdir(), 'seaworthy-contract-'));
        try {
          const file = join(folder, 'pack');
          writeFileSync(file, 'packed');
          await storage.putFile('p/1.pack', file);
          assert.equal(text(await storage.get('p/1.pack')), 'packed');
          assert.equal(existsSync(file), false, 'the file was taken over');
          writeFileSync(file, 'packed');
          await storage.putFile('p/1.pack', file);
          writeFileSync(file, 'other!');
          await refuses(storage.putFile('p/1.pack', file), 'STORAGE-EXISTS');
          assert.equal(text(await storage.get('p/1.pack')), 'packed');
          await refuses(storage.putFile('p/2.pack', join(folder, 'nothing here')), 'STORAGE-FAILED');
          assert.deepEqual(await keysOf(storage), ['p/1.pack']);
        } finally {
          rmSync(folder, { recursive: true });
        }
      }));
    test('an absent key is missing, also where a folder of that name stands', () =>
      within(async (storage) => {
        await storage.put('a/b', bytes('x'));
        for (const key of ['b', 'a', 'a/b/c', 'a/c']) {
          await refuses(storage.get(key), 'STORAGE-MISSING');
          await refuses(storage.size(key), 'STORAGE-MISSING');
        }
      }));
    test('removal is idempotent and takes one key only', () =>
      within(async (storage) => {
        await storage.put('p/a', bytes('x'));
        await storage.put('p/b', bytes('y'));
        await storage.remove('p/a');
        await storage.remove('p/a');
        await storage.remove('nothing/at/all');
        assert.deepEqual(await keysOf(storage), ['p/b']);
        await storage.put('p/a', bytes('anew'));
        assert.equal(text(await storage.get('p/a')), 'anew');
      }));
    test('what is no key is refused before anything is touched', () =>
      within(async (storage) => {
        const wrong = [
          '',
          '/',
          'a/',
          '/a',
          'a//b',
          '.',
          '..',
          '../a',
          'a/../b',
          'a/./b',
          'A',
          'a b',
          'a\\b',
          'a\0',
          'ä',
          'a~',
        ];
        for (const key of [...wrong, `a/${'x'.repeat(201)}`]) {
          await refuses(storage.put(key, bytes('x')), 'STORAGE-KEY');
          await refuses(storage.get(key), 'STORAGE-KEY');
          await refuses(storage.size(key), 'STORAGE-KEY');
          await assert.rejects(storage.remove(key), (error) => isFault(error, 'STORAGE-KEY'));
          await refuses(storage.putFile(key, '/dev/null'), 'STORAGE-KEY');
        }
        assert.deepEqual(await keysOf(storage), []);
      }));
    test('a list names every key under a text prefix, in byte order, with its size', () =>
      within(async (storage) => {
        const segment = fc.stringMatching(/^[a-c0._-]{1,2}$/).filter((part) => part !== '.' && part !== '..');
        const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
        const wanted = new Set<string>();
        for (const key of fc.sample(path, { numRuns: 60, seed: 7 })) {
          const clash = [...wanted].some((other) => other.startsWith(`${key}/`) || key.startsWith(`${other}/`));
          if (clash) continue;
          wanted.add(key);
          await storage.put(key, bytes(key));
        }
        assert.ok(wanted.size > 20);
        const sorted = [...wanted].sort();
        for (const prefix of ['', 'a', 'a/', 'b-', 'b/c', '.', 'nothing', '../', 'a//', sorted[3] ?? ''])
          assert.deepEqual(
            await keysOf(storage, prefix),
            sorted.filter((key) => key.startsWith(prefix)),
            prefix,
          );
        for await (const { key, size } of storage.list('')) assert.equal(size, key.length);
      }));
  });
}
