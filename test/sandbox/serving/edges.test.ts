import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Json, JsonObject } from '../../../src/objects/json.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';

let sandbox: Sandbox;
before(async () => {
  sandbox = await startSandbox({ seed: 5, tokens: { dev: { name: 'dev', groups: ['system:authenticated'] } } });
});
after(() => sandbox.close());

interface Told {
  readonly status: number;
  readonly body: JsonObject;
  readonly warnings: unknown;
}

async function ask(method: string, path: string, body?: Json, headers: Record<string, string> = {}): Promise<Told> {
  const answer = await sandbox.handle({
    method,
    path,
    headers: {
      authorization: `Bearer ${sandbox.token}`,
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      ...headers,
    },
    ...(body === undefined ? {} : { body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) }),
  });
  assert.ok('body' in answer);
  const text = answer.body.toString('utf8');
  return {
    status: answer.status,
    body: text.startsWith('{') ? (JSON.parse(text) as JsonObject) : { text },
    warnings: answer.headers.warning,
  };
}

const IN = '/api/v1/namespaces/default';
const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';

test('who may read one Secret may list it by its name, and no other', async () => {
  const rules = [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['one'], verbs: ['get', 'list'] }];
  await ask('POST', `${RBAC}/roles`, { metadata: { name: 'one' }, rules });
  await ask('POST', `${RBAC}/rolebindings`, {
    metadata: { name: 'one' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'dev' }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'one' },
  });
  const as = { authorization: 'Bearer dev' };
  const list = (fields: string) =>
    ask('GET', `${IN}/secrets?fieldSelector=${encodeURIComponent(fields)}`, undefined, as);
  assert.equal((await list('metadata.name=one')).status, 200);
  assert.equal((await list('type=Opaque,metadata.name=one')).status, 200);
  assert.equal((await list('metadata.name=two')).status, 403);
  assert.equal((await list('metadata.name!=one')).status, 403);
  assert.equal((await list('')).status, 403);
});

test('an eviction that is only tried, by its query or by its body, leaves the Pod', async () => {
  await sandbox.settle();
  const spec = { containers: [{ name: 'c', image: 'c:1' }] };
  assert.equal((await ask('POST', `${IN}/pods`, { metadata: { name: 'p' }, spec })).status, 201);
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } };
  assert.equal((await ask('POST', `${IN}/pods/p/eviction?dryRun=All`, eviction)).status, 201);
  const options = { dryRun: ['All'] };
  assert.equal((await ask('POST', `${IN}/pods/p/eviction`, { ...eviction, deleteOptions: options })).status, 201);
  assert.equal((await ask('GET', `${IN}/pods/p`)).status, 200);
});

test('a budget guards the Pods that are ready, and counts those that may go', async () => {
  const spec = { containers: [{ name: 'c', image: 'c:1' }] };
  const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
  for (const name of ['g1', 'g2']) {
    await ask('POST', `${IN}/pods`, { metadata: { name, labels: { app: 'guarded' } }, spec });
    await ask('PATCH', `${IN}/pods/${name}/status`, { status: ready });
  }
  const budget = { minAvailable: 1, selector: { matchLabels: { app: 'guarded' } } };
  const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
  await ask('POST', budgets, { metadata: { name: 'b' }, spec: budget });
  const evict = (name: string) =>
    ask('POST', `${IN}/pods/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } });
  const early = await evict('g1');
  assert.deepEqual([early.status, (early.body.details as JsonObject).retryAfterSeconds], [429, 10]);
  await sandbox.settle();
  assert.equal((await evict('g1')).status, 201);
  await sandbox.settle();
  const late = await evict('g2');
  assert.deepEqual([late.status, late.body.reason], [429, 'TooManyRequests']);
  assert.match(JSON.stringify(late.body.details), /The disruption budget b needs 1 healthy pods and has 1 currently/);
});

test('proxies end where the way to somebody would begin', async () => {
  const spec = { ports: [{ port: 80, name: 'web' }], selector: { app: 'x' } };
  await ask('POST', `${IN}/services`, { metadata: { name: 's' }, spec });
  const told = await ask('POST', `${IN}/services/s:web/proxy/path`);
  assert.deepEqual([told.status, told.body.message], [503, 'no endpoints available for service "s"']);
  assert.match(String((await ask('GET', `${IN}/services/s:81/proxy`)).body.message), /no service port 81 found/);
  assert.equal((await ask('GET', `${IN}/services/none/proxy`)).status, 404);
  assert.equal((await ask('GET', `${IN}/services/ftp:s:web/proxy`)).status, 400);
});

test('amounts finer than a thousandth are rounded up, but nothing else is rewritten', async () => {
  const hard = { 'limits.cpu': '0.12345', 'requests.cpu': '1e-9', pods: '2', 'limits.memory': '1.5Gi' };
  const { body } = await ask('POST', `${IN}/resourcequotas`, { metadata: { name: 'fine' }, spec: { hard } });
  assert.deepEqual((body.spec as JsonObject).hard, {
    'limits.cpu': '124m',
    'requests.cpu': '1e-3',
    pods: '2',
    'limits.memory': '1536Mi',
  });
});

test('what a body says twice is told in the order of the body, each field once', async () => {
  const text =
    '{"metadata":{"name":"twice","name":"twice","odd":1},"data":{"b":"1","b":"2","b":"3"},"more":1,"data":{"c":"d"}}';
  const { body, warnings } = await ask('POST', `${IN}/configmaps?fieldValidation=Warn`, text);
  assert.deepEqual(body.data, { b: '3', c: 'd' });
  assert.deepEqual(
    (warnings as string[]).map((line) => line.replace(/^299 - "(.*)"$/, '$1').replaceAll('\\"', '"')),
    [
      'duplicate field "metadata.name"',
      'unknown field "metadata.odd"',
      'duplicate field "data.b"',
      'unknown field "more"',
      'duplicate field "data"',
    ],
  );
});

test('tokens of service accounts can be checked with the published keys', async () => {
  const { body: about } = await ask('GET', '/.well-known/openid-configuration');
  assert.equal(about.issuer, 'https://kubernetes.default.svc');
  const { body } = await ask('GET', '/openid/v1/jwks', undefined, { accept: 'application/jwk-set+json' });
  assert.equal((await ask('GET', '/openid/v1/jwks', undefined, { accept: 'application/json' })).status, 406);
  const made = await ask('POST', `${IN}/serviceaccounts/default/token`, { spec: {} });
  const token = String((made.body.status as JsonObject).token);
  const [key] = body.keys as unknown as readonly JsonWebKey[];
  const [head = '', claims = '', signature = ''] = token.split('.');
  const checked = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: createPublicKey({ key: key as JsonWebKey, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  assert.equal(checked, true);
  const seen = await ask('GET', '/api', undefined, { authorization: `Bearer ${token}` });
  assert.equal(seen.status, 200);
});

test('OpenAPI v2 is there in JSON, too', async () => {
  const { status, body } = await ask('GET', '/openapi/v2', undefined, { accept: 'application/json' });
  assert.equal(status, 200);
  assert.equal(body.swagger, '2.0');
  const pod = (body.definitions as JsonObject)['io.k8s.api.core.v1.Pod'] as JsonObject;
  assert.deepEqual(pod['x-kubernetes-group-version-kind'], [{ group: '', kind: 'Pod', version: 'v1' }]);
  const paths = body.paths as JsonObject;
  assert.ok(Object.hasOwn(paths, '/api/v1/namespaces/{namespace}/pods/{name}'));
  assert.equal((await ask('GET', '/openapi/v2', undefined, { accept: 'text/html' })).status, 406);
});
