import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { crd } from '../../bench/worlds/platform-manifests.ts';
import { BUILT_IN, type World } from '../../bench/worlds/world.ts';
import { targetObjects } from '../../src/cli/rehearsal/target-objects.ts';
import type { JsonObject, KubeObject } from '../../src/objects/json.ts';
import type { RehearsalReport } from '../../src/rehearsal/report.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { captured, fateOf, NOW, rehearsed, vaultOf } from './rehearsed.ts';

const TEAM = 'team-a';
const DEFINITIONS = ['backups.velero.io', 'widgets.example.com'] as const;
const map = (number: number, name: string, data: JsonObject = { a: name }): KubeObject =>
  captured(number, 'v1', 'ConfigMap', TEAM, name, { data });
const definition = (number: number, body: JsonObject): KubeObject => {
  const { metadata, ...rest } = body as unknown as KubeObject;
  return captured(
    number,
    body.apiVersion as string,
    body.kind as string,
    undefined,
    metadata.name ?? '',
    rest as never,
  );
};

/** A team with two ConfigMaps, a backup of a system without a model, and a kind of nobody. */
const world: World = {
  kinds: [
    ...BUILT_IN,
    { apiVersion: 'velero.io/v1', kind: 'Backup', resource: 'backups', namespaced: true },
    { apiVersion: 'example.com/v1', kind: 'Widget', resource: 'widgets', namespaced: true },
  ],
  objects: () => [
    definition(1, crd('velero.io', 'v1', 'Backup', 'backups', [], 'Namespaced')),
    definition(2, crd('example.com', 'v1', 'Widget', 'widgets', [], 'Namespaced')),
    captured(3, 'v1', 'Namespace', undefined, TEAM, { spec: {}, status: { phase: 'Active' } }),
    map(4, 'first'),
    map(5, 'second'),
    captured(6, 'velero.io/v1', 'Backup', TEAM, 'daily', { spec: {}, status: { phase: 'Completed' } }),
    captured(7, 'example.com/v1', 'Widget', TEAM, 'one', { spec: { size: 1 } }),
  ],
};

async function live(...bodies: readonly JsonObject[]): Promise<Sandbox> {
  const sandbox = await startSandbox({ clock: { start: NOW }, seed: 9 });
  const cluster = sandbox.cluster();
  const create = async (resource: string, namespace: string | undefined, body: JsonObject): Promise<void> => {
    const at = { group: '', version: 'v1', resource, ...(namespace === undefined ? {} : { namespace }) };
    const answer = await cluster.create(at, body);
    assert.equal(answer.kind, 'accepted', JSON.stringify(answer));
  };
  await create('namespaces', undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: TEAM } });
  await sandbox.settle();
  for (const body of bodies) await create(`${String(body.kind).toLowerCase()}s`, TEAM, body);
  await sandbox.settle();
  return sandbox;
}

async function rehearsedLike(target: Sandbox, look?: (stage: Sandbox) => void): Promise<RehearsalReport> {
  const vault = await vaultOf(world);
  try {
    const objects = await targetObjects(target.cluster(), () => undefined);
    return await rehearsed(await vault.open('latest'), {
      stage: { objects },
      ...(look === undefined ? {} : { look: ({ sandbox }) => look(sandbox) }),
    });
  } finally {
    await vault.close();
    await target.close();
  }
}
const first: JsonObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'first', namespace: TEAM },
  data: { a: 'first' },
};
const quota = (configmaps: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'small', namespace: TEAM },
  spec: { hard: { configmaps } },
});

describe('a stage like a living target', () => {
  let report: RehearsalReport;
  let uid: string;
  let kept: string | undefined;
  before(async () => {
    const target = await live(first);
    uid = target.api.get('configmaps' as never, TEAM, 'first')?.metadata.uid ?? '';
    report = await rehearsedLike(target, (stage) => {
      kept = stage.api.get('configmaps' as never, TEAM, 'first')?.metadata.uid;
    });
  });

  test('adopts what is there and agrees, under the UID that it has in the target', () => {
    assert.equal(fateOf(report, `configmaps/${TEAM}/first`).outcome, 'adopted');
    assert.equal(fateOf(report, `configmaps/${TEAM}/second`).outcome, 'accepted');
    assert.equal(kept, uid);
    assert.deepEqual(report.lost, []);
  });

  test('is the target by its fingerprint, so that a plan for the target fits', () => {
    assert.equal(report.stage.began, 'like the target');
    assert.match(report.target.fingerprint, /^[0-9a-f-]{36}$/);
  });

  test('says of a system without a model, and of a kind of nobody, that nothing was run', () => {
    const told = Object.fromEntries(
      report.checks.filter(({ kind }) => kind === 'model').map(({ id, status, code }) => [id, `${status} ${code}`]),
    );
    assert.deepEqual(told, {
      [`model ${DEFINITIONS[0]}`]: 'not run NO-MODEL',
      [`model ${DEFINITIONS[1]}`]: 'not run NO-CONTROLLER',
    });
    assert.equal(report.exit, 3);
  });
});

describe('a target that says no', () => {
  test('a quota refuses what is beyond it, in the words of the server', async () => {
    // kube-root-ca.crt and one more.
    const report = await rehearsedLike(await live(quota('2')));
    const refused = report.objects.filter(({ outcome }) => outcome === 'refused');
    assert.equal(refused.length, 1);
    assert.match(
      refused[0]?.reason?.sentence ?? '',
      /forbidden: exceeded quota: small, requested: configmaps=1, used: configmaps=2, limited: configmaps=2/,
    );
    assert.equal(refused[0]?.reason?.code, 'REFUSED');
    assert.equal(report.exit, 3);
  });

  test('what differs refuses the whole: nothing is predicted but why', async () => {
    const report = await rehearsedLike(await live({ ...first, data: { a: 'another' } }));
    assert.equal(report.exit, 1);
    assert.equal(report.refusals.length, 1);
    assert.equal(report.refusals[0]?.key, `configmaps/${TEAM}/first`);
    assert.deepEqual(report.objects, []);
  });
});

test('what was read of a target is put back exactly: uids, times and managed fields', async () => {
  const target = await live(first);
  const objects = await targetObjects(target.cluster(), () => undefined);
  const again = await startSandbox({ clock: { start: NOW }, objects, controllers: [] });
  after(() => Promise.all([target.close(), again.close()]));
  const without = ({ metadata: { resourceVersion: _, ...metadata }, ...rest }: KubeObject): object => ({
    ...rest,
    metadata,
  });
  const read = await targetObjects(again.cluster(), () => undefined);
  assert.deepEqual(read.map(without), objects.map(without));
  assert.equal(await again.cluster().fingerprint(), await target.cluster().fingerprint());
});
