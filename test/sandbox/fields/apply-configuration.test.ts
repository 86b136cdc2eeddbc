import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, ManagedFieldsEntry } from '../../../src/objects/json.ts';
import { applyConfiguration } from '../../../src/sandbox/fields/apply-configuration.ts';
import { builtInTypes } from '../../../src/sandbox/schema/built-in.ts';
import { Refusal } from '../../../src/sandbox/status/refusal.ts';

const NOW = Date.UTC(2030, 0, 1);
const DEPLOYMENT = builtInTypes().typeOf({ group: 'apps', version: 'v1', kind: 'Deployment' });

interface Wish {
  readonly spec?: object;
  readonly metadata?: object;
}
function apply(live: JsonObject | undefined, manager: string, { spec, metadata }: Wish, force = false): JsonObject {
  assert.ok(DEPLOYMENT !== undefined);
  const applied = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', ...metadata },
    ...(spec === undefined ? {} : { spec }),
  };
  const shape = { type: DEPLOYMENT, apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  const write = { live, applied: applied as unknown as JsonObject, manager, force, now: NOW };
  return applyConfiguration({ ...shape, ...write }) as JsonObject;
}
const stored = (object: JsonObject): JsonObject => ({
  ...object,
  metadata: { ...(object.metadata as object), uid: 'u' },
});
const managers = (object: JsonObject): (string | undefined)[] =>
  ((object.metadata as JsonObject).managedFields as unknown as ManagedFieldsEntry[]).map(({ manager }) => manager);
const specOf = (object: JsonObject) =>
  object.spec as unknown as {
    replicas?: number;
    template: { spec: { containers: { name: string; image?: string }[] | null } };
  };
const container = (name: string, image: string): object => ({ template: { spec: { containers: [{ name, image }] } } });

test('what a manager no longer applies goes, unless someone else owns it too', () => {
  let live = stored(apply(undefined, 'ann', { spec: { replicas: 2, ...container('web', 'a') } }));
  live = apply(live, 'bob', { spec: { replicas: 2 } });
  // Bob changed nothing, so that his entry has no time, and comes first.
  assert.deepEqual(managers(live), ['bob', 'ann']);
  live = apply(live, 'ann', { spec: container('web', 'a') });
  assert.equal(specOf(live).replicas, 2);
  live = apply(live, 'bob', {});
  assert.equal(specOf(live).replicas, undefined);
  assert.deepEqual(managers(live), ['ann']);
});

test('a conflict names manager and path; force takes the field', () => {
  const live = stored(apply(undefined, 'ann', { spec: { replicas: 2, ...container('web', 'a') } }));
  assert.throws(
    () => apply(live, 'bob', { spec: { replicas: 3, ...container('web', 'b') } }),
    (error) => {
      assert.ok(error instanceof Refusal);
      assert.equal(
        error.status.message,
        'Apply failed with 2 conflicts: conflicts with "ann":\n- .spec.replicas\n- .spec.template.spec.containers[name="web"].image',
      );
      assert.deepEqual([error.status.code, error.status.reason], [409, 'Conflict']);
      assert.deepEqual(error.status.details?.causes?.[0], {
        reason: 'FieldManagerConflict',
        message: 'conflict with "ann"',
        field: '.spec.replicas',
      });
      return true;
    },
  );
  const forced = apply(live, 'bob', { spec: { replicas: 3 } }, true);
  assert.equal(specOf(forced).replicas, 3);
  assert.deepEqual(managers(forced), ['ann', 'bob']);
});

test('items of a list are told apart by their keys, and absent keys by their defaults', () => {
  const ports = (...items: object[]): Wish => ({
    spec: { template: { spec: { containers: [{ name: 'web', image: 'a', ports: items }] } } },
  });
  const live = stored(apply(undefined, 'ann', ports({ containerPort: 80 })));
  const both = apply(live, 'bob', ports({ containerPort: 80, protocol: 'UDP' }));
  assert.deepEqual((specOf(both).template.spec.containers?.[0] as { ports?: unknown }).ports, [
    { containerPort: 80 },
    { containerPort: 80, protocol: 'UDP' },
  ]);
  assert.throws(
    () => apply(undefined, 'ann', ports({ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' })),
    /failed to create typed patch object \(\/web; apps\/v1, Kind=Deployment\): .spec.template.spec.containers\[name="web"\].ports: duplicate entries for key \[containerPort=80,protocol="TCP"\]/,
  );
});

test('an object that nobody is known to own belongs to before-first-apply', () => {
  const live = stored({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 2 } });
  assert.deepEqual(managers(apply(live, 'ann', { metadata: { labels: { a: 'b' } } })), ['ann', 'before-first-apply']);
});

test('a body that brings managed fields, or another kind, is refused', () => {
  const refusedWith = (message: string) => (error: unknown) =>
    error instanceof Refusal && error.status.code === 400 && error.status.message === message;
  assert.throws(
    () => apply(undefined, 'ann', { metadata: { managedFields: [{}] } }),
    refusedWith('metadata.managedFields must be nil'),
  );
});

test('applying the same again changes nothing, not even a time', () => {
  const live = stored(apply(undefined, 'ann', { spec: { replicas: 2 } }));
  assert.deepEqual(apply(live, 'ann', { spec: { replicas: 2 } }), live);
});
