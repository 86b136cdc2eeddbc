import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRows, ROWS_OF_THE_TABLES } from '../../../bench/models/all-rows.ts';
import { differences } from '../../../bench/models/judge.ts';

const rows = await allRows();
const skip = rows === undefined ? 'no captured clusters in ../shared/data' : false;

test('every row of lab 5, 6 and 8 was played', { skip }, () => {
  assert.equal(rows?.length, ROWS_OF_THE_TABLES);
});
for (const row of rows ?? [])
  test(`lab ${row.table}: ${row.row}`, () => {
    assert.deepEqual(differences([row]), []);
  });
