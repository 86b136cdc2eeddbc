import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, ask, getJson } from './api.ts';
import { type ControlPlane, controlPlaneAvailable, startControlPlane } from './fixture.ts';
import { kubectl } from './kubectl.ts';

const EXPECTED_VERSION = 'v1.34.4';
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

const availability = await controlPlaneAvailable();
const skip = availability.kind === 'unavailable' ? `${availability.why}; ${availability.hint}` : false;

function configMap(name: string, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata } };
}

/** Asks until the answer is as hoped; the last one otherwise. */
async function eventually(get: () => Promise<Answer>, hoped: (answer: Answer) => boolean): Promise<Answer> {
  const deadline = performance.now() + 15_000;
  let answer = await get();
  while (!hoped(answer) && performance.now() < deadline) {
    await sleep(50);
    answer = await get();
  }
  return answer;
}

async function listRevision(plane: ControlPlane): Promise<string> {
  const list = (await getJson(plane, CONFIG_MAPS)) as { readonly metadata: { readonly resourceVersion: string } };
  return list.metadata.resourceVersion;
}

test('two control planes run side by side, each with its own objects', { skip }, async (t) => {
  const log = (line: string): void => t.diagnostic(line);
  const [one, two] = await Promise.all([startControlPlane({ log }), startControlPlane({ controllerManager: false })]);
  await using stack = new AsyncDisposableStack();
  stack.use(one);
  stack.use(two);

  t.diagnostic(`${one.origin}: ${one.version}`);
  if (one.origin === 'cache') assert.equal(one.version, EXPECTED_VERSION);
  assert.notEqual(one.url, two.url);
  assert.equal((await ask(one, 'POST', CONFIG_MAPS, configMap('only-in-one'))).status, 201);
  assert.equal((await ask(one, 'GET', `${CONFIG_MAPS}/only-in-one`)).status, 200);
  assert.equal((await ask(two, 'GET', `${CONFIG_MAPS}/only-in-one`)).status, 404);
  assert.equal((await ask(one, 'GET', '/api/v1/namespaces/default/serviceaccounts/default')).status, 200);
  assert.equal((await ask(two, 'GET', '/api/v1/namespaces/default/serviceaccounts/default')).status, 404);
});

test('an object put into etcd is served with the uid that it was given', { skip }, async () => {
  await using plane = await startControlPlane({ controllerManager: false });
  const metadata = {
    namespace: 'default',
    uid: '6f1c0b7e-5a43-4a0b-9a53-3f4a2d0c9e11',
    generation: 7,
    creationTimestamp: '2020-01-02T03:04:05Z',
    deletionTimestamp: '2021-01-02T03:04:05Z',
    finalizers: ['example.org/held'],
  };
  await plane.putRaw('/registry/configmaps/default/raw', configMap('raw', metadata));
  const served = (await getJson(plane, `${CONFIG_MAPS}/raw`)) as { readonly metadata: Record<string, unknown> };
  const { resourceVersion, ...rest } = served.metadata;
  assert.deepEqual(rest, { name: 'raw', ...metadata });
  assert.equal(typeof resourceVersion, 'string');
  assert.deepEqual(await plane.rawKeys('/registry/configmaps/default/'), ['/registry/configmaps/default/raw']);
});

test('after a compaction what was before it answers 410', { skip }, async () => {
  // Lists from snapshots in memory would go on for up to 15 s.
  const extraApiServerArgs = ['--feature-gates=ListFromCacheSnapshot=false'];
  await using plane = await startControlPlane({ controllerManager: false, extraApiServerArgs });
  for (const name of ['a', 'b', 'c']) await ask(plane, 'POST', CONFIG_MAPS, configMap(name));
  const revision = await listRevision(plane);
  const exact = `${CONFIG_MAPS}?resourceVersion=${revision}&resourceVersionMatch=Exact`;
  const page = (await getJson(plane, `${CONFIG_MAPS}?limit=1`)) as { readonly metadata: { readonly continue: string } };
  const next = `${CONFIG_MAPS}?limit=1&continue=${encodeURIComponent(page.metadata.continue)}`;
  await ask(plane, 'POST', CONFIG_MAPS, configMap('d'));
  assert.equal((await ask(plane, 'GET', exact)).status, 200);
  assert.equal((await ask(plane, 'GET', next)).status, 200);

  assert.ok((await plane.compact()) > Number(revision));

  for (const path of [exact, next]) {
    const answer = await ask(plane, 'GET', path);
    assert.equal(answer.status, 410, answer.body);
    assert.equal(JSON.parse(answer.body).reason, 'Expired');
  }
  await plane.restartApiServer();
  const watch = await ask(plane, 'GET', `${CONFIG_MAPS}?watch=true&timeoutSeconds=1&resourceVersion=${revision}`);
  assert.match(watch.body, /"code":410/);
  assert.equal((await ask(plane, 'GET', CONFIG_MAPS)).status, 200);
});

test('the controller manager collects orphans, and only while it runs', { skip }, async () => {
  await using plane = await startControlPlane();
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: '00000000-0000-4000-8000-000000000001' };
  const child = (name: string): object => configMap(name, { ownerReferences: [owner] });
  await ask(plane, 'POST', CONFIG_MAPS, child('collected'));
  const answer = await eventually(
    () => ask(plane, 'GET', `${CONFIG_MAPS}/collected`),
    ({ status }) => status === 404,
  );
  assert.equal(answer.status, 404);

  await plane.stopControllerManager();
  assert.equal(plane.controllerManagerRuns, false);
  await ask(plane, 'POST', CONFIG_MAPS, child('kept'));
  await sleep(2_000);
  assert.equal((await ask(plane, 'GET', `${CONFIG_MAPS}/kept`)).status, 200);

  await plane.startControllerManager();
  const later = await eventually(
    () => ask(plane, 'GET', `${CONFIG_MAPS}/kept`),
    ({ status }) => status === 404,
  );
  assert.equal(later.status, 404);
});

test('a paused server answers when it is resumed, a stopped one refuses until it is started', { skip }, async () => {
  await using plane = await startControlPlane({ controllerManager: false });
  await ask(plane, 'POST', CONFIG_MAPS, configMap('kept'));
  plane.pauseApiServer();
  const answer = ask(plane, 'GET', `${CONFIG_MAPS}/kept`);
  assert.equal(await Promise.race([answer, sleep(500, 'silence')]), 'silence');
  plane.resumeApiServer();
  assert.equal((await answer).status, 200);

  await plane.stopApiServer();
  await assert.rejects(ask(plane, 'GET', '/version'), { code: 'ECONNREFUSED' });
  await plane.startApiServer();
  assert.equal((await ask(plane, 'GET', `${CONFIG_MAPS}/kept`)).status, 200);
});

test('further users may do what RBAC lets them, with kubectl too', { skip }, async (t) => {
  const bob = { name: 'bob', groups: ['developers', 'readers'], token: 'the-token-of-bob' };
  await using plane = await startControlPlane({ controllerManager: false, users: [bob] });
  const asBob = { url: plane.url, ca: plane.ca, token: bob.token };
  assert.equal((await ask(asBob, 'GET', CONFIG_MAPS)).status, 403);
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'readers' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }],
  };
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'readers' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'readers' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'readers' }],
  };
  await ask(plane, 'POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', role);
  await ask(plane, 'POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', binding);
  const allowed = await eventually(
    () => ask(asBob, 'GET', CONFIG_MAPS),
    ({ status }) => status === 200,
  );
  assert.equal(allowed.status, 200);

  const options = { kubeconfig: plane.kubeconfigOf('bob'), input: JSON.stringify(configMap('from-bob')) };
  const result = await kubectl('1.33', ['create', '-f', '-'], options);
  if (result.kind === 'unavailable') return t.diagnostic(`not run with kubectl: ${result.why}`);
  assert.match(result.stderr, /User "bob" cannot create resource "configmaps"/);
  const asAdmin = await kubectl('1.33', ['create', '-f', '-'], { ...options, kubeconfig: plane.kubeconfig });
  assert.deepEqual(asAdmin, { kind: 'ran', code: 0, stdout: 'configmap/from-bob created\n', stderr: '' });
});
