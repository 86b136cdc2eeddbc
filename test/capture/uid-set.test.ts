import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UidSet } from '../../src/capture/uid-set.ts';

test('a UID set answers as a set of texts does, for UUIDs and for what is none', () => {
  const uid = fc.oneof(fc.uuid(), fc.string({ maxLength: 3 }), fc.constant('00000000-0000-0000-0000-000000000000'));
  fc.assert(
    fc.property(fc.array(uid, { maxLength: 200 }), fc.array(uid, { maxLength: 50 }), (uids, others) => {
      const truth = new Set<string>();
      const set = new UidSet();
      for (const one of [...uids, ...uids.slice(0, 20)]) {
        assert.equal(set.add(one), !truth.has(one), one);
        truth.add(one);
      }
      assert.equal(set.size, truth.size);
      for (const one of [...uids, ...others]) assert.equal(set.has(one), truth.has(one), one);
    }),
    { numRuns: 100 },
  );
});

test('a hundred thousand UIDs that differ in their last digits stay apart', () => {
  const set = new UidSet();
  for (let i = 0; i < 100_000; i++) assert.ok(set.add(`aaaaaaaa-0000-4000-8000-${i.toString(16).padStart(12, '0')}`));
  assert.equal(set.size, 100_000);
});
