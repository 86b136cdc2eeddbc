/** Changes a hundred ConfigMaps in turn, so many times in all; the last change bears the mark that watchers wait for. */
import { Pool } from 'undici';
import { jobOf, report } from './job.ts';

interface ChangeJob {
  readonly url: string;
  readonly ca?: string;
  readonly token: string;
  readonly namespace: string;
  readonly changes: number;
}

const MARK = 'the-last-of-all-changes';
const OBJECTS = 100;
const CONNECTIONS = 8;
const { url, ca, token, namespace, changes } = jobOf<ChangeJob>();
const pool = new Pool(url, {
  connections: CONNECTIONS,
  pipelining: 1,
  ...(ca === undefined ? {} : { connect: { ca } }),
});
const place = `/api/v1/namespaces/${namespace}/configmaps`;
const send = async (method: 'POST' | 'PATCH', path: string, body: object): Promise<void> => {
  const type = method === 'POST' ? 'application/json' : 'application/merge-patch+json';
  const headers = { authorization: `Bearer ${token}`, 'content-type': type, accept: 'application/json' };
  const answer = await pool.request({ method, path, headers, body: JSON.stringify(body) });
  await answer.body.dump();
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode}`);
};
const name = (number: number): string => `watched-${number % OBJECTS}`;
const labels = { bench: 'watched' };
const began = Date.now();
for (let number = 0; number < Math.min(OBJECTS, changes - 1); number++)
  await send('POST', place, { metadata: { name: name(number), labels }, data: { change: String(number) } });
let next = Math.min(OBJECTS, changes - 1);
await Promise.all(
  Array.from({ length: CONNECTIONS }, async () => {
    for (let number = next++; number < changes - 1; number = next++)
      await send('PATCH', `${place}/${name(number)}`, { data: { change: String(number) } });
  }),
);
await send('PATCH', `${place}/${name(0)}`, { data: { change: MARK } });
report({ began, ended: Date.now() });
await pool.close();
