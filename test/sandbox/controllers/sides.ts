import { setTimeout as sleep } from 'node:timers/promises';
import { BUILT_IN_CONTROLLERS } from '../../../src/sandbox/controllers/built-in.ts';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { ask, type Endpoint } from '../../control-plane/api.ts';
import { startControlPlane } from '../../control-plane/fixture.ts';

export interface Thing {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** One of the two servers that a scenario is played on. */
export class Side {
  readonly name: string;
  readonly #endpoint: Endpoint;

  constructor(name: string, endpoint: Endpoint) {
    this.name = name;
    this.#endpoint = endpoint;
  }

  /** The body of the answer; throws when the server refuses. */
  async send(method: string, path: string, body?: unknown, type?: string): Promise<Thing> {
    const answer = await ask(this.#endpoint, method, path, body, type);
    if (answer.status >= 300) throw new Error(`${this.name}: ${method} ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as Thing;
  }

  create(path: string, body: object): Promise<Thing> {
    return this.send('POST', path, body);
  }

  merge(path: string, body: object): Promise<Thing> {
    return this.send('PATCH', path, body, 'application/merge-patch+json');
  }

  async list(path: string): Promise<readonly Thing[]> {
    const list = await this.send('GET', path);
    const { items, kind } = list as unknown as { readonly items: readonly Thing[]; readonly kind: string };
    return items.map((item) => ({ ...item, kind: kind.slice(0, -'List'.length) }));
  }

  /** Asks until it is so; gives up after `seconds`. */
  async until(what: string, hoped: () => Promise<boolean>, seconds = 30): Promise<void> {
    const deadline = performance.now() + seconds * 1000;
    while (!(await hoped())) {
      if (performance.now() > deadline) throw new Error(`${this.name}: not within ${seconds} s: ${what}`);
      await sleep(100);
    }
  }

  /** What the paths list once nothing in them has changed for a while. */
  async rest(paths: readonly string[], quietMs = 1500): Promise<readonly Thing[]> {
    const deadline = performance.now() + 40_000;
    let before = '';
    let since = performance.now();
    for (;;) {
      const things = (await Promise.all(paths.map((path) => this.list(path)))).flat();
      const seen = things.map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`).join('\n');
      if (seen !== before) since = performance.now();
      before = seen;
      if (performance.now() - since > quietMs || performance.now() > deadline) return things;
      await sleep(150);
    }
  }
}

/** The real control plane and the sandbox beside it, both in real time. */
export async function startSides(): Promise<AsyncDisposable & { readonly real: Side; readonly sandbox: Side }> {
  const stack = new AsyncDisposableStack();
  const plane = stack.use(await startControlPlane());
  const sandbox = await startSandbox({ clock: 'real', controllers: BUILT_IN_CONTROLLERS, seed: 1 });
  stack.defer(() => sandbox.close());
  const http = await sandbox.listen();
  stack.defer(() => http.close());
  return {
    real: new Side('real', plane),
    sandbox: new Side('sandbox', { url: http.url, token: http.token }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
