import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalBytes, canonicalText, contentHash } from './canonical.ts';
import type { Json, KubeObject } from './json.ts';

const shuffled = (value: Json): Json => {
  if (Array.isArray(value)) return value.map((item) => shuffled(item as Json));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffled(member as Json)]),
  );
};

test('the order of keys does not show, and the text reads back as the value', () => {
  fc.assert(
    fc.property(fc.jsonValue() as fc.Arbitrary<Json>, (value) => {
      assert.equal(canonicalText(shuffled(value)), canonicalText(value));
      assert.equal(canonicalText(JSON.parse(canonicalText(value))), canonicalText(value));
    }),
    { numRuns: 300 },
  );
});

test('keys are sorted, undefined is left out, bytes are UTF-8', () => {
  const value = { b: [1, undefined, { y: 1e21, x: -0 }], a: undefined, é: 'ß' };
  assert.equal(canonicalText(value), '{"b":[1,null,{"x":0,"y":1e+21}],"é":"ß"}');
  assert.deepEqual(canonicalBytes({ é: 1 }), Buffer.from('{"é":1}', 'utf8'));
});

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'x', labels: { app: 'a' } },
  spec: { nodeName: 'n' },
};

test('the content hash is SHA-256 of the canonical bytes', () => {
  const hash = createHash('sha256').update(canonicalBytes(pod)).digest('hex');
  assert.equal(contentHash(pod), hash);
});

test('what a server writes anew is not content; everything else is', () => {
  const served = { uid: 'u', resourceVersion: '1', generation: 2, creationTimestamp: 't', selfLink: '/x' };
  const leaving = { managedFields: [{}], deletionTimestamp: 't', deletionGracePeriodSeconds: 1 };
  const living = { ...pod, status: { phase: 'Running' }, metadata: { ...pod.metadata, ...served, ...leaving } };
  assert.equal(contentHash(living), contentHash(pod));
  assert.notEqual(contentHash(living, { status: true }), contentHash(pod, { status: true }));
  for (const changed of [
    { ...pod, spec: { nodeName: 'm' } },
    { ...pod, kind: 'Rod' },
    { ...pod, metadata: { ...pod.metadata, labels: { app: 'b' } } },
    { ...pod, metadata: { ...pod.metadata, finalizers: ['f'] } },
  ])
    assert.notEqual(contentHash(changed), contentHash(pod));
});
