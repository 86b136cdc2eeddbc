import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareVersions, preferredVersion } from './versions.ts';

const ORDER = ['v10', 'v2', 'v1', 'v11beta2', 'v10beta3', 'v3beta1', 'v12alpha1', 'v11alpha2', 'foo1', 'foo10', 'v0'];

test('versions stand in the order that Kubernetes documents, however they come', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(ORDER, { minLength: 1 }), (versions) => {
      const sorted = versions.toSorted(compareVersions);
      assert.deepEqual(
        sorted,
        ORDER.filter((version) => versions.includes(version)),
      );
      assert.equal(preferredVersion(versions), sorted[0]);
    }),
    { numRuns: 200 },
  );
  assert.equal(preferredVersion([]), undefined);
});
