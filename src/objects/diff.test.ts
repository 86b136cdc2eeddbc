import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { covers, diff } from './diff.ts';
import type { Json } from './json.ts';
import { getAt } from './pointer.ts';
import { sameQuantity } from './quantity.ts';
import { sameJson } from './same-json.ts';

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const strict = { normalise: false };

test('two values differ exactly when they are not the same, and every difference shows what stands there', () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const found = diff(before, after, strict);
      assert.equal(found.length === 0, sameJson(before, after));
      assert.deepEqual(diff(before, before, strict), []);
      for (const { path, kind, ...sides } of found) {
        assert.ok(sameJson(getAt(before, path), sides.before), path);
        assert.ok(sameJson(getAt(after, path), sides.after), path);
        assert.equal(kind, sides.before === undefined ? 'added' : sides.after === undefined ? 'removed' : 'changed');
      }
    }),
    { numRuns: 500 },
  );
});

test('empty, null and absent are one, unless asked otherwise', () => {
  const before = { a: {}, b: [], c: null, d: 1 };
  assert.deepEqual(diff(before, { d: 1 }), []);
  assert.equal(diff(before, { d: 1 }, strict).length, 3);
  assert.deepEqual(covers(before, { d: 1 }), []);
  assert.deepEqual(covers({ a: { b: {} } }, {}), []);
  assert.deepEqual(covers(before, { d: 1 }, strict), ['/a', '/b', '/c']);
});

test('quantities of one amount are equal where quantities stand, and nowhere else', () => {
  const spelled = { resources: { limits: { cpu: '1000m', memory: '1Gi' } }, args: { cpu: '1000m' } };
  const other = { resources: { limits: { cpu: '1', memory: '1024Mi' } }, args: { cpu: '1' } };
  assert.deepEqual(covers(spelled, other), ['/args/cpu']);
  for (const [a, b] of [
    ['0.5', '500m'],
    ['1e3', '1k'],
    [1, '1'],
    ['1.5Gi', '1536Mi'],
    ['-1', '-1000m'],
    ['.5', '0.50'],
  ])
    assert.ok(sameQuantity(a, b), `${a} ${b}`);
  for (const [a, b] of [
    ['1', '2'],
    ['1G', '1Gi'],
    ['', '0'],
    ['x', 'x'],
    ['1m', '1M'],
  ])
    assert.ok(!sameQuantity(a, b), `${a} ${b}`);
});

test('items with an identity are matched by it', () => {
  const before = {
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ],
  };
  const after = {
    env: [
      { name: 'B', value: '3' },
      { name: 'C', value: '4' },
      { name: 'A', value: '1' },
    ],
  };
  assert.deepEqual(diff(before, after, { lists: 'identity' }), [
    { path: '/env/0/value', kind: 'changed', before: '2', after: '3' },
    { path: '/env/1', kind: 'added', after: { name: 'C', value: '4' } },
  ]);
  assert.deepEqual(diff(after, before, { lists: 'identity' }), [
    { path: '/env/1/value', kind: 'changed', before: '3', after: '2' },
    { path: '/env/1', kind: 'removed', before: { name: 'C', value: '4' } },
  ]);
  const twice = {
    env: [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ],
  };
  const byIndex = diff(before, twice, { lists: 'identity' }).map(({ path }) => path);
  assert.deepEqual(byIndex, ['/env/1/name']);
});

test('a live object covers the planned one when it holds all of it and more', () => {
  fc.assert(
    fc.property(json, (value) => {
      assert.deepEqual(covers(value, value), []);
      assert.deepEqual(covers({ a: value }, { a: value, more: 1 }), []);
    }),
    { numRuns: 300 },
  );
});

test('what is missing, other, longer or of another shape is named, up to the limit', () => {
  const planned = { a: 1, b: { c: [1, 2] }, d: [{ x: 1 }], e: [], f: null, 'g/h': {} };
  const live = { a: 2, b: { c: [1, 2, 3] }, d: [{ x: 2, y: 1 }], e: [1], f: 1, 'g/h': 'text' };
  assert.deepEqual(covers(planned, live, { limit: 9 }), ['/a', '/b/c', '/d/0/x', '/e', '/f', '/g~1h']);
  assert.deepEqual(covers(planned, live, { limit: 2 }), ['/a', '/b/c']);
  assert.deepEqual(covers(planned, live, { limit: 9, ignoring: ['/d/*/x', '/b', '/e', '/f', '/g~1h'] }), ['/a']);
  assert.deepEqual(covers({ a: 1 }, undefined), ['/a']);
});
