import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, KubeObject } from '../../../src/objects/json.ts';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';

const RANGES = '/apis/networking.k8s.io/v1/servicecidrs';
type Range = KubeObject & {
  readonly status?: { readonly conditions: readonly JsonObject[] };
  readonly reason?: string;
};

test('a range of Service addresses goes when no address needs it, and not before', async () => {
  const sandbox = await startSandbox({ seed: 5 });
  const ask = async (method: string, path: string, body?: object): Promise<Range> => {
    const answer = await sandbox.handle({
      method,
      path,
      headers: { authorization: `Bearer ${sandbox.token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
    });
    assert.ok('body' in answer);
    return JSON.parse(answer.body.toString('utf8')) as Range;
  };
  await ask('POST', RANGES, { metadata: { name: 'more' }, spec: { cidrs: ['10.9.0.0/24'] } });
  await sandbox.settle();
  const more = await ask('GET', `${RANGES}/more`);
  assert.deepEqual(more.metadata.finalizers, ['networking.k8s.io/service-cidr-finalizer']);
  assert.equal(more.status?.conditions[0]?.message, 'Kubernetes Service CIDR is ready');
  // The Service `kubernetes` has an address in the first one.
  for (const name of ['more', 'kubernetes']) await ask('DELETE', `${RANGES}/${name}`);
  await sandbox.settle();
  const held = await ask('GET', `${RANGES}/kubernetes`);
  assert.equal(held.status?.conditions[0]?.reason, 'Terminating');
  assert.notEqual((await ask('GET', `${RANGES}/more`)).metadata.deletionTimestamp, undefined);
  await sandbox.advance(11_000);
  assert.equal((await ask('GET', `${RANGES}/more`)).reason, 'NotFound');
  assert.equal((await ask('GET', `${RANGES}/kubernetes`)).metadata.name, 'kubernetes');
  await sandbox.close();
});
