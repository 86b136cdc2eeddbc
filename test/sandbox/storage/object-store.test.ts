import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MutableJsonObject } from '../../../src/objects/json.ts';
import type { ResourceName } from '../../../src/objects/key.ts';
import { ObjectStore } from '../../../src/sandbox/storage/object-store.ts';
import { OrderedKeys } from '../../../src/sandbox/storage/ordered-keys.ts';

const MAPS = 'configmaps' as ResourceName;
const object = (name: string, value = '1'): MutableJsonObject => ({
  kind: 'ConfigMap',
  metadata: { name, uid: name },
  data: { value },
});
const namesAt = (store: ObjectStore, revision?: number): string[] => {
  const names: string[] = [];
  store.scan(MAPS, revision === undefined ? {} : { revision }, ({ key }) => {
    names.push(key);
    return true;
  });
  return names;
};

test('keys stay in byte-wise order whatever comes and goes', () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '/', '0'), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), key), { maxLength: 300 }), key, (steps, from) => {
      const keys = new OrderedKeys();
      const model = new Set<string>();
      for (const [adds, one] of steps) {
        if (adds) keys.add(one);
        else keys.delete(one);
        if (adds) model.add(one);
        else model.delete(one);
      }
      const seen: string[] = [];
      keys.from(from, (one) => {
        seen.push(one);
        return true;
      });
      assert.deepEqual(seen, [...model].filter((one) => one >= from).sort());
      assert.equal(keys.size, model.size);
    }),
    { numRuns: 100 },
  );
});

test('many keys in any order are found again in order', () => {
  const keys = new OrderedKeys();
  const all = Array.from({ length: 5000 }, (_, index) => `k-${(index * 7919) % 5000}`);
  for (const one of all) keys.add(one);
  const seen: string[] = [];
  keys.from('', (one) => {
    seen.push(one);
    return true;
  });
  assert.deepEqual(seen, [...all].sort());
});

test('an old revision shows what was there then, until it is compacted away', () => {
  const store = new ObjectStore();
  store.put(MAPS, 'a', object('a'));
  const then = store.put(MAPS, 'b', object('b')).revision;
  store.put(MAPS, 'a', object('a', '2'));
  store.remove(MAPS, 'b', object('b'));
  store.put(MAPS, 'c', object('c'));
  assert.deepEqual(namesAt(store), ['a', 'c']);
  assert.deepEqual(namesAt(store, then), ['a', 'b']);
  assert.deepEqual(
    store.changesAfter(MAPS, then).map(({ kind }) => kind),
    ['modified', 'deleted', 'added'],
  );
  store.compact(store.revision);
  assert.deepEqual(namesAt(store), ['a', 'c']);
  assert.deepEqual(store.changesAfter(MAPS, then), []);
  assert.equal(store.get(MAPS, 'a')?.previous, undefined);
  assert.equal(store.compacted, store.revision);
});

test('every write is one revision and one change, told before the write returns', () => {
  const store = new ObjectStore();
  const told: string[] = [];
  const stop = store.subscribe(({ kind, now }) => told.push(`${kind} ${now.key} ${now.revision}`), MAPS);
  const first = store.put(MAPS, 'a', object('a'));
  assert.equal(first.object.metadata.resourceVersion, String(first.revision));
  assert.equal(store.byUid('a'), first);
  store.remove(MAPS, 'a', object('a'));
  assert.equal(store.byUid('a'), undefined);
  assert.equal(store.remove(MAPS, 'a', object('a')), undefined);
  store.put(MAPS, 'a', object('a'));
  stop();
  store.put(MAPS, 'b', object('b'));
  assert.deepEqual(told, ['added a 2', 'deleted a 3', 'added a 4']);
  assert.equal(store.count(MAPS), 2);
});

test('what was encoded is not encoded again', () => {
  const store = new ObjectStore();
  const version = store.put(MAPS, 'a', object('a'));
  assert.equal(version.bytes, version.bytes);
  let made = 0;
  const form = (): Buffer => version.form('x', () => ({ times: ++made }));
  assert.equal(form(), form());
  assert.equal(made, 1);
});
