import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { CollectionAddress } from '../../src/cluster/port.ts';
import { isFault } from '../../src/outcome/fault.ts';
import { clusterOf, listOf, refusal, type Script, ScriptedServer, say } from './scripted-server.ts';

const maps: CollectionAddress = { group: '', version: 'v1', resource: 'configmaps', namespace: 'default' };
const QUICK = { limits: { backoff: 1, headers: 300, idle: 300, total: 400, page: 400 } };
const isMalformed = (error: unknown) => isFault(error, 'MALFORMED-ANSWER');

async function names(script: Script, options: object = QUICK, take?: (name: string) => void | Promise<void>) {
  await using server = await new ScriptedServer(script).start();
  const cluster = clusterOf(server, options);
  const seen: string[] = [];
  try {
    const outcome = await cluster.list(maps, (item) => {
      seen.push(item.name);
      return take?.(item.name);
    });
    return { outcome, seen, calls: server.calls.map((call) => call.url) };
  } finally {
    await cluster.close();
  }
}
const pageOf = (url: string) => new URL(url, 'http://x').searchParams;

test('pages follow each other by their tokens', async () => {
  const { outcome, seen, calls } = await names((call, answer) => {
    const token = pageOf(call.url).get('continue');
    say(
      answer,
      200,
      token === null ? listOf(['a', 'b'], 't1') : token === 't1' ? listOf(['c'], 't2', '9') : listOf(['d'], '', '9'),
    );
  });
  assert.deepEqual(seen, ['a', 'b', 'c', 'd']);
  assert.ok(outcome.kind === 'complete' && outcome.end.revision === '7' && outcome.end.items === 4);
  assert.equal(calls.length, 3);
});

test('a consumer that takes its time gets one item after the other, and at most one page is asked for ahead', async () => {
  let busy = 0;
  let ahead = 0;
  let page = 0;
  const { seen } = await names(
    (call, answer) => {
      const number = Number(pageOf(call.url).get('continue') ?? '0');
      ahead = Math.max(ahead, number - page);
      say(answer, 200, listOf([`${number}-a`, `${number}-b`, `${number}-c`], number < 5 ? String(number + 1) : ''));
    },
    {},
    async (name) => {
      assert.equal(++busy, 1);
      page = Number(name.split('-')[0]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      busy--;
    },
  );
  assert.equal(seen.length, 18);
  assert.ok(ahead <= 1, `${ahead} pages ahead`);
});

test('410 on a later page means that the list expired', async () => {
  const { outcome } = await names((call, answer) =>
    pageOf(call.url).has('continue') ? say(answer, 410, refusal(410, 'Expired')) : say(answer, 200, listOf(['a'], 't')),
  );
  assert.deepEqual(outcome, { kind: 'expired' });
});

test('a page that breaks off is asked for again at its revision, and nothing is given out twice', async () => {
  let broken = 0;
  const { outcome, seen, calls } = await names((call, answer) => {
    const text = JSON.stringify(listOf(['a', 'b', 'c']));
    if (broken++ > 0) return say(answer, 200, text);
    answer.writeHead(200, { 'content-type': 'application/json', 'content-length': String(text.length) });
    answer.write(text.slice(0, text.indexOf('uid-c')));
    setTimeout(() => call.socket.destroy(), 30);
    return undefined;
  });
  assert.deepEqual(seen, ['a', 'b', 'c']);
  assert.equal(outcome.kind, 'complete');
  assert.equal(pageOf(calls[1] ?? '').get('resourceVersionMatch'), 'Exact');
  assert.equal(pageOf(calls[1] ?? '').get('resourceVersion'), '7');
});

test('a page that comes back different after a loss is not stitched together', async () => {
  let broken = 0;
  await assert.rejects(
    names((call, answer) => {
      if (broken++ > 0) return say(answer, 200, listOf(['x', 'y', 'z']));
      const text = JSON.stringify(listOf(['a', 'b', 'c']));
      answer.writeHead(200, { 'content-length': String(text.length) });
      answer.write(text.slice(0, text.indexOf('uid-c')));
      setTimeout(() => call.socket.destroy(), 30);
      return undefined;
    }),
    (error) => isFault(error, 'CONNECTION-LOST'),
  );
});

test('a list whose next page has the token of this one is refused', async () => {
  await assert.rejects(
    names((_call, answer) => say(answer, 200, listOf(['a'], 'again'))),
    isMalformed,
  );
});

test('a list without end is refused, whether in one body or in empty pages', async () => {
  const item = JSON.stringify({ metadata: { name: 'a', uid: 'u', resourceVersion: '1' } });
  await assert.rejects(
    names(
      (_call, answer) => {
        answer.write(`{"kind":"L","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[${item}`);
        pour(answer, `,${item}`.repeat(1000));
      },
      { limits: { items: 50_000 } },
    ),
    isMalformed,
  );
  let number = 0;
  await assert.rejects(
    names((_call, answer) => say(answer, 200, listOf([], `t${number++}`)), {}),
    isMalformed,
  );
});

test('a body that ends early as if it were whole is refused', async () => {
  const text = JSON.stringify(listOf(['a', 'b']));
  await assert.rejects(
    names((_call, answer) => say(answer, 200, text.slice(0, -2))),
    isMalformed,
  );
});

test('one byte at a time does not hold a request for ever', async () => {
  const drip: Script = (_call, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json' });
    answer.write('{');
    const timer = setInterval(() => answer.write(' '), 50);
    answer.on('close', () => clearInterval(timer));
  };
  const isLate = (error: unknown) => isFault(error, 'TIMED-OUT');
  await assert.rejects(names(drip), isLate);
  await using server = await new ScriptedServer(drip).start();
  const cluster = clusterOf(server, QUICK);
  await assert.rejects(cluster.version(), isLate);
  await assert.rejects(
    cluster.create(maps, {}),
    (error) => isFault(error, 'CONNECTION-LOST') && error.details.sent === 'maybe' && error.details.timedOut === true,
  );
  server.script = () => undefined;
  await assert.rejects(cluster.version(), isLate);
  await cluster.close();
});

const object = (metadata: unknown) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
const bodies: Readonly<Record<string, string>> = {
  'a page of HTML': '<html><body>Please log in</body></html>',
  nothing: '',
  'half an object': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"na',
  'a list of numbers': '[1,2]',
  'a number': '7',
  'an object without kind': '{"metadata":{}}',
  'metadata that is a text': JSON.stringify(object('x')),
  'metadata that is a list': JSON.stringify(object([])),
  'a uid that is a number': JSON.stringify(object({ uid: 5 })),
  'a body beyond the bound': JSON.stringify(object({ name: 'x'.repeat(20 << 20) })),
};
for (const [what, text] of Object.entries(bodies))
  test(`an answer is refused that holds ${what}`, async () => {
    await using server = await new ScriptedServer((_call, answer) => say(answer, 200, text)).start();
    const cluster = clusterOf(server);
    await assert.rejects(cluster.get({ ...maps, name: 'a' }), isMalformed);
    await assert.rejects(cluster.create(maps, {}), isMalformed);
    await assert.rejects(cluster.fingerprint(), isMalformed);
    await assert.rejects(cluster.discovery(), isMalformed);
    await assert.rejects(cluster.version(), isMalformed);
    await assert.rejects(cluster.mayI({ verb: 'get', group: '', resource: 'pods' }), isMalformed);
    await cluster.close();
  });

test('what is no HTTP is no answer', async () => {
  await using server = await new ScriptedServer((call) => {
    call.socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n');
  }).start();
  const cluster = clusterOf(server, QUICK);
  await assert.rejects(cluster.version(), isMalformed);
  await cluster.close();
});

test('packed answers are unpacked, and a bomb is stopped at the bound', async () => {
  await using server = await new ScriptedServer((call, answer) => {
    assert.equal(call.headers['accept-encoding'], 'gzip');
    answer.writeHead(200, { 'content-encoding': 'gzip' });
    const list = JSON.stringify(listOf(Array.from({ length: 300 }, (_, index) => `m${index}`)));
    answer.end(gzipSync(call.url.startsWith('/version') ? ' '.repeat(64 << 20) : list));
  }).start();
  const cluster = clusterOf(server, { gzip: true });
  let items = 0;
  const outcome = await cluster.list(maps, async () => void items++);
  assert.deepEqual([outcome.kind, items], ['complete', 300]);
  await assert.rejects(cluster.version(), isMalformed);
  await cluster.close();
});

/** Writes the same text for as long as the other side takes it. */
function pour(answer: ServerResponse, text: string): void {
  while (!answer.destroyed && answer.write(text));
  if (!answer.destroyed) answer.once('drain', () => pour(answer, text));
}
