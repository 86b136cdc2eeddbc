import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CollectionAddress } from '../../src/cluster/port.ts';
import { isFault } from '../../src/outcome/fault.ts';
import { clusterOf, refusal, type Script, ScriptedServer, say } from './scripted-server.ts';

const maps: CollectionAddress = { group: '', version: 'v1', resource: 'configmaps', namespace: 'default' };
const QUICK = { limits: { backoff: 1, headers: 300, idle: 300 } };
const isMalformed = (error: unknown) => isFault(error, 'MALFORMED-ANSWER');
const pageOf = (url: string) => new URL(url, 'http://x').searchParams;
const object = (metadata: unknown) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata });

async function watched(script: Script): Promise<string[]> {
  await using server = await new ScriptedServer(script).start();
  const cluster = clusterOf(server, QUICK);
  const seen: string[] = [];
  try {
    for await (const event of cluster.watch(maps, { fromRevision: '5', timeoutSeconds: 9 })) seen.push(event.kind);
    const asked = pageOf(server.calls[0]?.url ?? '');
    assert.deepEqual([asked.get('allowWatchBookmarks'), asked.get('timeoutSeconds')], ['true', '9']);
    return seen;
  } finally {
    await cluster.close();
  }
}
const line = (type: string, body: unknown) => `${JSON.stringify({ type, object: body })}\n`;

test('a watch reads its lines wherever they are cut, and ends when the server ends it', async () => {
  const text =
    line('ADDED', object({ name: 'ä'.repeat(50) })) +
    line('BOOKMARK', object({ resourceVersion: '9' })) +
    line('DELETED', object({ name: 'a' }));
  const seen = await watched(async (_call, answer) => {
    const bytes = Buffer.from(text);
    for (let from = 0; from < bytes.length; from += 37) {
      answer.write(bytes.subarray(from, from + 37));
      await new Promise((resolve) => setImmediate(resolve));
    }
    answer.end();
  });
  assert.deepEqual(seen, ['added', 'bookmark', 'deleted']);
});

test('a watch from a revision that is gone has expired, as an event and as an answer', async () => {
  assert.deepEqual(await watched((_call, answer) => void answer.end(line('ERROR', refusal(410, 'Expired')))), [
    'expired',
  ]);
  assert.deepEqual(await watched((_call, answer) => say(answer, 410, refusal(410, 'Expired'))), ['expired']);
  assert.deepEqual(await watched((_call, answer) => say(answer, 403, refusal(403, 'Forbidden'))), ['failed']);
});

test('a watch that breaks off or is no JSON throws, after what came before', async () => {
  await assert.rejects(
    watched((call, answer) => {
      answer.write(line('ADDED', object({ name: 'a' })));
      setTimeout(() => call.socket.destroy(), 20);
    }),
    (error) => isFault(error, 'CONNECTION-LOST'),
  );
  await assert.rejects(
    watched((_call, answer) => void answer.end('{"type":"ADD')),
    isMalformed,
  );
});

test('legacy discovery asks every version, and an API that does not answer is dead, not forgotten', async () => {
  await using server = await new ScriptedServer((call, answer) => {
    if (call.url === '/api') say(answer, 200, { kind: 'APIVersions', versions: ['v1'] });
    else if (call.url === '/apis') {
      const group = (name: string) => ({
        name,
        versions: [
          { groupVersion: `${name}/v1`, version: 'v1' },
          { groupVersion: `${name}/v2`, version: 'v2' },
        ],
        preferredVersion: { groupVersion: `${name}/v2`, version: 'v2' },
      });
      say(answer, 200, { kind: 'APIGroupList', groups: [group('metrics.example'), group('apps')] });
    } else if (call.url.startsWith('/apis/metrics.example'))
      say(answer, 503, refusal(503, 'ServiceUnavailable', 'no endpoints'));
    else
      say(answer, 200, {
        kind: 'APIResourceList',
        resources: [
          { name: 'things', kind: 'Thing', namespaced: true, verbs: ['get', 'list'], categories: ['all'] },
          { name: 'things/status', kind: 'Thing', namespaced: true, verbs: ['get'] },
        ],
      });
  }).start();
  const cluster = clusterOf(server);
  const found = await cluster.discovery();
  assert.deepEqual(found.preferred.apps, ['v2', 'v1']);
  assert.equal(found.resources.length, 3);
  assert.deepEqual(found.resources[0]?.subresources, ['status']);
  assert.deepEqual(
    found.dead.map((one) => [one.group, one.version]),
    [
      ['metrics.example', 'v1'],
      ['metrics.example', 'v2'],
    ],
  );
  assert.match(found.dead[0]?.why ?? '', /no endpoints/);
  await cluster.close();
});
