import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KubeObject, MutableJsonObject } from '../../../src/objects/json.ts';
import type { CustomKind } from '../../../src/sandbox/schema/structural/custom-kind.ts';
import { customKind } from '../../../src/sandbox/schema/structural/kind.ts';
import { definitionOf, objectOf } from '../definitions/definition-of.ts';

function kindOf(schema: object, more?: Parameters<typeof definitionOf>[2]): CustomKind {
  const definition = definitionOf('boats', schema, more) as KubeObject & { spec: { names: object } };
  const status = { acceptedNames: { ...definition.spec.names, singular: 'boat', listKind: 'BoatList' } };
  return customKind({ ...definition, status }, () => Promise.reject(new Error('nobody there')));
}
const boat = (spec: unknown): MutableJsonObject =>
  JSON.parse(JSON.stringify(objectOf('boats', 'b', spec))) as MutableJsonObject;
const asObject = (body: MutableJsonObject): KubeObject => body as unknown as KubeObject;

test('a body loses what the schema does not name and gains what it has by default', () => {
  const kind = kindOf({
    sails: { type: 'integer', default: 2 },
    deck: { type: 'object', properties: { wood: { type: 'string' } } },
  });
  const body = boat({ deck: { wood: 'oak', rust: 1 }, wheels: 4 });
  assert.deepEqual(kind.decode(body, 'v1'), ['spec.deck.rust', 'spec.wheels']);
  assert.deepEqual(body.spec, { deck: { wood: 'oak' }, sails: 2 });
});

test('what was wrong before an update and is unchanged is not complained about', () => {
  const kind = kindOf({ name: { type: 'string', maxLength: 3 }, sails: { type: 'integer' } });
  const before = asObject(boat({ name: 'too long', sails: 1 }));
  assert.equal(kind.validateUpdate(asObject(boat({ name: 'too long', sails: 2 })), before, 'v1').length, 0);
  const [problem] = kind.validateUpdate(asObject(boat({ name: 'even longer', sails: 1 })), before, 'v1');
  assert.deepEqual(problem, { kind: 'too-long', field: 'spec.name', detail: 'may not be more than 3 bytes' });
});

test('without a webhook objects of another version are only renamed, and pruned by its schema', async () => {
  const kind = kindOf({ a: { type: 'string' } });
  const [same] = await kind.convert([asObject(boat({ a: 'x' }))], 'v1');
  assert.deepEqual(same?.spec, { a: 'x' });
  await assert.rejects(
    kind.convert([{ ...asObject(boat({})), apiVersion: 'try.example/v7' }], 'v1'),
    /invalid group\/version/,
  );
});

test('pruning twice is pruning once, and what is left is never unknown', () => {
  const kind = kindOf({
    a: { type: 'object', additionalProperties: { type: 'integer' } },
    l: { type: 'array', items: { type: 'object', properties: { k: { type: 'string' } } } },
  });
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'l', 'x'), fc.jsonValue()), (spec) => {
      const body = boat(spec);
      kind.decode(body, 'v1');
      const once = JSON.stringify(body);
      assert.deepEqual(kind.decode(body, 'v1'), []);
      assert.equal(JSON.stringify(body), once);
    }),
    { numRuns: 200 },
  );
});

test('columns of a table follow their JSON paths', () => {
  const columns = [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ];
  const kind = kindOf({ a: { type: 'string' } }, { version: { additionalPrinterColumns: columns } });
  const object = {
    ...asObject(boat({})),
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
    metadata: { name: 'b', creationTimestamp: '2026-01-01T00:00:00Z' },
  };
  assert.deepEqual(kind.columns('v1').cells(object, Date.UTC(2026, 0, 3, 1)), ['b', 'True', '2d1h']);
});
