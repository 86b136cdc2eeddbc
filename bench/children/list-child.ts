/** The ceiling of reading: every page of the ConfigMaps as fast as the server gives it, bodies thrown away. */
import { Pool } from 'undici';
import { highWater, jobOf, report } from './job.ts';

export interface ListJob {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
  readonly limit: number;
}
export interface Listed {
  readonly pages: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly highWater: number;
}

const { url, ca, token, limit } = jobOf<ListJob>();
const pool = new Pool(url, { connections: 1, connect: { ca } });
const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
await (await pool.request({ method: 'GET', path: '/version', headers })).body.dump();
const began = performance.now();
let pages = 0;
let bytes = 0;
let next: string | undefined = '';
while (next !== undefined) {
  const path = `/api/v1/configmaps?limit=${limit}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`;
  const answer: Awaited<ReturnType<Pool['request']>> = await pool.request({ method: 'GET', path, headers });
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`);
  // The token of the next page stands in the head of this one.
  let head = '';
  for await (const piece of answer.body as AsyncIterable<Buffer>) {
    if (head.length < 2_000) head += piece.toString('utf8', 0, 2_000);
    bytes += piece.length;
  }
  next = /^[^[]*?"continue":"([^"]+)"/.exec(head)?.[1];
  pages++;
}
const seconds = (performance.now() - began) / 1000;
await pool.close();
report({ pages, bytes, seconds, highWater: highWater() } satisfies Listed);
