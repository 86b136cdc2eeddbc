import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/objects/json.ts';
import { strategicMerge } from '../../../src/sandbox/fields/strategic-merge.ts';
import { builtInTypes } from '../../../src/sandbox/schema/built-in.ts';
import { Refusal } from '../../../src/sandbox/status/refusal.ts';

const POD = builtInTypes().typeOf({ group: '', version: 'v1', kind: 'Pod' });
function patched(original: object, patch: object): unknown {
  assert.ok(POD !== undefined);
  return strategicMerge(original as JsonObject, patch as JsonObject, POD);
}
const env = (...names: string[]): object[] => names.map((name) => ({ name, value: '1' }));
const pod = (...items: object[]): object => ({ spec: { containers: [{ name: 'c', env: items }] } });

test('lists with a merge key are merged by it, lists without are replaced, null removes', () => {
  const original = { spec: { containers: [{ name: 'a', image: '1', args: ['x'] }, { name: 'b' }], nodeName: 'n' } };
  const patch = { spec: { containers: [{ name: 'a', args: ['y'] }, { name: 'c' }], nodeName: null } };
  assert.deepEqual(patched(original, patch), {
    spec: { containers: [{ name: 'a', image: '1', args: ['y'] }, { name: 'c' }, { name: 'b' }] },
  });
});

test('$patch: delete and replace, of items and of maps', () => {
  assert.deepEqual(patched(pod(...env('A', 'B')), pod({ name: 'A', $patch: 'delete' })), pod(...env('B')));
  assert.deepEqual(patched(pod(...env('A')), pod({ $patch: 'replace' }, ...env('Z'))), pod(...env('Z')));
  const labels = (value: object): object => ({ metadata: { labels: value } });
  assert.deepEqual(patched(labels({ a: '1' }), labels({ $patch: 'replace', b: '2' })), labels({ b: '2' }));
  assert.deepEqual(patched(labels({ a: '1' }), labels({ $patch: 'delete' })), labels({}));
});

test('$setElementOrder puts items in order, $deleteFromPrimitiveList takes values out, $retainKeys drops the rest', () => {
  const order = { spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] } };
  assert.deepEqual(patched({ spec: { containers: [{ name: 'a' }, { name: 'b' }] } }, order), {
    spec: { containers: [{ name: 'b' }, { name: 'a' }] },
  });
  const finalizers = { metadata: { '$deleteFromPrimitiveList/finalizers': ['x/a'] } };
  assert.deepEqual(patched({ metadata: { finalizers: ['x/a', 'x/b'] } }, finalizers), {
    metadata: { finalizers: ['x/b'] },
  });
  const volume = { name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/' } };
  assert.deepEqual(patched({ spec: { volumes: [{ name: 'v', emptyDir: {} }] } }, { spec: { volumes: [volume] } }), {
    spec: { volumes: [{ name: 'v', hostPath: { path: '/' } }] },
  });
});

test('an item deleted beside a new one: the new one takes its room, as in the server', () => {
  // Answered by kube-apiserver v1.34.4: E comes after D, because it counts as living.
  const patch = {
    spec: {
      containers: [
        {
          name: 'c',
          '$setElementOrder/env': [{ name: 'B' }, { name: 'A' }, { name: 'E' }],
          env: [{ name: 'A', $patch: 'delete' }, ...env('E')],
        },
      ],
    },
  };
  assert.deepEqual(patched(pod(...env('A', 'B', 'C', 'D')), patch), pod(...env('B', 'C', 'D', 'E')));
});

test('patches of a wrong form are refused in the words of the server', () => {
  const cases: readonly (readonly [object, object, number, string])[] = [
    [pod(...env('A')), pod({ value: '1' }), 500, 'map: map[value:1] does not contain declared merge key: name'],
    [
      { metadata: { labels: { a: '1' } } },
      { metadata: { labels: { $patch: 'merge' } } },
      500,
      'unknown patch type: merge in map: map[$patch:merge]',
    ],
    [
      { spec: { volumes: [{ name: 'v' }] } },
      { spec: { volumes: [{ name: 'v', $retainKeys: ['x'] }] } },
      400,
      'invalid patch format of retainKeys',
    ],
  ];
  for (const [original, patch, code, message] of cases)
    assert.throws(
      () => patched(original, patch),
      (error) => error instanceof Refusal && error.status.code === code && error.status.message === message,
      message,
    );
});

test('neither the original nor the patch is changed', () => {
  const original = pod(...env('A'));
  const patch = pod({ name: 'A', $patch: 'delete' });
  const before = JSON.stringify([original, patch]);
  patched(original, patch);
  assert.equal(JSON.stringify([original, patch]), before);
});
