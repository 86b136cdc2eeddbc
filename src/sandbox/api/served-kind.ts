import type { ResourceName } from '../../objects/key.ts';
import type { KindRules } from '../kinds/kind-rules.ts';
import type { CustomKind } from '../schema/structural/custom-kind.ts';

/** `status`, `scale`, `token`, ...: what discovery says of one. Group and version are those of its own kind. */
export interface ServedSubresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

export interface ServedVersion {
  readonly name: string;
  readonly verbs: readonly string[];
  /** `Warning` header of every answer in this version. */
  readonly deprecation: string | undefined;
  readonly subresources: ReadonlyMap<string, ServedSubresource>;
}

/** One resource that is served, built in or defined. */
export interface ServedKind {
  readonly resource: ResourceName;
  /** Where its objects lie in the store: Events are served by two groups from one place. */
  readonly storedAs: ResourceName;
  readonly group: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Served versions by name, in order of preference. */
  readonly versions: ReadonlyMap<string, ServedVersion>;
  /** `apps/v1`: the apiVersion of what lies in the store. */
  readonly storageApiVersion: string;
  readonly storageVersion: string;
  readonly rules: KindRules | undefined;
  readonly custom: CustomKind | undefined;
}

export const apiVersionOf = (group: string, version: string): string =>
  group === '' ? version : `${group}/${version}`;

/** Key in the store. */
export const keyOf = (kind: ServedKind, namespace: string | undefined, name: string): string =>
  kind.namespaced ? `${namespace ?? ''}/${name}` : name;

/** Built-in resources whose place in etcd still bears the name that they had at first. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  endpoints: 'services/endpoints',
  'ingresses.networking.k8s.io': 'ingress',
  nodes: 'minions',
  replicationcontrollers: 'controllers',
  services: 'services/specs',
};
const WITH_GROUP: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);

/** The key that the real server would use in etcd: some messages of conflicts name it (lab 8). */
export function registryKey(kind: ServedKind, namespace: string | undefined, name: string): string {
  const { group, plural, custom } = kind;
  const place =
    custom !== undefined || WITH_GROUP.has(group)
      ? `${group}/${plural}`
      : (OLD_NAMES[group === '' ? plural : `${plural}.${group}`] ?? plural);
  return `/registry/${place}/${keyOf(kind, namespace, name)}`;
}
