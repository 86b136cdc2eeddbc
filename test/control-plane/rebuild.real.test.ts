import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask } from './api.ts';
import { controlPlaneAvailable, startControlPlane } from './fixture.ts';
import { rebuild } from './rebuild.ts';

const DATA = join(import.meta.dirname, '../../../shared/data');
const availability = await controlPlaneAvailable();

function skipReason(cluster: string): string | false {
  if (availability.kind === 'unavailable') return `${availability.why}; ${availability.hint}`;
  return !existsSync(join(DATA, `${cluster}.objects.jsonl`)) && `no captured ${cluster} in ../shared/data`;
}

async function captured(cluster: string): Promise<[string, string]> {
  return Promise.all([
    readFile(join(DATA, `${cluster}.objects.jsonl`), 'utf8'),
    readFile(join(DATA, `${cluster}.discovery.json`), 'utf8'),
  ]);
}

for (const cluster of ['cnpg-cluster', 'crossplane-cluster']) {
  test(`the rebuilt ${cluster} is served exactly as it was captured`, { skip: skipReason(cluster) }, async (t) => {
    const [objects, discovery] = await captured(cluster);
    await using plane = await startControlPlane({ controllerManager: false });
    const rebuilt = await rebuild(plane, objects, discovery);
    assert.deepEqual(rebuilt.leftOut, []);
    assert.equal(rebuilt.put, objects.trim().split('\n').length);

    const result = await rebuilt.compare();
    assert.deepEqual(result.differences, []);
    assert.equal(result.equal.length + result.heartbeats.length, rebuilt.put);
    t.diagnostic(`${result.equal.length} objects equal; the server's own: ${result.onlyOnServer.join(', ') || 'none'}`);
  });
}

test('what is not as captured is found', { skip: skipReason('cnpg-cluster') }, async () => {
  const [objects, discovery] = await captured('cnpg-cluster');
  await using plane = await startControlPlane({ controllerManager: false });
  const foreign = [
    { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'NodeMetrics', metadata: { name: 'n' } },
    { apiVersion: 'velero.io/v9', kind: 'Backup', metadata: { name: 'b', namespace: 'velero' } },
    { apiVersion: 'v1', kind: 'ComponentStatus', metadata: { name: 'etcd-0' } },
  ];
  const rebuilt = await rebuild(
    plane,
    objects + foreign.map((item) => `${JSON.stringify(item)}\n`).join(''),
    discovery,
  );
  assert.deepEqual(
    rebuilt.leftOut.map(({ name }) => name),
    ['metrics.k8s.io/v1beta1 NodeMetrics n', 'backups.velero.io velero/b', 'componentstatuses etcd-0'],
  );

  const maps = '/api/v1/namespaces/t/configmaps';
  const changes = [
    await ask(plane, 'PATCH', `${maps}/later1`, { data: { changed: 'yes' } }, 'application/merge-patch+json'),
    await ask(plane, 'DELETE', `${maps}/later2`),
    await ask(plane, 'POST', maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'added' } }),
  ];
  assert.deepEqual(
    changes.map(({ status }) => status),
    [200, 200, 201],
  );
  const result = await rebuilt.compare();
  assert.deepEqual(
    result.differences.map(({ kind, name }) => `${kind} ${name}`),
    ['different configmaps t/later1', 'missing configmaps t/later2'],
  );
  assert.ok(result.onlyOnServer.includes('configmaps t/added'));
  const [different] = result.differences;
  assert.ok(different?.kind === 'different' && different.paths.some((path) => path.startsWith('.data')));
});

test('a cluster is not rebuilt under running controllers', { skip: skipReason('cnpg-cluster') }, async () => {
  const [objects, discovery] = await captured('cnpg-cluster');
  await using plane = await startControlPlane();
  await assert.rejects(rebuild(plane, objects, discovery), /only while no controller manager runs/);
});
