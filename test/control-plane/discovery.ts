import { type Endpoint, getJson } from './api.ts';
import type { Discovery } from './captured.ts';

interface GroupList {
  readonly groups: readonly {
    readonly versions: readonly { readonly groupVersion: string }[];
    readonly preferredVersion: { readonly groupVersion: string };
  }[];
}

/** Every resource list of a server: of all versions, or of the preferred one of each group. */
export async function discover(endpoint: Endpoint, versions: 'all' | 'preferred'): Promise<Discovery> {
  const { groups } = (await getJson(endpoint, '/apis')) as GroupList;
  const wanted = groups.flatMap((group) => (versions === 'all' ? group.versions : [group.preferredVersion]));
  const paths = ['/api/v1', ...wanted.map(({ groupVersion }) => `/apis/${groupVersion}`)];
  const lists = await Promise.all(paths.map(async (path) => [path, await getJson(endpoint, path)] as const));
  return Object.fromEntries(lists);
}
