import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { JsonObject, KubeObject } from '../../../src/objects/json.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';

let sandbox: Sandbox;
before(async () => {
  sandbox = await startSandbox({ seed: 7 });
});
after(() => sandbox.close());

interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: KubeObject & { readonly [field: string]: unknown };
}

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Told> {
  const answer = await sandbox.handle({
    method,
    path,
    headers: {
      authorization: `Bearer ${sandbox.token}`,
      'user-agent': 'test/1',
      'content-type': 'application/json',
      ...headers,
    },
    body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
  });
  assert.ok('body' in answer);
  return { ...answer, body: JSON.parse(answer.body.toString('utf8')) as Told['body'] };
}
const MAPS = '/api/v1/namespaces/default/configmaps';
const map = (name: string, data: JsonObject = { a: '1' }) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

describe('writes', () => {
  test('a write that changes nothing is no write', async () => {
    const made = (await ask('POST', MAPS, map('still'))).body;
    const again = (await ask('PUT', `${MAPS}/still`, map('still'))).body;
    assert.equal(again.metadata.resourceVersion, made.metadata.resourceVersion);
    assert.equal(made.metadata.managedFields?.[0]?.manager, 'test');
  });

  test('a stale write is refused, and one that does not care is not', async () => {
    await ask('POST', MAPS, map('cas'));
    const stale = { ...map('cas', { a: '2' }), metadata: { name: 'cas', resourceVersion: '1' } };
    const no = await ask('PUT', `${MAPS}/cas`, stale);
    assert.deepEqual([no.status, no.body.reason], [409, 'Conflict']);
    assert.equal((await ask('PUT', `${MAPS}/cas`, map('cas', { a: '3' }))).status, 200);
  });

  test('finalizers hold an object until the last one goes', async () => {
    const metadata = { name: 'held', finalizers: ['example.org/hold'] };
    await ask('POST', MAPS, { ...map('held'), metadata });
    const marked = (await ask('DELETE', `${MAPS}/held`)).body;
    assert.equal(marked.metadata.deletionGracePeriodSeconds, 0);
    const again = await ask('POST', MAPS, map('held'));
    assert.match(String(again.body.message), /^object is being deleted: configmaps "held" already exists$/);
    const merge = { 'content-type': 'application/merge-patch+json' };
    await ask('PATCH', `${MAPS}/held`, { metadata: { finalizers: null } }, merge);
    assert.equal((await ask('GET', `${MAPS}/held`)).status, 404);
  });

  test('a dry run leaves no trace', async () => {
    const before = (await ask('GET', '/api/v1/namespaces?limit=1')).body.metadata.resourceVersion;
    assert.equal((await ask('POST', `${MAPS}?dryRun=All`, map('dry'))).status, 201);
    assert.equal((await ask('GET', `${MAPS}/dry`)).status, 404);
    assert.equal((await ask('GET', '/api/v1/namespaces?limit=1')).body.metadata.resourceVersion, before);
  });

  test('unknown and duplicate fields are refused or warned about', async () => {
    const odd = { ...map('odd'), surprise: 1 };
    const no = await ask('POST', `${MAPS}?fieldValidation=Strict`, odd);
    assert.match(String(no.body.message), /strict decoding error: unknown field "surprise"$/);
    const warned = await ask('POST', MAPS, odd);
    assert.deepEqual(warned.headers.warning, ['299 - "unknown field \\"surprise\\""']);
  });

  test('too large a body is refused', async () => {
    const no = await ask('POST', MAPS, map('big', { a: 'x'.repeat(3 * 1024 * 1024) }));
    assert.deepEqual([no.status, no.body.reason], [413, 'RequestEntityTooLarge']);
  });
});

describe('reads', () => {
  test('pages go on at their revision until it is compacted, and tell how to go on then', async () => {
    for (const name of ['p-1', 'p-2', 'p-3']) await ask('POST', '/api/v1/namespaces/kube-public/configmaps', map(name));
    const list = '/api/v1/namespaces/kube-public/configmaps';
    const first = (await ask('GET', `${list}?limit=1`)).body as unknown as { metadata: Record<string, unknown> };
    assert.equal(first.metadata.remainingItemCount, 3);
    await ask('DELETE', `${list}/p-2`);
    const second = await ask('GET', `${list}?limit=2&continue=${first.metadata.continue}`);
    assert.deepEqual(
      (second.body.items as KubeObject[]).map(({ metadata }) => metadata.name),
      ['p-1', 'p-2'],
    );
    sandbox.compact();
    const gone = await ask('GET', `${list}?limit=2&continue=${first.metadata.continue}`);
    assert.deepEqual([gone.status, gone.body.reason], [410, 'Expired']);
    const token = (gone.body.metadata as unknown as { continue: string }).continue;
    const rest = await ask('GET', `${list}?continue=${token}`);
    assert.deepEqual(
      (rest.body.items as KubeObject[]).map(({ metadata }) => metadata.name),
      ['p-1', 'p-3'],
    );
  });

  test('metadata alone and Tables come as they are asked for', async () => {
    const partial = { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' };
    const list = (await ask('GET', MAPS, undefined, partial)).body;
    assert.equal(list.kind, 'PartialObjectMetadataList');
    assert.ok((list.items as KubeObject[]).every((item) => item.data === undefined));
    const table = (await ask('GET', MAPS, undefined, { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' })).body;
    assert.equal(table.kind, 'Table');
    assert.equal((table.rows as unknown[]).length, (list.items as unknown[]).length);
    assert.equal((await ask('GET', MAPS, undefined, { accept: 'text/html' })).status, 406);
  });

  test('discovery comes aggregated or not, as the client understands', async () => {
    const v2 = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' };
    assert.equal((await ask('GET', '/apis', undefined, v2)).body.kind, 'APIGroupDiscoveryList');
    const old = {
      accept: 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
    };
    assert.equal((await ask('GET', '/apis', undefined, old)).body.kind, 'APIGroupList');
  });
});

describe('knobs', () => {
  test('troubles are made for the requests that a rule chooses, and for no others', async () => {
    const rule = ({ method }: { readonly method: string }) =>
      method === 'POST' ? ({ kind: 'throttle', retryAfter: 2 } as const) : undefined;
    sandbox.knobs.troubles.add(rule);
    const no = await ask('POST', MAPS, map('late'));
    assert.deepEqual([no.status, no.headers['retry-after']], [429, '2']);
    assert.equal((await ask('GET', MAPS)).status, 200);
    sandbox.knobs.troubles.delete(rule);
    assert.equal((await ask('POST', MAPS, map('late'))).status, 201);
  });

  test('a watch sees selected objects come and go', async () => {
    const lines: JsonObject[] = [];
    const answer = await sandbox.handle({
      method: 'GET',
      path: `${MAPS}?watch=true&labelSelector=seen%3Dyes&resourceVersion=${sandbox.api.get('configmaps' as never, 'default', 'late')?.metadata.resourceVersion}`,
      headers: { authorization: `Bearer ${sandbox.token}` },
    });
    assert.ok('start' in answer);
    const stop = answer.start({
      open: true,
      write: (chunk) => {
        for (const line of chunk.toString('utf8').trim().split('\n')) lines.push(JSON.parse(line) as JsonObject);
      },
      end: () => undefined,
    });
    const merge = { 'content-type': 'application/merge-patch+json' };
    for (const seen of ['yes', 'no', 'yes'])
      await ask('PATCH', `${MAPS}/late`, { metadata: { labels: { seen } } }, merge);
    await ask('DELETE', `${MAPS}/late`);
    await new Promise((resolve) => setImmediate(resolve));
    stop();
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['ADDED', 'DELETED', 'ADDED', 'DELETED'],
    );
  });
});
