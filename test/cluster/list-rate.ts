/**
 * How fast lists are read: `node test/cluster/list-rate.ts`. In process: the scanner alone. Over loopback: pages of 500 that are
 * made beforehand, served by a worker thread, read by the adapter and, for comparison, with the body thrown away.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Client } from 'undici';
import { ANONYMOUS } from '../../src/cluster/credentials.ts';
import { ListScanner } from '../../src/cluster/http/list-scanner.ts';
import { clusterAt } from '../../src/cluster/open.ts';

const PAGE = 500;

function itemText(index: number, size: number): string {
  const id = String(index).padStart(12, '0');
  const metadata = {
    name: `object-${index}`,
    namespace: `space-${index % 20}`,
    uid: `0f0e0d0c-1111-4222-8333-${id}`,
    resourceVersion: String(1000 + index),
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'demo', tier: 'back' },
    managedFields: [
      {
        manager: 'm',
        operation: 'Update',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } },
      },
    ],
  };
  const lines = Math.max(1, Math.floor((size - 480) / 58));
  const data = Object.fromEntries(
    Array.from({ length: lines }, (_, k) => [`key-${k}`, `value ${k} of this "object", some words long`]),
  );
  return JSON.stringify({ metadata, data });
}

function pageText(size: number, next: string): string {
  const items = Array.from({ length: PAGE }, (_, index) => itemText(index, size)).join(',');
  const token = next === '' ? '' : `,"continue":"${next}"`;
  return `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"7"${token}},"items":[${items}]}`;
}

function serve(sizes: readonly number[], pages: number): void {
  const bodies = new Map(
    sizes.map((size) => [
      size,
      Array.from({ length: pages }, (_, page) => Buffer.from(pageText(size, page + 1 < pages ? String(page + 1) : ''))),
    ]),
  );
  const server = createServer((request, answer) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const size = Number(url.pathname.split('/')[4]);
    const body = bodies.get(size)?.[Number(url.searchParams.get('continue') ?? '0')];
    answer.writeHead(200, { 'content-type': 'application/json' });
    answer.end(body);
  });
  server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
}

async function main(): Promise<void> {
  const sizes = [1500, 15_000];
  const pages = 20;
  for (const size of sizes)
    for (const piece of [2048, 16_384, 65_536]) {
      const body = Buffer.from(pageText(size, ''));
      const rates = Array.from({ length: 60 }, () => scanRate(body, piece)).sort((a, b) => b - a);
      console.log(`scanner ${size} B pieces of ${piece}: ${(rates[5] ?? 0).toFixed(0)} MB/s`);
    }
  const worker = new Worker(new URL(import.meta.url), { workerData: { sizes, pages } });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const url = new URL(`http://127.0.0.1:${port}`);
  const cluster = clusterAt({
    name: 'x',
    context: undefined,
    namespace: 'default',
    endpoint: { url, insecure: false },
    credentials: ANONYMOUS,
  });
  const client = new Client(url.origin);
  for (const size of sizes) {
    const at = { group: '', version: 'v1', namespace: String(size), resource: 'configmaps' };
    const ours: number[] = [];
    const raw: number[] = [];
    let bytes = 0;
    for (let round = 0; round < 6; round++) {
      let begun = performance.now();
      let items = 0;
      const outcome = await cluster.list(at, () => void items++);
      ours.push((performance.now() - begun) / 1000);
      if (outcome.kind !== 'complete' || items !== PAGE * pages) throw new Error('the list is not whole');
      bytes = outcome.end.bytes;
      begun = performance.now();
      for (let page = 0; page < pages; page++) {
        const { body } = await client.request({
          path: `/api/v1/namespaces/${size}/configmaps?continue=${page}`,
          method: 'GET',
        });
        for await (const piece of body) void piece;
      }
      raw.push((performance.now() - begun) / 1000);
    }
    const best = (times: readonly number[]) => bytes / 1e6 / Math.min(...times);
    const rate = (PAGE * pages) / Math.min(...ours);
    console.log(
      `list ${size} B: ${best(ours).toFixed(0)} MB/s, ${rate.toFixed(0)} items/s; body thrown away: ${best(raw).toFixed(0)} MB/s`,
    );
  }
  console.log(`peak RSS of client and server: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
  await cluster.close();
  await client.close();
  await worker.terminate();
}

function scanRate(body: Buffer, piece: number): number {
  const scanner = new ListScanner({ item: 1 << 26, what: 'a list' });
  const begun = performance.now();
  let items = 0;
  for (let from = 0; from < body.length; from += piece) {
    scanner.push(body.subarray(from, from + piece));
    while (scanner.next() !== undefined) items++;
  }
  scanner.finish();
  if (items !== PAGE) throw new Error('the scanner lost items');
  return body.length / 1e3 / (performance.now() - begun);
}

if (isMainThread) await main();
else serve(workerData.sizes, workerData.pages);
