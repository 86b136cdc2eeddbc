import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/objects/json.ts';
import {
  RECORDED_VERSION,
  recordedAggregated,
  recordedDocument,
  recordedGroupVersions,
  recordedObjects,
  recordedOpenApi,
  recordedOpenApiIndex,
  recordedOpenApiPaths,
  recordedStorageVersions,
} from '../../../src/sandbox/recorded/recorded.ts';

test('the recording is of the version that the real tests start', () => {
  assert.equal(recordedDocument('/version')?.gitVersion, RECORDED_VERSION);
});

test('every group-version of discovery has its resource list, its OpenAPI document and a place in the aggregated list', () => {
  const groups = recordedDocument('/apis')?.groups as unknown as { versions: { groupVersion: string }[] }[];
  const versions = groups.flatMap((group) => group.versions.map(({ groupVersion }) => `/apis/${groupVersion}`));
  assert.deepEqual([...recordedGroupVersions()].sort(), ['/api/v1', ...versions].sort());
  const aggregated = (['/api', '/apis'] as const).flatMap((path) =>
    (
      recordedAggregated(path).items as unknown as { metadata: { name?: string }; versions: { version: string }[] }[]
    ).flatMap(({ metadata, versions: served }) =>
      served.map(({ version }) =>
        metadata.name === undefined ? `/api/${version}` : `/apis/${metadata.name}/${version}`,
      ),
    ),
  );
  assert.deepEqual(aggregated.sort(), ['/api/v1', ...versions].sort());
  for (const path of recordedGroupVersions()) {
    assert.equal(recordedDocument(path)?.kind, 'APIResourceList');
    assert.ok(recordedOpenApi(path.slice(1))?.components !== undefined, path);
  }
});

test('the OpenAPI index names every document by a hash', () => {
  const paths = recordedOpenApiIndex().paths as JsonObject;
  assert.deepEqual(Object.keys(paths).sort(), [...recordedOpenApiPaths()].sort());
});

test('the storage version of a resource is the one that its hash in discovery is made of', () => {
  const stored = recordedStorageVersions() as Readonly<Record<string, string>>;
  const deployments = (recordedDocument('/apis/apps/v1')?.resources as unknown as JsonObject[]).find(
    ({ name }) => name === 'deployments',
  );
  const digest = createHash('sha256').update(`${stored['deployments.apps']}/Deployment`).digest();
  assert.equal(deployments?.storageVersionHash, digest.subarray(0, 8).toString('base64'));
  // Stored in a version that is not served any more.
  assert.equal(stored['customresourcedefinitions.apiextensions.k8s.io'], 'apiextensions.k8s.io/v1beta1');
});

test('a fresh server holds its namespaces and roles by itself; its manager adds the rest', () => {
  const keysOf = (of: 'alone' | 'beside-manager'): string[] =>
    recordedObjects(of).map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
  const alone = keysOf('alone');
  for (const key of [
    'Namespace /default',
    'ClusterRole /cluster-admin',
    'Service default/kubernetes',
    'ServiceCIDR /kubernetes',
  ])
    assert.ok(alone.includes(key), key);
  assert.ok(!alone.includes('ConfigMap default/kube-root-ca.crt'));
  assert.ok(keysOf('beside-manager').includes('ConfigMap default/kube-root-ca.crt'));
  for (const object of recordedObjects('alone'))
    assert.ok(object.metadata.managedFields !== undefined || object.kind !== 'Namespace', object.metadata.name);
});
