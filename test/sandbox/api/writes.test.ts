import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { KubeObject, ManagedFieldsEntry } from '../../../src/objects/json.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';

let sandbox: Sandbox;
before(async () => {
  sandbox = await startSandbox({ seed: 11, controllers: [] });
});
after(() => sandbox.close());

interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: KubeObject & {
    readonly message?: string;
    readonly details?: { readonly causes?: readonly unknown[] };
  };
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  type = 'application/json',
  accept = '',
): Promise<Told> {
  const answer = await sandbox.handle({
    method,
    path,
    headers: {
      authorization: `Bearer ${sandbox.token}`,
      'user-agent': 'test/1',
      'content-type': type,
      ...(accept === '' ? {} : { accept }),
    },
    body: body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  });
  assert.ok('body' in answer);
  const text = answer.body.toString('utf8');
  return { ...answer, body: (text.startsWith('{') ? JSON.parse(text) : { message: text }) as Told['body'] };
}

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';
const APPLY = 'application/apply-patch+yaml';
const MAPS = '/api/v1/namespaces/default/configmaps';
const PODS = '/api/v1/namespaces/default/pods';
const APPS = '/apis/apps/v1/namespaces/default';
const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
const workload = (kind: string, name: string) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'x' }] } },
  },
});

describe('what a write leaves behind', () => {
  test('an empty list that the store cannot tell from none comes back as null', async () => {
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'none' }, rules: [] };
    assert.equal((await ask('POST', `${RBAC}/roles`, role)).body.rules, null);
  });

  test('times that were never set are shown as null', async () => {
    await ask('POST', `${APPS}/deployments`, workload('Deployment', 'timeless'));
    const status = { conditions: [{ type: 'Odd', status: 'True' }] };
    const { body } = await ask('PATCH', `${APPS}/deployments/timeless/status`, { status }, MERGE);
    const [condition] = (body.status as { conditions: readonly Record<string, unknown>[] }).conditions;
    assert.equal(condition?.lastTransitionTime, null);
  });

  test('who scales comes to own the replicas, in an entry of its own without a time', async () => {
    await ask('POST', `${APPS}/deployments`, { ...workload('Deployment', 'scaled') });
    const scaled = await ask(
      'PATCH',
      `${APPS}/deployments/scaled/scale?fieldManager=scaler`,
      { spec: { replicas: 3 } },
      MERGE,
    );
    assert.equal(scaled.status, 200);
    const { body } = await ask('GET', `${APPS}/deployments/scaled`);
    const entries = body.metadata.managedFields as readonly ManagedFieldsEntry[];
    const own = entries.find(({ manager }) => manager === 'scaler');
    assert.deepEqual(own?.fieldsV1, { 'f:spec': { 'f:replicas': {} } });
    assert.equal(own?.time, undefined);
    const creator = entries.find(({ manager }) => manager === 'test');
    assert.equal(JSON.stringify(creator?.fieldsV1).includes('f:replicas'), false);
  });

  test('a conflict on a Scale is one of its appliers', async () => {
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'scaled' }, spec: { replicas: 5 } };
    const path = `${APPS}/deployments/scaled/scale?fieldManager=other`;
    assert.equal((await ask('PATCH', path, scale, APPLY)).status, 409);
    assert.equal((await ask('PATCH', `${path}&force=true`, scale, APPLY)).status, 200);
  });
});

describe('patches that cannot be', () => {
  before(async () => {
    await ask('POST', MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'patched' }, data: { a: '1' } });
  });

  test('a patch is parsed when its object has been found', async () => {
    assert.equal((await ask('PATCH', `${MAPS}/absent`, '{broken', MERGE)).status, 404);
    assert.equal((await ask('PATCH', `${MAPS}/patched`, '{broken', MERGE)).status, 400);
  });

  test('a merge patch makes no other kind of an object', async () => {
    const { status, body } = await ask('PATCH', `${MAPS}/patched`, { kind: 'Pod' }, MERGE);
    assert.equal(status, 422);
    assert.match(body.message ?? '', /converting \(v1\.Pod\) to \(core\.ConfigMap\): unknown conversion$/);
  });

  test('a strategic patch of a wrong type is quoted as Go prints maps', async () => {
    await ask('POST', `${APPS}/deployments`, workload('Deployment', 'typed'));
    const { status, body } = await ask('PATCH', `${APPS}/deployments/typed`, { spec: { replicas: 'many' } }, STRATEGIC);
    assert.equal(status, 422);
    assert.equal(
      body.message,
      ' "" is invalid: patch: Invalid value: "map[spec:map[replicas:many]]": unrecognized type: int32',
    );
  });

  test('replace sets a member of a map that is not there', async () => {
    const operations = [{ op: 'replace', path: '/data/new', value: 'set' }];
    const { status, body } = await ask('PATCH', `${MAPS}/patched`, operations, JSON_PATCH);
    assert.equal(status, 200);
    assert.equal((body.data as Record<string, unknown>).new, 'set');
  });

  test('an apply to the status of nothing creates nothing', async () => {
    const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'absent' }, status: { replicas: 1 } };
    assert.equal((await ask('PATCH', `${APPS}/deployments/absent/status?fieldManager=m`, body, APPLY)).status, 404);
  });

  test('each look of a validation at bad metadata is a cause of its own', async () => {
    await ask('POST', `${RBAC}/roles`, {
      kind: 'Role',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: 'r' },
    });
    const bad = { metadata: { labels: { 'bad key!': 'x' } } };
    const causes = async (path: string) => (await ask('PATCH', path, bad, MERGE)).body.details?.causes?.length;
    assert.equal(await causes(`${APPS}/deployments/typed`), 3);
    assert.equal(await causes(`${MAPS}/patched`), 4);
    assert.equal(await causes(`${RBAC}/roles/r`), 5);
  });

  test('an update that creates does not mind a revision', async () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'put', resourceVersion: '7' },
      spec: { ports: [{ port: 80 }] },
    };
    assert.equal((await ask('PUT', '/api/v1/namespaces/default/services/put', service)).status, 201);
    assert.equal((await ask('POST', MAPS, { metadata: { name: 'new', resourceVersion: '7' } })).status, 500);
  });

  test('a revision that is no number is an error of the server', async () => {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'patched', resourceVersion: 'x' } };
    const told = await ask('PUT', `${MAPS}/patched`, body);
    assert.equal(told.status, 500);
    assert.equal(told.body.message, 'strconv.ParseUint: parsing "x": invalid syntax');
  });
});

describe('deletions', () => {
  test('a Pod without a node is marked before it goes', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'brief' },
      spec: { automountServiceAccountToken: false, containers: [{ name: 'c', image: 'x' }] },
    };
    await ask('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
    assert.equal((await ask('POST', PODS, pod)).status, 201);
    const seen: string[] = [];
    const stop = sandbox.tap(
      ({ kind, now }) => void seen.push(`${kind} ${now.object.metadata.deletionTimestamp !== undefined}`),
    );
    await ask('DELETE', `${PODS}/brief`);
    stop();
    assert.deepEqual(seen, ['modified true', 'deleted true']);
  });

  test('the last that is told of an object is how it lay in the store', async () => {
    const metadata = { name: 'held', finalizers: ['example.com/hold'] };
    await ask('POST', MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    await ask('DELETE', `${MAPS}/held`);
    const last: (readonly string[] | undefined)[] = [];
    const stop = sandbox.tap(({ now }) => void last.push(now.object.metadata.finalizers));
    await ask('PATCH', `${MAPS}/held`, { metadata: { finalizers: null } }, MERGE);
    stop();
    assert.deepEqual(last, [['example.com/hold']]);
  });

  test('of all namespaces at once nothing is deleted', async () => {
    assert.equal((await ask('DELETE', '/api/v1/configmaps')).status, 405);
  });

  test('whoever deletes a Job and says nothing of its Pods is warned', async () => {
    const { headers } = await ask('DELETE', '/apis/batch/v1/namespaces/default/jobs/absent');
    assert.match(String(headers.warning), /child pods are preserved by default/);
  });
});

describe('forms of answers', () => {
  test('metadata of one object is no form of a list, nor the other way round', async () => {
    const as = (name: string) => `application/json;as=${name};v=v1;g=meta.k8s.io`;
    const list = await ask('GET', MAPS, undefined, '', as('PartialObjectMetadata'));
    assert.deepEqual(
      [list.status, list.body.message],
      [406, 'you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)'],
    );
    assert.equal((await ask('GET', `${MAPS}/patched`, undefined, '', as('PartialObjectMetadataList'))).status, 406);
  });

  test('a token is made as its request says', async () => {
    const spec = { expirationSeconds: 5 };
    const path = '/api/v1/namespaces/default/serviceaccounts/default/token';
    assert.equal((await ask('POST', path, { spec })).status, 422);
  });
});
