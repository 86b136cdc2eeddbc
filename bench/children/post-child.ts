/** The ceiling: bodies POSTed by a plain loop on undici, so many connections at a time. Each is made before the clock starts. */
import { Pool } from 'undici';
import { chains } from '../worlds/chains.ts';
import { jobOf, report } from './job.ts';

export interface PostJob {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
  readonly prefix: string;
  readonly count: number;
  readonly seed: number;
  readonly connections: number;
}
export interface Posted {
  readonly created: number;
  /** From the first write to the last answer. */
  readonly seconds: number;
}

const { url, ca, token, prefix, count, seed, connections } = jobOf<PostJob>();
const requests: { path: string; body: string }[] = [];
for (const { metadata, ...rest } of chains(prefix, count, seed).objects()) {
  if (rest.kind === 'Namespace') continue;
  const {
    uid: _uid,
    resourceVersion: _version,
    creationTimestamp: _created,
    ownerReferences: _owners,
    ...kept
  } = metadata;
  const resource = rest.kind === 'Secret' ? 'secrets' : 'configmaps';
  const path = `/api/v1/namespaces/${metadata.namespace}/${resource}?fieldManager=seaworthy&fieldValidation=Strict`;
  requests.push({ path, body: JSON.stringify({ ...rest, metadata: kept }) });
}
const pool = new Pool(url, { connections, pipelining: 1, connect: { ca } });
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' };
// Connections and their TLS are not what is measured.
await Promise.all(Array.from({ length: connections }, () => ask('/version')));
const began = performance.now();
let next = 0;
let created = 0;
await Promise.all(
  Array.from({ length: connections }, async () => {
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      const answer = await pool.request({ method: 'POST', path: request.path, headers, body: request.body });
      await answer.body.dump();
      if (answer.statusCode === 201) created++;
    }
  }),
);
const seconds = (performance.now() - began) / 1000;
await pool.close();
report({ created, seconds } satisfies Posted);

async function ask(path: string): Promise<void> {
  const answer = await pool.request({ method: 'GET', path, headers });
  await answer.body.dump();
}
