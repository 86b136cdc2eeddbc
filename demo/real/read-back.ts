import { ask, type Endpoint, getJson } from '../../test/control-plane/api.ts';
import type { Thing } from './world/api.ts';

/** Everything that a server holds now, by key `resource.group/namespace/name`. */
export type Holding = ReadonlyMap<string, Thing & { readonly path: string }>;

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly verbs: readonly string[] }[];
}
/** What comes and goes by itself, or is no object at all. */
const NOT_READ = ['events', 'leases', 'componentstatuses', 'endpointslices', 'endpoints', 'ipaddresses'];

/** Lists every resource of a server in one version each. */
export async function readBack(endpoint: Endpoint): Promise<Holding> {
  const holding = new Map<string, Thing & { readonly path: string }>();
  const groups = (await getJson(endpoint, '/apis')) as {
    readonly groups: readonly { readonly name: string; readonly preferredVersion: { readonly groupVersion: string } }[];
  };
  const places = [
    { group: '', path: '/api/v1' },
    ...groups.groups.map(({ name, preferredVersion }) => ({
      group: name,
      path: `/apis/${preferredVersion.groupVersion}`,
    })),
  ];
  for (const { group, path } of places) {
    const { resources } = (await getJson(endpoint, path)) as ResourceList;
    for (const { name, kind, verbs } of resources) {
      if (name.includes('/') || !verbs.includes('list') || NOT_READ.includes(name)) continue;
      const list = (await getJson(endpoint, `${path}/${name}`)) as { readonly items: readonly Thing[] };
      for (const item of list.items) {
        const { namespace, name: called } = item.metadata;
        const key = `${group === '' ? name : `${name}.${group}`}/${namespace === undefined ? '' : `${namespace}/`}${called}`;
        const apiVersion = path.replace(/^\/apis?\//, '');
        const own = namespace === undefined ? `${path}/${name}` : `${path}/namespaces/${namespace}/${name}`;
        holding.set(key, { ...item, apiVersion, kind, path: own });
      }
    }
  }
  return holding;
}

/** Whether the very object is still there and is not being deleted. */
export async function lives(endpoint: Endpoint, path: string, uid: string): Promise<boolean> {
  const { status, body } = await ask(endpoint, 'GET', path);
  if (status !== 200) return false;
  const { metadata } = JSON.parse(body) as Thing;
  return metadata.uid === uid && metadata.deletionTimestamp === undefined;
}
