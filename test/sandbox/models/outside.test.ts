import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Cloud } from '../../../src/sandbox/cloud/cloud.ts';
import { type Database, walName } from '../../../src/sandbox/cloud/database.ts';
import { ObjectStore } from '../../../src/sandbox/cloud/object-store.ts';

const BLUE = { cluster: 'blue', now: 0 };
const GREEN = { cluster: 'green', now: 0 };
const wish = { kind: 'db', settings: { size: 'small' }, tags: { claim: 'team/db' } };

test('an identity and a password are made at creation; observing tells the endpoint of the same thing', () => {
  const cloud = new Cloud();
  const made = cloud.create(BLUE, wish);
  assert.match(made.id, /^db-[0-9a-f]{10}$/);
  assert.equal(cloud.observe(GREEN, 'db', made.id)?.endpoint, made.endpoint);
  assert.deepEqual(
    cloud.log.map(({ verb, cluster }) => [verb, cluster]),
    [
      ['Create', 'blue'],
      ['Observe', 'green'],
    ],
  );
});

test('two of a kind that serve the same claim are duplicates, whichever clusters made them; a name is claimed silently', () => {
  const cloud = new Cloud();
  cloud.create(BLUE, wish);
  cloud.create(GREEN, wish);
  assert.deepEqual(
    cloud.duplicates(0).map((group) => group.length),
    [2],
  );
  const bucket = { ...wish, kind: 'bucket', id: 'mine' };
  cloud.create(BLUE, bucket);
  cloud.create(GREEN, bucket);
  assert.equal(cloud.things(0).filter(({ kind }) => kind === 'bucket').length, 1);
});

test('a thing that takes long to go is there until then, and a second Delete of it is not counted', () => {
  const cloud = new Cloud(1, { deletionTakes: { db: 1_000 } });
  const { id } = cloud.create(BLUE, wish);
  cloud.delete(BLUE, 'db', id);
  cloud.delete(BLUE, 'db', id);
  assert.equal(cloud.count('Delete'), 1);
  assert.notEqual(cloud.observe({ ...BLUE, now: 999 }, 'db', id), undefined);
  assert.equal(cloud.observe({ ...BLUE, now: 1_000 }, 'db', id), undefined);
});

/** A base backup at the beginning, then a segment for each row. */
function archived(rows: number): { store: ObjectStore; database: Database } {
  const store = new ObjectStore();
  let database: Database = { systemId: '7', timeline: 1, segment: 1, rows: ['first'] };
  store.backUp('p', database, 0);
  for (let row = 0; row < rows; row++) {
    store.archive('p', database, [`row ${row}`], row);
    database = { ...database, segment: database.segment + 1, rows: [...database.rows, `row ${row}`] };
  }
  return { store, database };
}

test('a recovery has the rows up to the first hole in the WAL, and says nothing of the rest', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(29), (rows, hole) => {
      const { store, database } = archived(rows);
      store.lose('p', walName(1, hole + 1));
      const outcome = store.recover('p');
      if (hole === 0) return outcome.kind === 'no-first-segment';
      assert.equal(outcome.kind, 'recovered');
      const expected = database.rows.slice(0, Math.min(hole, rows) + 1);
      return (
        outcome.kind === 'recovered' &&
        outcome.database.rows.join() === expected.join() &&
        outcome.database.timeline === 2
      );
    }),
    { numRuns: 50 },
  );
});

test('names of segments run over the log number', () => {
  assert.equal(walName(1, 255), '0000000100000000000000FF');
  assert.equal(walName(2, 256), '000000020000000100000000');
});

test('without a base backup there is nothing to recover', () => {
  assert.equal(new ObjectStore().recover('p').kind, 'no-backup');
});

test('archiving that was stopped tells nobody; only the time of the last segment does', () => {
  const { store, database } = archived(3);
  store.stopArchiving('p');
  store.archive('p', database, ['lost'], 99);
  assert.equal(store.archivedUpTo('p'), 2);
  assert.equal(store.archivedUpTo('elsewhere'), undefined);
});
