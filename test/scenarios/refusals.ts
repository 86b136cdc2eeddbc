import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { capturePoint } from '../../src/capture/capture-point.ts';
import { isFault } from '../../src/outcome/fault.ts';
import { planText, readPlan } from '../../src/plan/plan-text.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import type { Made } from './api-objects.ts';
import { captured, complaints, EVERYTHING, type Ground, type Place, planned, recovered } from './lost-and-recovered.ts';
import { configMap, definition, namespace, secret } from './manifests.ts';

const RBAC = 'rbac.authorization.k8s.io';
const role = (name: string, ...rules: object[]): Made => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRole',
  metadata: { name },
  rules,
});
const grant = (name: string, user: string): Made => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
  subjects: [{ apiGroup: RBAC, kind: 'User', name: user }],
});
const all = (apiGroups: string[], resources: string[], verbs: string[]) => ({ apiGroups, resources, verbs });
const READ = ['get', 'list', 'watch'];
const WRITE = [...READ, 'create', 'patch', 'update', 'delete'];
const USERS = ['granter', 'escalator', 'scribe'].map((name) => ({
  name,
  groups: [],
  token: `token-of-${name}-0123456789`,
}));

async function world({ objects }: Place): Promise<void> {
  await objects.make(namespace('shop'), configMap('shop/prices'), secret('shop/password'));
  await objects.make(role('launchers', all(['rockets.example.org'], ['*'], ['launch'])), grant('launchers', 'someone'));
}

export async function scenarios(on: Ground): Promise<void> {
  const home = await on.place({ controllerManager: false });
  after(() => home[Symbol.asyncDispose]());
  await world(home);
  const point = await captured(home);
  const target = await on.place({ controllerManager: false, users: USERS });
  after(() => target[Symbol.asyncDispose]());
  const { objects, plane } = target;
  const core = all([''], ['namespaces', 'configmaps', 'secrets', 'serviceaccounts'], WRITE);
  await objects.make(
    // All that the plan needs but the right to grant more than one has; the second may make such roles and not bind them.
    role('granter', all(['*'], ['*'], READ), core, all([RBAC], ['*'], WRITE)),
    grant('granter', 'granter'),
    role('escalator', all(['*'], ['*'], READ), core, all([RBAC], ['*'], [...WRITE, 'escalate'])),
    grant('escalator', 'escalator'),
    role('scribe', all(['*'], ['*'], READ), all([''], ['namespaces', 'configmaps'], WRITE), all([RBAC], ['*'], ['*'])),
    grant('scribe', 'scribe'),
  );
  const as = async (user: string) => {
    const cluster = await plane.open(user);
    after(() => cluster.close());
    return { cluster, time: target.time };
  };

  /** The work is refused with this code, with a sentence and a hint, and the server has seen no write. */
  async function refused(code: string, work: () => Promise<unknown>, sentence = /./): Promise<void> {
    const before = await objects.writes();
    const fault = await work().then(
      () => assert.fail(`was not refused with ${code}`),
      (error: unknown) => error,
    );
    assert.ok(isFault(fault), String(fault));
    assert.equal(fault.code, code);
    assert.match(fault.message, sentence);
    assert.ok((fault.hint ?? '').length > 10, 'it says what to do next');
    assert.equal(await objects.writes(), before, 'nothing was written');
    assert.equal(await objects.look('v1 Namespace shop'), undefined);
  }

  test('a user who may do everything but grant is refused before the first write, although every review says yes', async () => {
    const granter = await as('granter');
    const mine = await planned(granter, point);
    assert.deepEqual(
      mine.refusals.map(({ key, reason }) => `${reason.code} ${key}`),
      // The binding cannot be tried before its role is there, so without the right to bind it is refused as well.
      [
        'MISSING-PERMISSION clusterrolebindings.rbac.authorization.k8s.io/launchers',
        'MISSING-PERMISSION clusterroles.rbac.authorization.k8s.io/launchers',
      ],
    );
    await refused('MISSING-PERMISSION', () => recovered(granter, point, { plan: mine }), /launchers/);
  });

  test('a user who may make any role, but not bind it, is refused before the first write', async () => {
    const escalator = await as('escalator');
    const mine = await planned(escalator, point);
    const refusals = mine.refusals.map(({ key, reason }) => `${reason.code} ${key}`);
    assert.deepEqual(refusals, ['MISSING-PERMISSION clusterrolebindings.rbac.authorization.k8s.io/launchers']);
    await refused('MISSING-PERMISSION', () => recovered(escalator, point, { plan: mine }), /launchers/);
  });

  test('a user who may not write one kind is told which, also when somebody else made the plan', async () => {
    const scribe = await as('scribe');
    const mine = await planned(scribe, point);
    assert.ok(mine.refusals.length > 0);
    for (const { reason } of mine.refusals) assert.match(reason.sentence, /^You may not (create|patch) secrets /);
    const ofTheAdministrator = await planned(target, point);
    assert.deepEqual(ofTheAdministrator.refusals, []);
    await refused('MISSING-PERMISSION', () => recovered(scribe, point, { plan: ofTheAdministrator }), /secrets/);
  });

  test('a plan that was made for another cluster', async () => {
    await using other = await on.place({ controllerManager: false });
    const elsewhere = await planned(other, point);
    await refused('WRONG-CLUSTER', () => recovered(target, point, { plan: elsewhere }));
  });

  test('a selection that matches nothing, and one that is empty', async () => {
    const select = (selection: object) => () => planned(target, point, { policy: { ...EVERYTHING, selection } });
    await refused('NOTHING-SELECTED', select({ selector: 'no=such' }), /no=such/);
    await refused('NOTHING-SELECTED', select({ namespaces: ['no-such'] }), /no-such/);
    await refused('NOTHING-SELECTED', select({ namespaces: [] }));
    await refused('NOTHING-SELECTED', select({ selector: ' ' }));
    await refused('SELECTOR-INVALID', select({ selector: 'a==b==c' }));
  });

  test('a plan file of another format, and one that somebody changed', async () => {
    const text = planText(await planned(target, point));
    await refused('PLAN-FORMAT', async () => readPlan(text.replace('seaworthy.dev/plan/1', 'seaworthy.dev/plan/2')));
    await refused('PLAN-DAMAGED', async () =>
      readPlan(text.replace('configmaps/shop/prices', 'configmaps/shop/other')),
    );
    await refused('PLAN-DAMAGED', async () => readPlan(text.slice(0, -100)));
  });

  test('a name that is taken by something else', async () => {
    await objects.make(namespace('taken'), configMap('taken/prices', {}, { data: { other: 'content' } }));
    await home.objects.make(namespace('taken'), configMap('taken/prices'));
    const later = await captured(home);
    const policy = { ...EVERYTHING, selection: { namespaces: ['taken'] } };
    const plan = await planned(target, later, { policy });
    await refused('PLAN-REFUSED', () => recovered(target, later, { plan }), /taken\/prices/);
    const kept = { ...policy, keepTarget: ['configmaps/taken/prices'] };
    assert.deepEqual(complaints((await recovered(target, later, { policy: kept })).result), []);
    assert.deepEqual((await objects.see('v1 ConfigMap taken/prices')).data, { other: 'content' });
  });

  test('an incomplete point, until somebody accepts it', async () => {
    await home.objects.make(definition('broken.example.org', 'Thing', [{ name: 'v1' }, { name: 'v2' }]));
    const thing = { apiVersion: 'broken.example.org/v1', kind: 'Thing', metadata: { name: 'old', namespace: 'shop' } };
    await home.objects.make(thing);
    const nowhere = { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://127.0.0.1:9/' } };
    const conversion = { strategy: 'Webhook', webhook: nowhere };
    const crd = 'apiextensions.k8s.io/v1 CustomResourceDefinition things.broken.example.org';
    const versions = [
      { name: 'v1', served: true, storage: true },
      { name: 'v2', served: true, storage: false },
    ].map((version) => ({ ...version, schema: { openAPIV3Schema: { type: 'object' } } }));
    await home.objects.change(crd, { spec: { versions } });
    await home.objects.make({
      ...thing,
      apiVersion: 'broken.example.org/v1',
      metadata: { name: 'new', namespace: 'shop' },
    });
    await home.objects.change(crd, { spec: { conversion } });
    const vault = openVault('memory:');
    await home.objects.until('the webhook is asked', async () => {
      const record = await capturePoint({ cluster: home.cluster, vault, clock: { now: () => new Date() } });
      return !record.complete;
    });
    const partial = await vault.open('latest');
    const policy = { ...EVERYTHING, selection: { namespaces: ['shop'] } };
    const plan = await planned(target, partial, { policy });
    await refused('POINT-INCOMPLETE', () => recovered(target, partial, { plan }));
  });

  test('a vault with one flipped bit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seaworthy-damaged-'));
    after(() => rmSync(folder, { recursive: true, force: true }));
    const vault = openVault(folder);
    await capturePoint({ cluster: home.cluster, vault, clock: { now: () => new Date() } });
    await vault.close();
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    assert.ok(files.length >= 3);
    for (const { parentPath, name } of files) {
      const file = join(parentPath, name);
      const bytes = readFileSync(file);
      const middle = bytes.length >> 1;
      const flip = (): void => {
        bytes[middle] = (bytes[middle] ?? 0) ^ 1;
        writeFileSync(file, bytes);
      };
      flip();
      await refused('VAULT-DAMAGED', async () => {
        const damaged = openVault(folder);
        return await recovered(target, await damaged.open('latest'));
      });
      flip();
    }
  });
}
