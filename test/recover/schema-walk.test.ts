import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/objects/json.ts';
import { prunedFields } from '../../src/recover/schema-walk.ts';

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });
const body = (spec: Json): JsonObject => ({
  apiVersion: 'a/v1',
  kind: 'A',
  metadata: { name: 'a', labels: { x: 'y' } },
  spec,
});
const withSpec = (spec: JsonObject): JsonObject => object({ spec });
const text: JsonObject = { type: 'string' };

test('fields that the schema names are kept, others are pruned, wherever they stand', () => {
  const schema = withSpec(object({ a: text, list: { type: 'array', items: object({ name: text }) } }));
  assert.deepEqual(prunedFields(body({ a: 'x', list: [{ name: 'n' }] }), schema), []);
  assert.deepEqual(prunedFields(body({ b: 'x', list: [{ name: 'n' }, { other: 1 }] }), schema), [
    '/spec/b',
    '/spec/list/1/other',
  ]);
});

test('what every object has needs no schema, at the root and in an embedded resource', () => {
  const embedded = object({ spec: object({ a: text }) }, { 'x-kubernetes-embedded-resource': true });
  const value = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { a: 'x', b: 'y' }, data: {} };
  assert.deepEqual(prunedFields(body({ template: value }), withSpec(object({ template: embedded }))), [
    '/spec/template/spec/b',
    '/spec/template/data',
  ]);
  assert.deepEqual(prunedFields(body({ template: value }), withSpec(object({ template: object({}) }))).slice(0, 3), [
    '/spec/template/apiVersion',
    '/spec/template/kind',
    '/spec/template/metadata',
  ]);
});

test('preserve-unknown-fields keeps what no property names, but named properties below it are still pruned', () => {
  const schema = withSpec(object({ known: object({ a: text }) }, { 'x-kubernetes-preserve-unknown-fields': true }));
  assert.deepEqual(prunedFields(body({ any: { thing: [{ deep: 1 }] }, known: { a: 'x', b: 'y' } }), schema), [
    '/spec/known/b',
  ]);
});

test('additionalProperties keeps every key, and its schema prunes below it', () => {
  const map = { type: 'object', additionalProperties: object({ a: text }) };
  assert.deepEqual(prunedFields(body({ k1: { a: 'x' }, k2: { b: 'x' } }), withSpec(map)), ['/spec/k2/b']);
  assert.deepEqual(
    prunedFields(body({ k1: { any: 'x' } }), withSpec({ type: 'object', additionalProperties: true })),
    [],
  );
});

test('a value of any scalar type is not judged', () => {
  const schema = withSpec(object({ port: { 'x-kubernetes-int-or-string': true } }));
  for (const port of [80, '80', null]) assert.deepEqual(prunedFields(body({ port }), schema), []);
});

test('names with slashes and tildes are escaped, names of a prototype are not lent, and no schema keeps nothing', () => {
  assert.deepEqual(prunedFields(body({ 'a/b~c': 1, constructor: 1 }), withSpec(object({}))), [
    '/spec/a~1b~0c',
    '/spec/constructor',
  ]);
  assert.deepEqual(prunedFields(body({ a: 1 }), undefined), ['/spec']);
});

test('at most as many pointers as asked for', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, index]));
  assert.equal(prunedFields(body(many), withSpec(object({}))).length, 5);
  assert.equal(prunedFields(body(many), withSpec(object({})), 2).length, 2);
});

test('nothing is pruned from any value under a schema made from it', () => {
  const schemaOf = (value: unknown): JsonObject =>
    Array.isArray(value)
      ? { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
      : typeof value === 'object' && value !== null
        ? object(Object.fromEntries(Object.entries(value).map(([name, member]) => [name, schemaOf(member)])))
        : {};
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (spec) => {
      const whole = body(JSON.parse(JSON.stringify(spec)) as Json);
      assert.deepEqual(prunedFields(whole, schemaOf(whole)), []);
    }),
    { numRuns: 200 },
  );
});
