/** Creates ConfigMaps over 32 connections, then lists them: whole, and by pages of 500. */
import { Pool } from 'undici';
import { jobOf, report } from './job.ts';

export interface CreateListJob {
  readonly url: string;
  readonly ca?: string;
  readonly token: string;
  readonly namespaces: readonly string[];
  readonly count: number;
  readonly lists: number;
}
export interface CreatedListed {
  readonly created: number;
  readonly createSeconds: number;
  /** Of each whole list, and of each list by pages. */
  readonly listSeconds: readonly number[];
  readonly pagedSeconds: readonly number[];
  readonly listed: readonly number[];
  readonly listBytes: number;
}

const CONNECTIONS = 32;
const PAGE = 500;
const { url, ca, token, namespaces, count, lists } = jobOf<CreateListJob>();
const pool = new Pool(url, {
  connections: CONNECTIONS,
  pipelining: 1,
  ...(ca === undefined ? {} : { connect: { ca } }),
});
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' };
const filling = 'x'.repeat(1_000);
const bodies = Array.from({ length: count }, (_, at) => ({
  path: `/api/v1/namespaces/${namespaces[at % namespaces.length]}/configmaps`,
  body: JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `made-${at}`, labels: { bench: 'made', part: String(at % 7) } },
    data: { number: String(at), filling },
  }),
}));
await Promise.all(Array.from({ length: CONNECTIONS }, () => ask('/version')));
let next = 0;
let created = 0;
const began = performance.now();
await Promise.all(
  Array.from({ length: CONNECTIONS }, async () => {
    for (let one = bodies[next++]; one !== undefined; one = bodies[next++]) {
      const answer = await pool.request({ method: 'POST', path: one.path, headers, body: one.body });
      await answer.body.dump();
      if (answer.statusCode === 201) created++;
    }
  }),
);
const createSeconds = (performance.now() - began) / 1000;
const listSeconds: number[] = [];
const pagedSeconds: number[] = [];
const listed: number[] = [];
let listBytes = 0;
for (let round = 0; round < lists; round++) {
  const start = performance.now();
  const whole = await ask('/api/v1/configmaps?labelSelector=bench%3Dmade');
  listSeconds.push((performance.now() - start) / 1000);
  listBytes = whole.length;
  listed.push(itemsOf(whole).length);
  const paged = performance.now();
  let items = 0;
  let from = '';
  do {
    const page = await ask(`/api/v1/configmaps?labelSelector=bench%3Dmade&limit=${PAGE}${from}`);
    items += itemsOf(page).length;
    // The token stands at the head of the answer: nobody has to parse the rest for it.
    const token = /"continue":"([^"]*)"/.exec(page.subarray(0, 500).toString('utf8'))?.[1] ?? '';
    from = token === '' ? '' : `&continue=${token}`;
  } while (from !== '');
  pagedSeconds.push((performance.now() - paged) / 1000);
  listed.push(items);
}
await pool.close();
report({ created, createSeconds, listSeconds, pagedSeconds, listed, listBytes } satisfies CreatedListed);

async function ask(path: string): Promise<Buffer> {
  const answer = await pool.request({ method: 'GET', path, headers });
  const body = Buffer.from(await answer.body.arrayBuffer());
  if (answer.statusCode !== 200) throw new Error(`GET ${path}: ${answer.statusCode} ${body.toString('utf8', 0, 300)}`);
  return body;
}

/** Counted by a field that every item has once: to parse would take longer than to serve. */
function itemsOf(body: Buffer): number[] {
  const found: number[] = [];
  const key = Buffer.from('"creationTimestamp":');
  for (let at = body.indexOf(key); at >= 0; at = body.indexOf(key, at + key.length)) found.push(at);
  return found;
}
