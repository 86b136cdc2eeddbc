import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/objects/json.ts';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { decodeProtobuf } from '../../../src/sandbox/serving/protobuf.ts';
import { Refusal } from '../../../src/sandbox/status/refusal.ts';
import { BODIES } from './protobuf-bodies.ts';

/** Messages hold every field that is no pointer, also those that are empty. */
function said(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(said);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value as JsonObject).flatMap(([key, one]) =>
    one === undefined || one === '' || one === 0 || one === null || one === false ? [] : [[key, said(one)] as const],
  );
  return Object.fromEntries(kept);
}
const bytesOf = (command: string): Buffer =>
  Buffer.from(BODIES.find((one) => one.command.startsWith(command))?.body ?? '', 'base64');

const messageOf = (bytes: Buffer, kind: string): string => {
  try {
    decodeProtobuf(bytes, kind);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  return 'was read';
};

for (const { command, body, means } of BODIES)
  test(`what kubectl sends for "${command}" is read`, () => {
    const object = decodeProtobuf(Buffer.from(body, 'base64'), String(means.kind));
    assert.deepEqual(said(object), means);
  });

test('a body that is no message is refused in the words of the server', () => {
  assert.equal(
    messageOf(Buffer.from('{"kind":"ConfigMap"}'), 'ConfigMap'),
    'the object provided is unrecognized (must be of type ConfigMap): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] ({"kind":"ConfigMap"})',
  );
  assert.equal(
    messageOf(Buffer.alloc(0), 'ConfigMap'),
    'the object provided is unrecognized (must be of type ConfigMap): empty data (<empty>)',
  );
  const cut = bytesOf('create ns').subarray(0, 12);
  assert.equal(
    messageOf(cut, 'Namespace'),
    'the object provided is unrecognized (must be of type Namespace): unexpected EOF (6b3873000a0f0a0276311209)',
  );
});

test('half a body or a changed one is refused, and never anything worse', () => {
  const whole = bytesOf('create deployment');
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(whole);
      changed[at] = byte;
      messageOf(changed, 'Deployment');
      messageOf(whole.subarray(0, at), 'Deployment');
    }),
    { numRuns: 300 },
  );
});

test('what arrives as protobuf is stored as what arrives as JSON', async () => {
  const sandbox = await startSandbox({ seed: 3 });
  const post = async (type: string, body: Buffer): Promise<JsonObject> => {
    const answer = await sandbox.handle({
      method: 'POST',
      path: '/api/v1/namespaces',
      headers: { authorization: `Bearer ${sandbox.token}`, 'user-agent': 'test/1', 'content-type': type },
      body,
    });
    assert.ok('body' in answer);
    assert.equal(answer.status, 201);
    const { metadata, ...rest } = JSON.parse(answer.body.toString('utf8')) as JsonObject;
    const { uid: _, resourceVersion: __, name, ...meta } = metadata as JsonObject;
    return {
      ...rest,
      metadata: { ...meta, named: String(name).length > 0 },
      labels: undefined,
    } as unknown as JsonObject;
  };
  const one = await post('application/vnd.kubernetes.protobuf', bytesOf('create ns'));
  const json = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'rec2' } };
  const other = await post('application/json', Buffer.from(JSON.stringify(json)));
  const named = JSON.parse(JSON.stringify(other).replaceAll('"rec2"', '"rec"')) as JsonObject;
  assert.deepEqual(JSON.parse(JSON.stringify(one)), named);
  await sandbox.close();
});
