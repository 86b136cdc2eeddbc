import { request as requestHttp } from 'node:http';
import { Agent, request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where to ask, and as whom. `ca` is absent for plain HTTP. */
export interface Endpoint {
  readonly url: string;
  readonly ca?: string;
  readonly token?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const REQUEST_LIMIT_MS = 30_000;
const BUSY_TRIES = 50;
const BUSY_WAIT_MS = 100;
const agents = new Map<string, Agent>();

function agentFor(ca: string): Agent {
  const agent = agents.get(ca) ?? new Agent({ ca, keepAlive: true, maxSockets: 16 });
  agents.set(ca, agent);
  return agent;
}

/** One request with a JSON body and whatever comes back; rejects only when there is no answer at all. */
export function ask(endpoint: Endpoint, method: string, path: string, body?: unknown, type = 'application/json') {
  return new Promise<Answer>((resolve, reject) => {
    const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'seaworthy-test' };
    if (endpoint.token !== undefined) headers.authorization = `Bearer ${endpoint.token}`;
    const text = body === undefined ? undefined : JSON.stringify(body);
    if (text !== undefined) {
      headers['content-type'] = type;
      // Node frames the body of a DELETE only when it is told its length.
      headers['content-length'] = String(Buffer.byteLength(text));
    }
    const url = new URL(path, endpoint.url);
    const options = { method, headers, timeout: REQUEST_LIMIT_MS };
    const request =
      endpoint.ca === undefined
        ? requestHttp(url, options)
        : requestHttps(url, { ...options, agent: agentFor(endpoint.ca) });
    request.once('error', reject);
    request.once('timeout', () => request.destroy(new Error(`no answer from ${url} in ${REQUEST_LIMIT_MS} ms`)));
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.end(text);
  });
}

/** A document that must be there; a server that asks for patience gets some. */
export async function getJson(endpoint: Endpoint, path: string): Promise<unknown> {
  let answer = await ask(endpoint, 'GET', path);
  for (let tried = 1; answer.status === 429 && tried < BUSY_TRIES; tried += 1) {
    await sleep(BUSY_WAIT_MS);
    answer = await ask(endpoint, 'GET', path);
  }
  if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body);
}
