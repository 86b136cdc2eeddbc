import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parseLean, timesManaged } from './lean-body.ts';

/** What `parseLean` must give, told the slow way. */
function without(text: string): unknown {
  const body = JSON.parse(text);
  for (const entry of body.metadata.managedFields ?? []) if ('fieldsV1' in entry) entry.fieldsV1 = undefined;
  return body;
}

const word = fc.oneof(
  fc.string(),
  fc.constantFrom('"', '\\', '{', '}', '\\"fieldsV1":{', '"fieldsV1":{', 'k:{"uid":"u"}'),
);
const set = fc.letrec((tie) => ({
  set: fc.dictionary(word, fc.oneof({ maxDepth: 3 }, fc.constant({}), tie('set')), { maxKeys: 3 }),
})).set;
const entries = fc.array(
  fc.record(
    { manager: word, operation: fc.constantFrom('Apply', 'Update'), fieldsV1: set },
    { requiredKeys: ['manager'] },
  ),
  { maxLength: 3 },
);

test('a lean body is the body without the sets of its managed fields, whatever stands in names and values', () => {
  fc.assert(
    fc.property(entries, fc.dictionary(word, word), (managedFields, data) => {
      const text = JSON.stringify({ kind: 'ConfigMap', metadata: { name: 'a', managedFields }, data });
      assert.deepEqual(parseLean(text), without(text));
    }),
    { numRuns: 300 },
  );
});

test('a manifest inside a manifest keeps its managed fields: then nothing is cut', () => {
  const inner = { metadata: { managedFields: [{ manager: 'x', fieldsV1: { 'f:data': {} } }] } };
  for (const managedFields of [undefined, [], inner.metadata.managedFields]) {
    const body = { kind: 'Object', metadata: { name: 'a', managedFields }, spec: { forProvider: { manifest: inner } } };
    const text = JSON.stringify(body);
    assert.deepEqual(parseLean(text), JSON.parse(text));
  }
});

test('JSON that is cut off is refused as JSON.parse refuses it', () => {
  const text = JSON.stringify({ metadata: { managedFields: [{ fieldsV1: { 'f:a': { 'k:{"b":"c"}': {} } } }] } });
  for (let length = 0; length < text.length; length++)
    assert.throws(() => parseLean(text.slice(0, length)), SyntaxError);
});

test('an owner is counted once for each manager that wrote its reference', () => {
  const uid = 'a94f6701-f72b-491f-9107-bdde7b06d9f0';
  const owned = { 'f:metadata': { 'f:ownerReferences': { [`k:{"uid":"${uid}"}`]: {} } } };
  const managedFields = [{ fieldsV1: owned }, { fieldsV1: owned }];
  const text = JSON.stringify({ metadata: { managedFields, ownerReferences: [{ uid }] } });
  assert.equal(timesManaged(text, uid), 2);
  assert.equal(timesManaged(text, uid, 1), 1);
  assert.equal(timesManaged(text, 'b94f6701-f72b-491f-9107-bdde7b06d9f0'), 0);
});
