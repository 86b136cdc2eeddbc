import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFault } from '../outcome/fault.ts';
import type { Json } from './json.ts';
import { applyJsonPatch, makeJsonPatch } from './json-patch.ts';
import { applyMergePatch, makeMergePatch } from './merge-patch.ts';
import { sameJson } from './same-json.ts';

const key = fc.constantFrom('a', 'b', 'c/d', '~', '__proto__', '0');
const valuesWith = (scalar: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
const anything = valuesWith(fc.constantFrom<Json>(null, true, 1, 2, 'x', ''));
const nullFree = valuesWith(fc.constantFrom<Json>(true, 1, 2, 'x', ''));
const runs = { numRuns: 1000 };

test('a merge patch made from two values turns the first into the second, and changes neither', () => {
  fc.assert(
    fc.property(anything, nullFree, (before, after) => {
      const texts = [JSON.stringify(before), JSON.stringify(after)];
      const patch = makeMergePatch(before, after);
      assert.ok(sameJson(applyMergePatch(before, patch), after), JSON.stringify(patch));
      assert.deepEqual([JSON.stringify(before), JSON.stringify(after)], texts);
    }),
    runs,
  );
});

test('the examples of RFC 7386', () => {
  const cases: [Json, Json, Json][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of cases) assert.deepEqual(applyMergePatch(target, patch), result);
  assert.deepEqual(makeMergePatch({ a: { b: [1] } }, { a: { b: [1] } }), {});
});

test('a JSON patch made from two values turns the first into the second, nulls included', () => {
  fc.assert(
    fc.property(anything, anything, (before, after) => {
      const text = JSON.stringify(before);
      const patch = makeJsonPatch(before, after);
      assert.ok(sameJson(applyJsonPatch(before, patch), after), JSON.stringify(patch));
      assert.equal(JSON.stringify(before), text);
      if (sameJson(before, after)) assert.deepEqual(patch, []);
    }),
    runs,
  );
});

test('every operation of RFC 6902 does its work', () => {
  const value = { a: [1, 2], b: { c: 'x' } };
  const after = applyJsonPatch(value, [
    { op: 'test', path: '/b', value: { c: 'x' } },
    { op: 'add', path: '/a/1', value: 9 },
    { op: 'copy', from: '/b/c', path: '/d' },
    { op: 'move', from: '/a/0', path: '/a/2' },
    { op: 'replace', path: '/b/c', value: null },
    { op: 'remove', path: '/a/0' },
  ]);
  assert.deepEqual(after, { a: [2, 1], b: { c: null }, d: 'x' });
});

test('a JSON patch that does not fit is refused', () => {
  const value = { a: [1], b: { c: 1 } };
  const bad = [
    { op: 'test', path: '/a/0', value: 2 },
    { op: 'test', path: '/x', value: null },
    { op: 'remove', path: '/x' },
    { op: 'replace', path: '/a/1', value: 1 },
    { op: 'add', path: '/a/2', value: 1 },
    { op: 'add', path: '/x/y', value: 1 },
    { op: 'move', from: '/b', path: '/b/c' },
  ] as const;
  for (const operation of bad)
    assert.throws(
      () => applyJsonPatch(value, [operation]),
      (error) => isFault(error, 'PATCH-FAILED'),
      JSON.stringify(operation),
    );
});
