import type { KubeObject } from './captured.ts';

/** Where a resource's objects lie in etcd. */
export interface StoredResource {
  readonly group: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly custom: boolean;
}

/** Built-in resources whose place still bears the name that they had at first. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  endpoints: 'services/endpoints',
  'ingresses.networking.k8s.io': 'ingress',
  nodes: 'minions',
  replicationcontrollers: 'controllers',
  services: 'services/specs',
};

/** These are served by the API servers inside the API server, which store as they do for custom resources. */
const WITH_GROUP = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);

/**
 * Built-in resources lie under their bare name whatever their group, custom ones under group and name. Two built-in
 * resources never share a name, except that events are served by two groups from one place.
 */
export function storagePrefix({ group, plural, custom }: StoredResource): string {
  if (custom || WITH_GROUP.has(group)) return `/registry/${group}/${plural}/`;
  const qualified = group === '' ? plural : `${plural}.${group}`;
  return `/registry/${OLD_NAMES[qualified] ?? plural}/`;
}

export function storageKey(resource: StoredResource, { metadata }: KubeObject): string {
  const prefix = storagePrefix(resource);
  if (!resource.namespaced) return prefix + metadata.name;
  if (metadata.namespace === undefined) throw new Error(`${resource.plural} ${metadata.name} lacks its namespace`);
  return `${prefix}${metadata.namespace}/${metadata.name}`;
}
