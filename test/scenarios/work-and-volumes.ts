import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { getAt } from '../../src/objects/pointer.ts';
import { planRecovery } from '../../src/recover/plan-recovery.ts';
import { codesOf, complaints, type Ground, type Place, recovered, without } from './lost-and-recovered.ts';
import { job, namespace, podSpec, secret, workload } from './manifests.ts';
import { watching } from './watching.ts';

const VOLUME = 'pvc-3c0ffee0-1111-4222-8333-444444444444';
const CRON = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  spec: {
    schedule: '0 0 29 2 *',
    jobTemplate: { spec: { template: { spec: { ...podSpec(), restartPolicy: 'Never' } } } },
  },
};

async function volumeOf(source: Place, folder: string): Promise<void> {
  const spec = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'by-hand' };
  await source.objects.make(
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: VOLUME },
      spec: { ...spec, hostPath: { path: folder }, persistentVolumeReclaimPolicy: 'Delete' },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'books', namespace: 'work' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'by-hand',
        volumeName: VOLUME,
        resources: { requests: { storage: '1Gi' } },
      },
    },
  );
  await source.objects.until('the claim is bound', async () => {
    const claim = await source.objects.see('v1 PersistentVolumeClaim work/books');
    return getAt(claim, '/status/phase') === 'Bound';
  });
}

/** No kubelet is there to end a Pod, so the test says how it ended. */
async function ended(source: Place, name: string, phase: 'Succeeded' | 'Failed', condition: string): Promise<void> {
  const { objects } = source;
  const pods = () => objects.all('v1 Pod work/', `labelSelector=job-name=${name}`);
  await objects.until(`the Job ${name} has a Pod`, async () => (await pods()).length > 0);
  for (const { metadata } of await pods())
    await objects.change(`v1 Pod work/${metadata.name}`, { status: { phase } }, 'status');
  await objects.until(`the Job ${name} is ${condition}`, async () => hasCondition(source, name, condition));
}
async function hasCondition(where: Place, name: string, condition: string): Promise<boolean> {
  const conditions = getAt(await where.objects.see(`batch/v1 Job work/${name}`), '/status/conditions') ?? [];
  assert.ok(Array.isArray(conditions));
  return conditions.some(({ type, status }) => type === condition && status === 'True');
}

async function world(source: Place, folder: string): Promise<void> {
  const { objects } = source;
  await objects.make(namespace('work'));
  await volumeOf(source, folder);
  const nightly = await objects.make({ ...CRON, metadata: { name: 'nightly', namespace: 'work' } });
  const { apiVersion, kind, metadata } = nightly;
  const owner = { apiVersion, kind, name: 'nightly', uid: metadata.uid, controller: true, blockOwnerDeletion: true };
  const run = job('work/nightly-1');
  await objects.make({ ...run, metadata: { ...run.metadata, ownerReferences: [owner] } });
  await ended(source, 'nightly-1', 'Succeeded', 'Complete');
  await objects.make(job('work/done'), job('work/broken', { backoffLimit: 0 }), job('work/running'));
  await ended(source, 'done', 'Succeeded', 'Complete');
  await ended(source, 'broken', 'Failed', 'Failed');
  await objects.make(
    { ...CRON, metadata: { name: 'retired', namespace: 'work' }, spec: { ...CRON.spec, suspend: true } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace: 'work' } },
  );
  const annotations = { 'kubernetes.io/service-account.name': 'robot' };
  const token = secret('work/robot-token', { type: 'kubernetes.io/service-account-token' });
  await objects.make({ ...token, metadata: { ...token.metadata, annotations } });
  await objects.change('v1 ServiceAccount work/robot', { secrets: [{ name: 'robot-token' }] });
  const volumes = [{ name: 'token', secret: { secretName: 'robot-token' } }];
  const app = { selector: { matchLabels: { app: 'caller' } }, replicas: 0 };
  const template = { metadata: { labels: { app: 'caller' } }, spec: { ...podSpec(), volumes } };
  await objects.make(workload('Deployment', 'work/caller', { ...app, template }));
  await objects.until('the token is signed', async () => {
    return getAt(await objects.see('v1 Secret work/robot-token'), '/data/token') !== undefined;
  });
}

export async function scenarios(on: Ground): Promise<void> {
  const disk = mkdtempSync(join(tmpdir(), 'seaworthy-volume-'));
  const folder = join(disk, 'books');
  mkdirSync(folder);
  writeFileSync(join(folder, 'page-1'), 'once upon a time');
  after(() => rmSync(disk, { recursive: true, force: true }));
  const point = await on.lost((source) => world(source, folder));
  const target = await on.place();
  after(() => target[Symbol.asyncDispose]());
  const { objects, cluster } = target;
  const volumes = await watching(cluster, { group: '', version: 'v1', resource: 'persistentvolumes' });
  const schedules = await watching(cluster, { group: 'batch', version: 'v1', resource: 'cronjobs' });
  const pods = await watching(cluster, { group: '', version: 'v1', resource: 'pods' });
  const { plan, result } = await recovered(target, point, { settleMs: 8_000, readyMs: 25_000 });
  await Promise.all([volumes.stop(), schedules.stop(), pods.stop()]);
  const podsOf = (name: string) =>
    pods.seen.filter(({ object }) => object.metadata.labels?.['job-name'] === name).map(({ kind }) => kind);

  test('nothing is complained of', () => {
    assert.deepEqual(complaints(result), []);
    assert.equal(result.exit, 0);
  });

  test('a volume that would be deleted with its claim is written Retain, bound, and then Delete again', async () => {
    const phases = volumes.seen.map(({ object }) => [
      getAt(object, '/spec/persistentVolumeReclaimPolicy'),
      getAt(object, '/status/phase'),
    ]);
    assert.ok(phases.length > 2);
    for (const [policy, phase] of phases)
      assert.ok(policy === 'Retain' || phase === 'Bound', `${policy} while ${phase}`);
    assert.deepEqual(volumes.history(VOLUME, '/spec/persistentVolumeReclaimPolicy'), ['Retain', 'Delete']);
    const [volume, claim] = [
      await objects.see(`v1 PersistentVolume ${VOLUME}`),
      await objects.see('v1 PersistentVolumeClaim work/books'),
    ];
    assert.equal(getAt(volume, '/spec/claimRef/uid'), claim.metadata.uid);
    assert.equal(getAt(volume, '/status/phase'), 'Bound');
    assert.ok(existsSync(join(folder, 'page-1')), 'the data is there');
  });

  test('a finished Job comes back finished and no Pod of it ever appears', async () => {
    for (const [name, condition] of [
      ['done', 'Complete'],
      ['broken', 'Failed'],
      ['nightly-1', 'Complete'],
    ] as const) {
      assert.ok(await hasCondition(target, name, condition), `${name} is ${condition}`);
      assert.deepEqual(podsOf(name), []);
      const back = await objects.see(`batch/v1 Job work/${name}`);
      assert.equal(getAt(back, '/spec/suspend'), false, 'suspend is as captured');
    }
  });

  test('a running Job comes back running', async () => {
    const running = await objects.see('batch/v1 Job work/running');
    assert.equal(getAt(running, '/status/active'), 1);
    assert.notEqual(getAt(running, '/spec/suspend'), true);
    assert.ok(podsOf('running').includes('added'));
  });

  test('a schedule is suspended until the release, then as captured', () => {
    assert.deepEqual(schedules.history('nightly', '/spec/suspend'), [true, false]);
    assert.deepEqual(schedules.history('retired', '/spec/suspend'), [true]);
    const order = plan.steps.map(({ id }) => id as string);
    const release = order.indexOf('amend cronjobs.batch/work/nightly released');
    assert.ok(release > order.indexOf('create jobs.batch/work/running'), 'after everything of its namespace');
  });

  test('the token of a service account is left out and its consumers are told', async () => {
    const left = plan.omissions.find(({ key }) => key === 'secrets/work/robot-token');
    assert.equal(left?.reason.code, 'SERVICE-ACCOUNT-TOKEN');
    assert.equal(await objects.look('v1 Secret work/robot-token'), undefined);
    const robot = await objects.see('v1 ServiceAccount work/robot');
    assert.deepEqual(robot.secrets ?? [], [], 'the service account names no token that is not there');
    assert.ok(codesOf(plan.findings).includes('CONSUMER-OF-OMITTED deployments.apps/work/caller'));
  });

  test('planning asks the systems that it was given', async () => {
    const { cluster } = target;
    const policy = { selection: { namespaces: ['work'] }, fieldOwnership: 'all' } as const;
    const careless = await planRecovery({ cluster, reader: point, policy, systems: without('SERVICE-ACCOUNT-TOKEN') });
    assert.ok(!codesOf(careless.omissions).some((one) => one.startsWith('SERVICE-ACCOUNT-TOKEN')));
  });

  test('a finished Job whose time to live has passed since the capture is no loss', async () => {
    const brief = await on.lost(async (source) => {
      await source.objects.make(namespace('work'), job('work/brief', { ttlSecondsAfterFinished: 8 }));
      await ended(source, 'brief', 'Succeeded', 'Complete');
    });
    await using later = await on.place();
    const { result: after } = await recovered(later, brief, { settleMs: 10_000 });
    assert.deepEqual(await later.objects.names('v1 Pod work/'), [], 'it does not run again');
    assert.deepEqual(complaints(after), [], 'that it is cleared away is as it was meant');
  });

  test('without these rules the volume is destroyed, the Jobs run again, the clock starts work and the token is deleted', async () => {
    const rules = ['VOLUME-UNBOUND', 'VOLUME-RETAINED', 'FINISHED-JOB', 'SCHEDULE-HELD', 'SERVICE-ACCOUNT-TOKEN'];
    await using careless = await on.place();
    const clock = await watching(careless.cluster, { group: 'batch', version: 'v1', resource: 'cronjobs' });
    await recovered(careless, point, { systems: without(...rules), settleMs: 0, readyMs: 0 });
    await clock.stop();
    assert.equal(clock.history('nightly', '/spec/suspend')[0], false);
    const jobPods = (name: string) => careless.objects.names('v1 Pod work/', `labelSelector=job-name=${name}`);
    await careless.objects.until('a Pod of the finished Job', async () => (await jobPods('done')).length > 0);
    await careless.objects.until('a Pod of the failed Job', async () => (await jobPods('broken')).length > 0);
    await careless.objects.until('the token is deleted', async () => {
      return (await careless.objects.look('v1 Secret work/robot-token')) === undefined;
    });
    await careless.objects.until('the volume is deleted', async () => {
      return (await careless.objects.look(`v1 PersistentVolume ${VOLUME}`)) === undefined;
    });
    if (careless.plane.deletesFolders) assert.ok(!existsSync(folder), 'and the data with it');
  });
}
