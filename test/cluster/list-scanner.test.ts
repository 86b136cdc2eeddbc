import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ListScanner } from '../../src/cluster/http/list-scanner.ts';
import { isFault } from '../../src/outcome/fault.ts';

interface Seen {
  readonly text: string;
  readonly fields: readonly (string | undefined)[];
}

function scan(bytes: Buffer, cuts: readonly number[], item = 1 << 20) {
  const scanner = new ListScanner({ item, what: 'a list' });
  const seen: Seen[] = [];
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let k = 1; k < edges.length; k++) {
    scanner.push(bytes.subarray(edges[k - 1], edges[k]));
    for (let found = scanner.next(); found !== undefined; found = scanner.next())
      seen.push({
        text: Buffer.from(found.bytes).toString('utf8'),
        fields: [found.name, found.namespace, found.uid, found.resourceVersion],
      });
  }
  return { seen, head: scanner.finish() };
}

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.constantFrom('"', '\\', '\\"', '{', ']}', 'ä€😀', 'x'.repeat(90)),
);
const noise = fc.jsonValue({ maxDepth: 4 });
const metadata = fc.record(
  { name: text, namespace: text, uid: text, resourceVersion: text, labels: noise, managedFields: noise },
  { requiredKeys: ['name', 'labels'] },
);
const item = fc.record(
  { spec: noise, metadata, status: fc.record({ metadata: noise, name: text }), name: text },
  { requiredKeys: ['metadata'] },
);
/** Fields in any order, as different encoders write them. */
const shuffled = <T extends object>(arbitrary: fc.Arbitrary<T>) =>
  fc.tuple(arbitrary, fc.infiniteStream(fc.nat(9))).map(([value, keys]) => {
    const order = Object.entries(value).map((entry) => ({ entry, key: keys.next().value ?? 0 }));
    return Object.fromEntries(order.sort((a, b) => a.key - b.key).map(({ entry }) => entry)) as T;
  });
const lists = shuffled(
  fc.record({
    kind: fc.constant('XList'),
    apiVersion: fc.constant('x/v1'),
    metadata: fc.record({ resourceVersion: fc.constant('41'), continue: text, remainingItemCount: fc.nat() }),
    items: fc.array(shuffled(item), { maxLength: 6 }),
    other: noise,
  }),
);

test('a list cut into any pieces gives the items and the metadata that JSON.parse gives', () => {
  fc.assert(
    fc.property(lists, fc.array(fc.nat(), { maxLength: 40 }), fc.constantFrom(0, 1, 2), (list, cuts, indent) => {
      const source = JSON.stringify(list, null, indent);
      const { seen, head } = scan(Buffer.from(source), cuts);
      const wanted = (JSON.parse(source) as typeof list).items;
      assert.deepEqual(
        seen.map((one) => JSON.parse(one.text)),
        wanted,
      );
      assert.deepEqual(
        seen.map((one) => one.fields),
        wanted.map(({ metadata: own }) => [own.name, own.namespace, own.uid ?? '', own.resourceVersion ?? '']),
      );
      assert.deepEqual(head, {
        apiVersion: 'x/v1',
        kind: 'XList',
        revision: '41',
        continueToken: list.metadata.continue,
        remaining: list.metadata.remainingItemCount,
      });
    }),
    { numRuns: 400 },
  );
});

test('a list cut short anywhere is never taken for a whole one', () => {
  const source = Buffer.from(
    JSON.stringify({
      kind: 'L',
      apiVersion: 'v1',
      items: [{ metadata: { name: 'a' } }],
      metadata: { resourceVersion: '1' },
    }),
  );
  for (let length = 0; length < source.length; length++)
    assert.throws(
      () => scan(source.subarray(0, length), []),
      (error) => isFault(error, 'MALFORMED-ANSWER'),
      `${length}`,
    );
  assert.equal(scan(source, []).seen.length, 1);
});

test('a null list of items is an empty one', () => {
  const { seen } = scan(Buffer.from('{"kind":"L","apiVersion":"v1","metadata":{},"items":null}'), [3, 30, 55]);
  assert.deepEqual(seen, []);
});

const HEAD = '"kind":"L","apiVersion":"v1","metadata":{}';
const hostile: Readonly<Record<string, string>> = {
  'no JSON': '<html>',
  'an array': '[]',
  'a text': '"list"',
  'a Status instead of a list': '{"kind":"Status","apiVersion":"v1","metadata":{}}',
  'items that are a mapping': `{${HEAD},"items":{}}`,
  'items that are a number': `{${HEAD},"items":7}`,
  'items twice': `{${HEAD},"items":[],"items":[]}`,
  'an item that is a text': `{${HEAD},"items":["a"]}`,
  'an item without metadata': `{${HEAD},"items":[{"a":1}]}`,
  'a name that is a number': `{${HEAD},"items":[{"metadata":{"name":5,"uid":"u"}}]}`,
  'a uid that is a mapping': `{${HEAD},"items":[{"metadata":{"name":"a","uid":{"uid":"u"}}}]}`,
  'a name with a broken escape': `{${HEAD},"items":[{"metadata":{"name":"a\\q"}}]}`,
  'metadata that is a list': '{"kind":"L","apiVersion":"v1","metadata":[],"items":[]}',
  'a token that is a number': '{"kind":"L","apiVersion":"v1","metadata":{"continue":1},"items":[]}',
  'a count below zero': '{"kind":"L","apiVersion":"v1","metadata":{"remainingItemCount":-1},"items":[]}',
  'two items without a comma': `{${HEAD},"items":[{"metadata":{"name":"a"}}{"metadata":{"name":"b"}}]}`,
  'something behind its end': `{${HEAD},"items":[]}{`,
  'an item closed like a list': `{${HEAD},"items":[{"metadata":{"name":"a"}]]}`,
  'a name of 10 MB': `{${HEAD},"items":[{"metadata":{"name":"${'n'.repeat(10 << 20)}"}}]}`,
  'an item of 10 MB where 1 MB is the bound': `{${HEAD},"items":[{"metadata":{"name":"a"},"x":"${'n'.repeat(10 << 20)}"}]}`,
  'a nesting bomb in an item': `{${HEAD},"items":[{"metadata":{"name":"a"},"x":${'['.repeat(200_000)}`,
  'a nesting bomb beside the items': `{"x":${'['.repeat(200_000)}`,
  'a field name without end': `{"${'k'.repeat(100_000)}`,
};
for (const [what, source] of Object.entries(hostile))
  test(`a list is refused that holds ${what}`, () => {
    const pieces = Array.from({ length: Math.ceil(source.length / 16384) }, (_, index) => index * 16384);
    assert.throws(
      () => scan(Buffer.from(source), pieces),
      (error) => isFault(error, 'MALFORMED-ANSWER'),
    );
  });
