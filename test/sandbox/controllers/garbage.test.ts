import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../src/objects/json.ts';
import { openStage, type Stage } from './stage.ts';

const STALE = '11111111-2222-3333-4444-555555555555';
const names = (stage: Stage): readonly (string | undefined)[] =>
  stage
    .list('configmaps')
    .map(({ metadata }) => metadata.name)
    .filter((name) => name !== 'kube-root-ca.crt');
const map = (name: string, ...ownerReferences: object[]): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(ownerReferences.length === 0 ? {} : { ownerReferences }) },
});
const by = ({ metadata }: KubeObject, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: metadata.name,
  uid: metadata.uid,
  ...more,
});

test('an object whose owner has another UID, or never was, is collected; one with a living owner stays', async () => {
  await using stage = await openStage({ nodes: false });
  const owner = await stage.create('configmaps', map('owner'));
  await stage.create('configmaps', map('kept', by(owner)));
  await stage.create('configmaps', map('stale', by(owner, { uid: STALE })));
  await stage.create('configmaps', map('absent', by(owner, { name: 'never', uid: STALE })));
  await stage.settle();
  assert.deepEqual(names(stage), ['kept', 'owner']);
});

test('of several owners only the dangling references go', async () => {
  await using stage = await openStage({ nodes: false });
  const owner = await stage.create('configmaps', map('owner'));
  await stage.create('configmaps', map('child', by(owner), by(owner, { name: 'never', uid: STALE })));
  await stage.settle();
  const references = stage.get('configmaps', 'child')?.metadata.ownerReferences;
  assert.deepEqual(
    references?.map(({ name }) => name),
    ['owner'],
  );
});

test('an owner of an unknown kind keeps its dependents until its definition arrives (lab 8)', async () => {
  await using stage = await openStage({ nodes: false });
  const reference = { apiVersion: 'example.org/v1', kind: 'Late', name: 'x', uid: STALE };
  await stage.create('configmaps', map('waits', reference));
  await stage.pass(300);
  assert.deepEqual(names(stage), ['waits']);
  await stage.create(
    'customresourcedefinitions.apiextensions.k8s.io',
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'lates.example.org' },
      spec: {
        group: 'example.org',
        scope: 'Namespaced',
        names: { plural: 'lates', singular: 'late', kind: 'Late', listKind: 'LateList' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    },
    '',
  );
  await stage.pass(5);
  assert.deepEqual(names(stage), []);
});

test('a cluster-scoped object with an owner in a namespace is kept, whatever became of the owner (lab 8)', async () => {
  await using stage = await openStage({ nodes: false });
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'far', ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: STALE }] },
  };
  await stage.create('clusterroles.rbac.authorization.k8s.io', role, '');
  await stage.pass(60);
  assert.notEqual(stage.get('clusterroles.rbac.authorization.k8s.io', 'far', ''), undefined);
});

test('chains of owners go from the top down', async () => {
  await using stage = await openStage({ nodes: false });
  let owner = await stage.create('configmaps', map('level-0'));
  for (let level = 1; level < 5; level += 1) owner = await stage.create('configmaps', map(`level-${level}`, by(owner)));
  await stage.settle();
  assert.equal(names(stage).length, 5);
  await stage.remove('configmaps', 'level-0');
  await stage.settle();
  assert.deepEqual(names(stage), []);
});
