import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { getAt } from '../../src/objects/pointer.ts';
import { isFault } from '../../src/outcome/fault.ts';
import { type Made, pathOf } from './api-objects.ts';
import { complaints, type Ground, type Place, planned, recovered, runFolder, without } from './lost-and-recovered.ts';
import { definition, namespace, readyEndpoint, secret, service, webhook, workload } from './manifests.ts';
import { watching } from './watching.ts';

const GROUP = 'postgresql.cnpg.io';
const OPERATOR = 'apps/v1 Deployment cnpg-system/cnpg-controller-manager';
const WEBHOOKS = 'admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration';
const DEFINITIONS = [definition(GROUP, 'Cluster'), definition(GROUP, 'ImageCatalog')];
const operator = (replicas: number): Made =>
  workload(
    'Deployment',
    'cnpg-system/cnpg-controller-manager',
    { replicas },
    { 'app.kubernetes.io/name': 'cloudnative-pg' },
  );
const backend = service('cnpg-system/cnpg-webhook-service', { ports: [{ port: 443 }] });
const judge = webhook(
  'cnpg-validating-webhook-configuration',
  'cnpg-system/cnpg-webhook-service',
  [GROUP],
  ['clusters'],
);
const CATALOGS = { selection: { namespaces: ['catalogs'] }, fieldOwnership: 'all' } as const;

async function world({ objects }: Place): Promise<void> {
  await objects.make(namespace('cnpg-system'), namespace('db'), namespace('catalogs'), ...DEFINITIONS);
  await objects.make(operator(2), backend, readyEndpoint('cnpg-system/cnpg-webhook-service'));
  await objects.make({
    apiVersion: `${GROUP}/v1`,
    kind: 'ImageCatalog',
    metadata: { name: 'images', namespace: 'catalogs' },
    spec: { images: [{ major: 17, image: 'example.org/postgresql:17' }] },
  });
  const cluster = await objects.make({
    apiVersion: `${GROUP}/v1`,
    kind: 'Cluster',
    metadata: { name: 'silly-demo', namespace: 'db' },
    spec: { instances: 1, bootstrap: { initdb: { database: 'app', owner: 'app' } }, storage: { size: '1Gi' } },
  });
  const ownerReferences = [
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'Cluster',
      name: 'silly-demo',
      uid: cluster.metadata.uid ?? '',
      controller: true,
    },
  ];
  const owned = (made: Made): Made => ({ ...made, metadata: { ...made.metadata, ownerReferences } });
  await objects.make(
    owned(service('db/silly-demo-r', { ports: [{ port: 5432 }] })),
    owned(secret('db/silly-demo-app')),
  );
  await objects.change(
    `${GROUP}/v1 Cluster db/silly-demo`,
    { status: { phase: 'Cluster in healthy state' } },
    'status',
  );
  await objects.make(judge);
}

export async function scenarios(on: Ground): Promise<void> {
  const point = await on.lost(world);
  const folders: string[] = [];
  const folderOf = (): string => {
    const folder = runFolder();
    folders.push(folder);
    return folder;
  };
  after(() => folders.map((folder) => rmSync(folder, { recursive: true, force: true })));

  test('a database that would come back empty keeps its operator at 0 until somebody accepts that', async () => {
    await using target = await on.place();
    const { objects, cluster } = target;
    const scales = await watching(cluster, { group: 'apps', version: 'v1', resource: 'deployments' });
    const run = { plan: await planned(target, point), folder: folderOf() };
    const { result } = await recovered(target, point, run);
    const check = result.checks.find(({ kind }) => kind === 'data');
    assert.equal(check?.status, 'not run');
    assert.equal(check?.key, 'clusters.postgresql.cnpg.io/db/silly-demo');
    assert.match(check?.sentence ?? '', /come back empty/);
    assert.equal(getAt(await objects.see(OPERATOR), '/spec/replicas'), 0);
    assert.deepEqual(await objects.names(WEBHOOKS), []);
    assert.ok(complaints(result).includes('CONSENT-NEEDED release cnpg'));
    assert.match(
      result.withheld.find(({ id }) => id.startsWith('release'))?.reason.sentence ?? '',
      /accept-empty-databases/,
    );
    assert.equal(result.exit, 3);
    const back = await objects.see(`${GROUP}/v1 Cluster db/silly-demo`);
    assert.equal(back.status, undefined, 'its status would keep the operator from making a primary');
    for (const named of ['v1 Service db/silly-demo-r', 'v1 Secret db/silly-demo-app'])
      assert.equal((await objects.see(named)).metadata.ownerReferences?.[0]?.uid, back.metadata.uid);

    const again = await recovered(target, point, { ...run, consents: { acceptEmptyDatabases: true } });
    await scales.stop();
    assert.deepEqual(complaints(again.result), []);
    assert.equal(getAt(await objects.see(OPERATOR), '/spec/replicas'), 2);
    assert.deepEqual(scales.history('cnpg-controller-manager', '/spec/replicas'), [0, 2]);
    assert.deepEqual(await objects.names(WEBHOOKS), ['cnpg-validating-webhook-configuration']);
    assert.equal(again.result.exit, 3, 'data that nobody has verified is never green');
  });

  test('an operator that was kept at 0 by a run whose log is lost is still asked for, and released by another run', async () => {
    await using target = await on.place();
    const { objects } = target;
    await recovered(target, point, {});
    const held = await objects.see(OPERATOR);
    assert.equal(getAt(held, '/spec/replicas'), 0);
    const ours = (held.metadata.managedFields ?? []).filter(({ manager }) => manager === 'seaworthy');
    assert.deepEqual(
      ours.map(({ fieldsV1 }) => fieldsV1),
      [{ 'f:spec': { 'f:replicas': {} } }],
      'what is held is ours until it is given back',
    );

    const asked = await recovered(target, point, {});
    assert.ok(complaints(asked.result).includes('CONSENT-NEEDED release cnpg'));
    assert.deepEqual([asked.result.exit, getAt(await objects.see(OPERATOR), '/spec/replicas')], [3, 0]);
    assert.deepEqual(await objects.names(WEBHOOKS), [], 'nobody would answer them');

    const freed = await recovered(target, point, { consents: { acceptEmptyDatabases: true } });
    assert.deepEqual(complaints(freed.result), []);
    const running = await objects.see(OPERATOR);
    assert.equal(getAt(running, '/spec/replicas'), 2);
    assert.ok((running.metadata.managedFields ?? []).every(({ manager }) => manager !== 'seaworthy'));
    assert.equal(freed.result.exit, 3, 'the database is as empty as before');

    const again = await recovered(target, point, {});
    assert.deepEqual(complaints(again.result), [], 'all is there, so the operator that runs is left alone');
    assert.deepEqual([again.result.writes, again.result.exit], [0, 3]);
  });

  test('without that rule the operator starts on the empty database and nobody is asked', async () => {
    await using careless = await on.place();
    const { result } = await recovered(careless, point, { systems: without('CNPG-EMPTY') });
    assert.equal(getAt(await careless.objects.see(OPERATOR), '/spec/replicas'), 2);
    assert.deepEqual(complaints(result), []);
    assert.deepEqual(
      [result.exit, result.checks.filter(({ status, kind }) => status !== 'verified' && kind !== 'ready')],
      [0, []],
    );
  });

  test('an operator that runs in the target is stopped only with consent, and runs again when all is back', async () => {
    await using target = await on.place();
    const { objects, cluster } = target;
    await objects.make(namespace('cnpg-system'), ...DEFINITIONS, operator(1), backend);
    await objects.make({ ...judge, metadata: { ...judge.metadata, annotations: { 'example.org/by': 'hand' } } });
    await objects.until('the operator has a Pod and its kinds are served', async () => {
      const served = await target.plane.ask('GET', pathOf(`${GROUP}/v1 ImageCatalog`));
      return served.status === 200 && (await objects.names('v1 Pod cnpg-system/')).length === 1;
    });
    const before = await objects.see(WEBHOOKS.concat(' cnpg-validating-webhook-configuration'));
    const plan = await planned(target, point, { policy: CATALOGS });
    const folder = folderOf();
    const refusal = await recovered(target, point, { plan, folder }).catch((error: unknown) => error);
    assert.ok(isFault(refusal, 'HOLD-EXISTING'), String(refusal));
    assert.match(refusal.hint ?? '', /--hold-existing/);
    assert.equal(getAt(await objects.see(OPERATOR), '/spec/replicas'), 1);
    assert.equal(await objects.look('v1 Namespace catalogs'), undefined, 'nothing was written');

    const scales = await watching(cluster, { group: 'apps', version: 'v1', resource: 'deployments' });
    const hooks = await watching(cluster, {
      group: 'admissionregistration.k8s.io',
      version: 'v1',
      resource: 'validatingwebhookconfigurations',
    });
    const pods = await watching(cluster, { group: '', version: 'v1', resource: 'pods' });
    const catalogs = await watching(cluster, { group: GROUP, version: 'v1', resource: 'imagecatalogs' });
    const held = await recovered(target, point, { plan, folder, consents: { holdExisting: true } });
    // This operator does not start without its webhook configurations, so they come back with it, whatever their backend says.
    assert.deepEqual(complaints(held.result), []);
    assert.equal(held.result.exit, 0);
    await Promise.all([scales, hooks, pods, catalogs].map((one) => one.stop()));
    const [hook] = await objects.all(WEBHOOKS);
    assert.deepEqual([hook?.webhooks, hook?.metadata.annotations], [before.webhooks, before.metadata.annotations]);
    assert.deepEqual(hook?.metadata.managedFields, before.metadata.managedFields);

    const when = (watched: typeof scales, kind: string, holds: (object: object) => boolean = () => true): number => {
      const event = watched.seen.find((one) => one.kind === kind && holds(one.object));
      return Number(event?.object.metadata.resourceVersion ?? assert.fail(`never ${kind}`));
    };
    assert.deepEqual(scales.history('cnpg-controller-manager', '/spec/replicas'), [0, 1]);
    const order = [
      when(scales, 'modified', (object) => getAt(object, '/spec/replicas') === 0),
      when(pods, 'deleted'),
      when(hooks, 'deleted'),
      when(catalogs, 'added'),
      when(scales, 'modified', (object) => getAt(object, '/spec/replicas') === 1),
      when(hooks, 'added'),
    ];
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
      'stopped, gone, unhooked, written, started, hooked',
    );
  });
}
