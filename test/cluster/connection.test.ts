import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CollectionAddress } from '../../src/cluster/port.ts';
import type { Uid } from '../../src/objects/key.ts';
import { isFault } from '../../src/outcome/fault.ts';
import { clusterOf, kubeSystem, refusal, type Script, ScriptedServer, say } from './scripted-server.ts';

const maps: CollectionAddress = { group: '', version: 'v1', resource: 'configmaps', namespace: 'default' };
const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
const HERE = 'uid-here' as Uid;
const VERSION = { gitVersion: 'v1.34.4', major: '1', minor: '34' };

const api: Script = (call, answer) => {
  if (call.url === '/api/v1/namespaces/kube-system') say(answer, 200, kubeSystem(HERE));
  else if (call.url === '/version') say(answer, 200, VERSION);
  else say(answer, call.method === 'POST' ? 201 : 200, body);
};
const writes = (server: ScriptedServer) => server.calls.filter((call) => call.method !== 'GET').length;
const isLost = (sent: string) => (error: unknown) => isFault(error, 'CONNECTION-LOST') && error.details.sent === sent;

test('a connection is used again, and a second one is made only when the first is busy', async () => {
  await using server = await new ScriptedServer(api).start();
  const cluster = clusterOf(server);
  for (let round = 0; round < 5; round++) await cluster.version();
  assert.equal(server.connections, 1);
  await Promise.all(Array.from({ length: 12 }, () => cluster.version()));
  assert.ok(server.connections > 1 && server.connections <= 12);
  await cluster.close();
});

test('there are never more connections than allowed, and all requests are answered', async () => {
  await using server = await new ScriptedServer(api).start();
  const cluster = clusterOf(server, { limits: { lanes: 3 } });
  await Promise.all(Array.from({ length: 50 }, () => cluster.version()));
  assert.ok(server.connections <= 3);
  assert.equal(cluster.stats().requests, 50);
  await cluster.close();
});

test('after pin the fingerprint is read once on each connection before the first write leaves over it', async () => {
  await using server = await new ScriptedServer(api).start();
  const cluster = clusterOf(server, { limits: { lanes: 4 } });
  cluster.pin(HERE);
  await Promise.all(Array.from({ length: 40 }, () => cluster.create(maps, body)));
  const seen = new Set<number>();
  for (const call of server.calls) {
    if (call.method === 'POST')
      assert.ok(seen.has(call.connection), 'a write left over a connection that nobody had looked at');
    else seen.add(call.connection);
  }
  assert.equal(writes(server), 40);
  assert.equal(cluster.stats().verifications, server.connections);
  await cluster.close();
});

test('when another cluster answers after a reconnect, no write reaches it, then or later', async () => {
  await using server = await new ScriptedServer(api).start();
  const cluster = clusterOf(server);
  cluster.pin(HERE);
  await cluster.create(maps, body);
  assert.equal(writes(server), 1);
  server.script = (call, answer) =>
    call.url === '/api/v1/namespaces/kube-system' ? say(answer, 200, kubeSystem('uid-other')) : say(answer, 201, body);
  server.dropAll();
  // The loss may be noticed only at the first write, which then goes nowhere; the next one makes a connection.
  await assert.rejects(
    cluster.create(maps, body),
    (error) => isFault(error, 'WRONG-CLUSTER') || isFault(error, 'CONNECTION-LOST'),
  );
  for (let round = 0; round < 2; round++)
    await assert.rejects(cluster.create(maps, body), (error) => isFault(error, 'WRONG-CLUSTER'));
  cluster.pin('uid-other' as Uid);
  await assert.rejects(cluster.create(maps, body), (error) => isFault(error, 'WRONG-CLUSTER'));
  assert.equal(writes(server), 1);
  await cluster.close();
});

test('connections that are cut at random moments never let a write pass unverified', async () => {
  await using server = await new ScriptedServer(api).start();
  const cluster = clusterOf(server, { limits: { lanes: 4, backoff: 1 } });
  cluster.pin(HERE);
  const seen = new Set<number>();
  let unverified = 0;
  server.script = (call, answer, calls) => {
    if (call.method === 'POST') unverified += seen.has(call.connection) ? 0 : 1;
    else seen.add(call.connection);
    if (calls.length % 7 === 0) call.socket.destroy();
    else if (calls.length % 5 === 0) {
      void api(call, answer, calls);
      setImmediate(() => call.socket.destroy());
    } else void api(call, answer, calls);
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 200 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index));
      return await cluster.create(maps, body);
    }),
  );
  assert.equal(unverified, 0);
  const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.ok(lost.length > 0 && lost.every((outcome) => isFault(outcome.reason, 'CONNECTION-LOST')));
  assert.ok(outcomes.some((outcome) => outcome.status === 'fulfilled'));
  await cluster.close();
});

test('a write whose connection is lost after it was sent is not sent again', async () => {
  await using server = await new ScriptedServer((call) => void call.socket.destroy()).start();
  const cluster = clusterOf(server);
  await assert.rejects(cluster.create(maps, body), isLost('maybe'));
  assert.equal(server.calls.length, 1);
  await cluster.close();
});

test('a write to a server that is not there was not sent, and says so', async () => {
  const server = await new ScriptedServer(api).start();
  const cluster = clusterOf(server);
  await server[Symbol.asyncDispose]();
  await assert.rejects(cluster.create(maps, body), isLost('no'));
  await cluster.close();
});

test('a read is tried again after a loss, but not for ever', async () => {
  await using server = await new ScriptedServer((call, answer, calls) => {
    if (calls.length < 3) call.socket.destroy();
    else say(answer, 200, VERSION);
  }).start();
  const cluster = clusterOf(server, { limits: { backoff: 1 } });
  assert.equal((await cluster.version()).gitVersion, 'v1.34.4');
  assert.equal(cluster.stats().retries, 2);
  server.script = (call) => void call.socket.destroy();
  const before = server.calls.length;
  await assert.rejects(cluster.version(), isLost('maybe'));
  assert.equal(server.calls.length - before, 5);
  await cluster.close();
});

test('a server that asks for patience gets it, for reads and for writes, and the caller hears of it', async () => {
  await using server = await new ScriptedServer((call, answer, calls) => {
    if (calls.length === 1) say(answer, 429, refusal(429, 'TooManyRequests'), { 'retry-after': '1' });
    else if (calls.length === 3) say(answer, 503, refusal(503, 'ServiceUnavailable'), { 'retry-after': '0' });
    else api(call, answer, calls);
  }).start();
  const heard: number[] = [];
  const cluster = clusterOf(server, { onThrottle: ({ status }) => void heard.push(status) });
  const begun = performance.now();
  assert.equal((await cluster.create(maps, body)).kind, 'accepted');
  assert.ok(performance.now() - begun > 990);
  await cluster.version();
  assert.deepEqual(heard, [429, 503]);
  assert.equal(cluster.stats().throttles, 2);
  await cluster.close();
});

test('patience has an end: then the refusal is the answer', async () => {
  await using server = await new ScriptedServer((_call, answer) =>
    say(answer, 429, refusal(429, 'TooManyRequests'), { 'retry-after': '30' }),
  ).start();
  const cluster = clusterOf(server, { limits: { patience: 1000 } });
  const answer = await cluster.create(maps, body);
  assert.ok(answer.kind === 'rejected' && answer.status === 429 && answer.retryAfter === 30);
  assert.equal(server.calls.length, 1);
  await cluster.close();
});

test('a 503 without Retry-After is an answer like any other', async () => {
  await using server = await new ScriptedServer((_call, answer) => say(answer, 503, 'down for repair')).start();
  const cluster = clusterOf(server);
  const answer = await cluster.create(maps, body);
  assert.ok(answer.kind === 'rejected' && answer.status === 503 && answer.message === 'down for repair');
  await cluster.close();
});

test('a refused fingerprint stops the write and says what to allow', async () => {
  await using server = await new ScriptedServer((_call, answer) => say(answer, 403, refusal(403, 'Forbidden'))).start();
  const cluster = clusterOf(server);
  cluster.pin(HERE);
  await assert.rejects(
    cluster.create(maps, body),
    (error) => isFault(error, 'FINGERPRINT-REFUSED') && (error.hint ?? '').includes('kube-system'),
  );
  assert.equal(writes(server), 0);
  await cluster.close();
});

test('what is aborted ends at once, before and after it was sent', async () => {
  await using server = await new ScriptedServer(() => undefined).start();
  const cluster = clusterOf(server, { limits: { lanes: 1 } });
  const signal = AbortSignal.timeout(100);
  const at = { ...maps, name: 'a' };
  const isAborted = (error: unknown) => isFault(error, 'ABORTED');
  await Promise.all([
    assert.rejects(cluster.get(at, { signal }), isAborted),
    assert.rejects(cluster.get(at, { signal }), isAborted),
  ]);
  await assert.rejects(cluster.get(at, { signal }), isAborted);
  await cluster.close();
});

test('closing ends what is under way', async () => {
  await using server = await new ScriptedServer(() => undefined).start();
  const cluster = clusterOf(server, { limits: { backoff: 1 } });
  const waiting = assert.rejects(cluster.version(), (error) => isFault(error));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await cluster.close();
  await waiting;
});

test('names that would lead to another URL are refused before anything is sent', async () => {
  await using server = await new ScriptedServer(api).start();
  const cluster = clusterOf(server);
  for (const name of ['', '.', '..', 'a/b', '%2e%2e'])
    await assert.rejects(
      async () => cluster.get({ ...maps, name }),
      (error) => isFault(error, 'BAD-ADDRESS'),
      name,
    );
  assert.equal(server.calls.length, 0);
  await cluster.close();
});
