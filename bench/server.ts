import { ask, type Endpoint } from '../test/control-plane/api.ts';
import type { ControlPlane } from '../test/control-plane/fixture.ts';

/** What a bench reads of an object to find it again and to see whose it is. */
export interface Found {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
  };
}

/** Every object of a collection, by plain pages: `/api/v1/configmaps`. Shares no code with what is measured. */
export async function readAll<Item = Found>(plane: Endpoint, path: string): Promise<Item[]> {
  const items: Item[] = [];
  let token = '';
  do {
    const { status, body } = await ask(plane, 'GET', `${path}?limit=2000${token === '' ? '' : `&continue=${token}`}`);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${body.slice(0, 300)}`);
    const page = JSON.parse(body) as { metadata: { continue?: string }; items: Item[] };
    for (const item of page.items) items.push(item);
    token = encodeURIComponent(page.metadata.continue ?? '');
  } while (token !== '');
  return items;
}

/** Makes Namespaces and waits for what the controller manager puts into each, so that it does not fall into a measurement. */
export async function makeNamespaces(plane: ControlPlane, names: readonly string[]): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      const { status, body: said } = await ask(plane, 'POST', '/api/v1/namespaces', body);
      if (status !== 201) throw new Error(`namespace ${name}: ${status} ${said}`);
    }),
  );
  if (!plane.controllerManagerRuns) return;
  for (const name of names)
    for (const minted of ['configmaps/kube-root-ca.crt', 'serviceaccounts/default'])
      await until(`${name} had its ${minted}`, 60_000, async () => {
        return (await ask(plane, 'GET', `/api/v1/namespaces/${name}/${minted}`)).status === 200;
      });
}

export async function until(what: string, millis: number, look: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + millis;
  while (!(await look())) {
    if (performance.now() > end) throw new Error(`${millis / 1000} s went by before ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Accepted creations and patches of resources, as the server itself counts them in `apiserver_request_total`. */
export async function countWrites(plane: Endpoint, resources: readonly string[]): Promise<number> {
  const { status, body } = await ask(plane, 'GET', '/metrics');
  if (status !== 200) throw new Error(`GET /metrics: ${status}`);
  let count = 0;
  for (const line of body.split('\n')) {
    if (!line.startsWith('apiserver_request_total{')) continue;
    const label = (name: string): string => new RegExp(`[{,]${name}="([^"]*)"`).exec(line)?.[1] ?? '';
    if (!resources.includes(label('resource')) || !label('code').startsWith('2')) continue;
    if (label('verb') === 'POST' || label('verb') === 'PATCH') count += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return count;
}
