import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { load } from 'js-yaml';
import type { Json, JsonObject } from '../../../src/objects/json.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';

let sandbox: Sandbox;
before(async () => {
  sandbox = await startSandbox({ seed: 11 });
});
after(() => sandbox.close());

interface Told {
  readonly status: number;
  readonly type: unknown;
  readonly text: string;
}

async function get(path: string, accept: string): Promise<Told> {
  const answer = await sandbox.handle({
    method: 'GET',
    path,
    headers: { authorization: `Bearer ${sandbox.token}`, 'user-agent': 'test/1', accept },
  });
  assert.ok('body' in answer);
  return { status: answer.status, type: answer.headers['content-type'], text: answer.body.toString('utf8') };
}

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const FLOWS = '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas';
const NAMESPACE = '/api/v1/namespaces/default';

interface Table {
  readonly kind: string;
  readonly columnDefinitions: readonly { readonly name: string }[];
  readonly rows: readonly { readonly cells: readonly Json[]; readonly object?: JsonObject }[];
}
const tableOf = async (path: string): Promise<Table> => JSON.parse((await get(path, TABLE)).text) as Table;

test('a client that prefers protobuf and takes JSON gets JSON', async () => {
  const told = await get(NAMESPACE, 'application/vnd.kubernetes.protobuf,application/json');
  assert.equal(told.status, 200);
  assert.equal(told.type, 'application/json');
  assert.equal((JSON.parse(told.text) as JsonObject).kind, 'Namespace');
});

test('YAML says what JSON says, in answers and in refusals', async () => {
  for (const path of [NAMESPACE, '/api/v1/namespaces/absent']) {
    const [yaml, json] = [await get(path, 'application/yaml'), await get(path, 'application/json')];
    assert.equal(yaml.status, json.status);
    assert.equal(yaml.type, 'application/yaml');
    assert.deepEqual(load(yaml.text), JSON.parse(json.text));
  }
  assert.equal((await get(NAMESPACE, 'application/json, application/yaml')).type, 'application/json');
});

test('what nobody can give is refused', async () => {
  const none = await get(NAMESPACE, 'text/html');
  assert.equal(none.status, 406);
  assert.match(none.text, /406: Not Acceptable/);
  const transformed = await get(NAMESPACE, 'application/json;as=Nonsense;v=v1;g=meta.k8s.io');
  assert.equal(transformed.status, 406);
  assert.match(transformed.text, /only the following media types are accepted: application\/json/);
});

test('a Table has the columns of its kind', async () => {
  const { kind, columnDefinitions, rows } = await tableOf('/api/v1/namespaces');
  assert.equal(kind, 'Table');
  assert.deepEqual(
    columnDefinitions.map(({ name }) => name),
    ['Name', 'Status', 'Age'],
  );
  assert.deepEqual(rows.find(({ cells }) => cells[0] === 'default')?.cells, ['default', 'Active', '0s']);
  assert.equal(rows[0]?.object?.kind, 'PartialObjectMetadata');
});

test('flow schemas stand in the order in which they are tried', async () => {
  const { rows } = await tableOf(FLOWS);
  const places = rows.map(({ cells }) => Number(cells[2]));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.equal(rows[0]?.cells[0], 'exempt');
});

test('what the control plane says of its parts is a Table too', async () => {
  const { rows } = await tableOf('/api/v1/componentstatuses/etcd-0');
  assert.deepEqual(rows[0]?.cells, ['etcd-0', 'Healthy', 'ok', '']);
});
