import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane } from '../../control-plane/fixture.ts';
import { USERS } from '../access/cases.ts';
import { comparable } from '../access/difference.ts';
import type { AdmissionCase } from './objects.ts';
import { type Asked, type Reply, stage } from './stage.ts';

const LIMIT_MS = 40_000;
/** Informers of the real server need this long to see a role or binding. */
const SEEN_MS = 200;

export const PLANE_USERS = USERS.map((user) => ({ ...user, token: `token-of-${user.name}` }));
const STAGE_USERS = Object.fromEntries(USERS.map(({ name, groups }) => [name, { name, uid: name, groups }]));

/** One case that was answered differently. */
export interface Difference {
  readonly at: number;
  readonly what: string;
  readonly sandbox: string;
  readonly real: string;
}

/** What admission and authorization look up in caches of their own, which see a write a moment later. */
const LOOKED_UP =
  /rbac\.|priorityclasses|runtimeclasses|storageclasses|ingressclasses|limitranges|resourcequotas|admissionregistration\.|serviceaccounts|\/namespaces(\/[^/]+)?$/;

/** Plays the cases on both, one after another, and gives those whose answers differ. */
export async function playBoth(cases: readonly AdmissionCase[], plane: ControlPlane): Promise<Difference[]> {
  const sandbox = await stage(STAGE_USERS);
  const found: Difference[] = [];
  for (const [at, one] of cases.entries()) {
    if (one.wait !== undefined) await sleep(one.wait);
    const real = await askReal(one, plane);
    if (LOOKED_UP.test(one.path) && one.method !== 'GET') await sleep(SEEN_MS);
    const mine = await sandbox.ask(one);
    await sandbox.settle();
    const [a, b] = [comparable(mine), comparable(real)];
    if (a !== b) found.push({ at, what: `${one.as} ${one.method} ${one.path}`, sandbox: a, real: b });
  }
  return found;
}

function askReal({ as, method, path, body, headers = {} }: Asked, plane: ControlPlane): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const token = as === 'admin' ? plane.token : `token-of-${as}`;
    const all = {
      accept: 'application/json',
      'user-agent': 'seaworthy-test',
      ...(as === '' ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    const sent = request(new URL(path, plane.url), { method, headers: all, ca: plane.ca, timeout: LIMIT_MS });
    sent.once('error', reject);
    sent.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => {
        const warning = response.headers.warning;
        const json = response.headers['content-type']?.includes('json') ?? false;
        resolve({
          status: response.statusCode ?? 0,
          warnings: typeof warning === 'string' ? warning.split(/, (?=299 - )/) : (warning ?? []),
          body: json ? JSON.parse(text) : text,
        });
      });
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
