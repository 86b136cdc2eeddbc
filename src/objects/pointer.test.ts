import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFault } from '../outcome/fault.ts';
import type { Json, MutableJson } from './json.ts';
import {
  expand,
  formatPointer,
  getAt,
  matchesPattern,
  parsePointer,
  removeAt,
  setAt,
  withRemoved,
  withSet,
} from './pointer.ts';
import { sameJson } from './same-json.ts';

const runs = { numRuns: 300 };
const name = fc.oneof(
  fc.constantFrom('a', 'b', '0', '1', '', 'a/b', '~', '~1', '__proto__', 'constructor'),
  fc.string(),
);
const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
const copy = (value: Json): MutableJson => JSON.parse(JSON.stringify(value)) as MutableJson;

/** Every pointer of a value, found without the code under test. */
function pointersOf(value: Json, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, member]) => pointersOf(member as Json, [...path, key]))];
}

test('a pointer comes back from its segments, whatever they hold', () => {
  fc.assert(
    fc.property(fc.array(name), (segments) => assert.deepEqual(parsePointer(formatPointer(segments)), segments)),
    runs,
  );
});

test('a text that is no pointer is refused with a code', () => {
  for (const text of ['a', 'a/b', '/~', '/~2', '/a/~x'])
    assert.throws(
      () => parsePointer(text),
      (error) => isFault(error, 'POINTER-MALFORMED'),
      text,
    );
  assert.throws(
    () => getAt({ a: 1 }, 'a'),
    (error) => isFault(error, 'POINTER-MALFORMED'),
  );
});

test('what a prototype lends is not there, and a key named __proto__ is only a key', () => {
  assert.equal(getAt({}, '/constructor'), undefined);
  assert.equal(getAt({}, '/__proto__/toString'), undefined);
  const set = withSet({}, '/__proto__/x', 1);
  assert.equal(JSON.stringify(set), '{"__proto__":{"x":1}}');
  const root: MutableJson = {};
  setAt(root, '/__proto__', { x: 1 });
  assert.equal(JSON.stringify(root), '{"__proto__":{"x":1}}');
  assert.equal(Object.getPrototypeOf(root), Object.prototype);
});

test('setting and removing leave the original alone, and do in place the same as on a copy', () => {
  fc.assert(
    fc.property(json, fc.nat(), json, (value, pick, set) => {
      const before = JSON.stringify(value);
      const all = pointersOf(value);
      const pointer = formatPointer(all[pick % all.length] ?? []);
      const written = withSet(value, pointer, set);
      const removed = withRemoved(value, pointer);
      assert.equal(JSON.stringify(value), before);
      assert.ok(sameJson(getAt(written, pointer), set));
      if (pointer === '') return;
      const [first, second] = [copy(value), copy(value)];
      setAt(first, pointer, copy(set));
      assert.ok(sameJson(first as Json, written));
      assert.equal(removeAt(second, pointer), true);
      assert.ok(sameJson(second as Json, removed));
    }),
    runs,
  );
});

test('missing holders become maps, lists take one more at their end, a scalar in the way is said', () => {
  assert.deepEqual(withSet({ a: null }, '/a/b/c', 1), { a: { b: { c: 1 } } });
  assert.deepEqual(withSet({ a: [1] }, '/a/-', 2), { a: [1, 2] });
  assert.deepEqual(withSet({ a: [1] }, '/a/1', 2), { a: [1, 2] });
  for (const pointer of ['/a/2', '/a/x', '/a/01', '/s/b'])
    for (const write of [() => withSet({ a: [1], s: 'x' }, pointer, 2), () => setAt({ a: [1], s: 'x' }, pointer, 2)])
      assert.throws(write, (error) => isFault(error, 'POINTER-BLOCKED'), pointer);
  assert.equal(removeAt({ a: [1] }, '/a/1'), false);
  const same = { a: [1] };
  assert.equal(withRemoved(same, '/b'), same);
});

test('a star stands for one segment, two for any number', () => {
  const yes: [string, string][] = [
    ['', ''],
    ['/spec/*/name', '/spec/x/name'],
    ['/**', ''],
    ['/**', '/a/b'],
    ['/**/name', '/name'],
    ['/**/name', '/a/b/name'],
    ['/a/**/b/**/c', '/a/x/b/b/y/c'],
    ['/a~1b/*', '/a~1b/c'],
    ['/*', '/'],
  ];
  const no: [string, string][] = [
    ['/spec/*/name', '/spec/name'],
    ['/spec/*', '/spec'],
    ['/spec/*', '/spec/a/b'],
    ['/**/name', '/a/names'],
    ['/spec', '/specs'],
    ['/*', ''],
    ['/a/**', '/ab'],
  ];
  for (const [pattern, path] of yes) assert.ok(matchesPattern(pattern, path), `${pattern} ${path}`);
  for (const [pattern, path] of no) assert.ok(!matchesPattern(pattern, path), `${pattern} ${path}`);
});

test('expanding a pattern gives exactly the pointers of the value that match it', () => {
  const segment = fc.constantFrom('a', 'b', '0', '1', '*', '**', 'a/b');
  const small = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>(1, 'x', null),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', '0', 'a/b'), tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(small, fc.array(segment, { maxLength: 4 }), (value, segments) => {
      const pattern = formatPointer(segments);
      const found = expand(value, pattern);
      const all = pointersOf(value).map(formatPointer);
      assert.deepEqual([...found].sort(), all.filter((pointer) => matchesPattern(pattern, pointer)).sort());
    }),
    { numRuns: 1000 },
  );
});
