import { type Endpoint, getJson } from './api.ts';
import { type KubeObject, resourceTypes } from './captured.ts';
import { discover } from './discovery.ts';
import { jsonDifferences } from './json-difference.ts';
import { objectName, type Placement, pathOf } from './places.ts';

/** An object of the file and where the API shows it. */
export interface Expected {
  readonly object: KubeObject;
  readonly place: Extract<Placement, { kind: 'placed' }>;
}

export interface Comparison {
  /** Names of the objects that the server serves exactly as the file has them, resourceVersion aside. */
  readonly equal: readonly string[];
  readonly differences: readonly Difference[];
  /** The API server's own Lease, which it renews all the time. */
  readonly heartbeats: readonly string[];
  /** What the fresh server made by itself and the file lacks; Events are not counted. */
  readonly onlyOnServer: readonly string[];
}

export type Difference =
  | { readonly kind: 'missing'; readonly name: string }
  | { readonly kind: 'different'; readonly name: string; readonly paths: readonly string[] };

interface List {
  readonly apiVersion: string;
  readonly kind: string;
  readonly items: readonly KubeObject[];
}

export async function compare(endpoint: Endpoint, expected: readonly Expected[]): Promise<Comparison> {
  const served = await serves(endpoint, [...new Set(expected.map(({ place }) => place.listPath))]);
  const equal: string[] = [];
  const differences: Difference[] = [];
  const heartbeats: string[] = [];
  for (const { object, place } of expected) {
    const { name } = place;
    const present = served.get(`${place.listPath} ${name}`);
    const paths = present === undefined ? [] : jsonDifferences(comparable(object), comparable(present));
    if (isHeartbeat(object)) heartbeats.push(name);
    else if (present === undefined) differences.push({ kind: 'missing', name });
    else if (paths.length > 0) differences.push({ kind: 'different', name, paths });
    else equal.push(name);
  }
  return { equal, differences, heartbeats, onlyOnServer: await strangers(endpoint, expected) };
}

/** Everything under the given paths, as the API lists it, by path and name. */
async function serves(endpoint: Endpoint, paths: readonly string[]): Promise<Map<string, KubeObject>> {
  const served = new Map<string, KubeObject>();
  for (const path of paths) {
    const list = (await getJson(endpoint, path)) as List;
    const plural = path.slice(path.lastIndexOf('/') + 1);
    const group = path.startsWith('/apis/') ? (path.split('/')[2] ?? '') : '';
    for (const item of list.items) {
      // In a list of a built-in kind the items leave out what the list says once for all.
      const object = { ...item, apiVersion: list.apiVersion, kind: item.kind ?? list.kind.replace(/List$/, '') };
      served.set(`${path} ${objectName(group, plural, object)}`, object);
    }
  }
  return served;
}

async function strangers(endpoint: Endpoint, expected: readonly Expected[]): Promise<string[]> {
  const known = new Set(expected.map(({ place }) => place.name));
  const types = resourceTypes(await discover(endpoint, 'preferred'));
  const stored = types.filter(({ listable, writable, kind }) => listable && writable && kind !== 'Event');
  const names: string[] = [];
  for (const [key] of await serves(endpoint, stored.map(pathOf))) {
    const name = key.slice(key.indexOf(' ') + 1);
    if (!known.has(name)) names.push(name);
  }
  return names.sort();
}

function comparable(object: KubeObject): unknown {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function isHeartbeat({ kind, metadata }: KubeObject): boolean {
  return kind === 'Lease' && metadata.labels?.['apiserver.kubernetes.io/identity'] !== undefined;
}
