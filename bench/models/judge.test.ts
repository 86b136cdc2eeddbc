import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictOf } from '../verdict.ts';
import { differences, judged } from './judge.ts';
import type { Compared } from './row.ts';

const row = (recorded: Compared['recorded'], simulated: Compared['simulated']): Compared => ({
  table: '6',
  row: 'relinked',
  recorded,
  simulated,
});
const verdict = (rows: readonly Compared[], expected: number) =>
  verdictOf({ name: 'models', samples: [], ...judged(rows, expected) }, 1);

test('a row is equal when every recorded value came out; what was not recorded is not compared', () => {
  assert.deepEqual(differences([row({ creates: 0 }, { creates: 0, deletes: 7 })]), []);
  assert.equal(verdict([row({ creates: 0 }, { creates: 0 })], 1).ok, true);
});

test('lists are compared as sets, words and numbers exactly', () => {
  assert.deepEqual(differences([row({ made: ['b', 'a'] }, { made: ['a', 'b'] })]), []);
  assert.equal(differences([row({ made: ['a'] }, { made: ['a', 'b'] })]).length, 1);
  assert.equal(differences([row({ claim: 'Ready=True' }, { claim: 'Ready=False' })]).length, 1);
});

test('a value that was not seen, and a row that records nothing, differ', () => {
  assert.equal(differences([row({ creates: 0 }, {})])[0]?.what, 'creates');
  assert.equal(differences([row({}, { creates: 0 })]).length, 1);
});

test('one different row, or one row that was not played, turns the bench red', () => {
  const equal = row({ creates: 0 }, { creates: 0 });
  const other = { ...row({ creates: 0 }, { creates: 2 }), row: 'another' };
  assert.equal(verdict([equal, other], 2).ok, false);
  assert.equal(verdict([equal], 2).ok, false);
  assert.equal(verdict([], 0).ok, false);
});
