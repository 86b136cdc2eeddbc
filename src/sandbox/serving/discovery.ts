import { hash } from 'node:crypto';
import type { Json, JsonObject, MutableJsonObject } from '../../objects/json.ts';
import type { Catalog } from '../api/catalog.ts';
import { apiVersionOf, type ServedKind } from '../api/served-kind.ts';
import { recordedAggregated, recordedDocument } from '../recorded/recorded.ts';
import { acceptedTypes } from './media.ts';

export const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Whether the client would rather have the aggregated documents; v2beta1 is gone since 1.33. */
export function wantsAggregated(accept: string | undefined): boolean {
  for (const { type, parameters } of acceptedTypes(accept)) {
    if (type === 'application/json' && parameters.get('as') === 'APIGroupDiscoveryList') {
      if (parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('v') === 'v2') return true;
      continue;
    }
    if (type === 'application/json' || type === '*/*' || type === 'application/*') return false;
  }
  return false;
}

/** Discovery documents: as recorded, with what definitions add. */
export class DiscoveryDocuments {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** The document at a path of discovery, or undefined when there is none. */
  document(path: string): JsonObject | undefined {
    if (path === '/') return this.#root();
    if (path === '/apis') return this.#groups();
    const recorded = recordedDocument(path);
    const [, root, group, version] = path.split('/');
    if (root !== 'apis' || group === undefined) return recorded;
    if (version === undefined) return this.#group(group) ?? recorded;
    return this.#resources(group, version, recorded);
  }

  aggregated(path: '/api' | '/apis'): JsonObject {
    const recorded = recordedAggregated(path);
    if (path === '/api') return recorded;
    const items = (recorded.items as readonly JsonObject[]).slice();
    for (const group of this.#customGroups()) items.push(this.#aggregatedGroup(group));
    return { ...recorded, items };
  }

  /** Whether the server has this group by itself. */
  isBuiltIn(group: string): boolean {
    return group === '' || recordedDocument(`/apis/${group}`) !== undefined;
  }

  #customGroups(): readonly string[] {
    const found = new Set<string>();
    for (const kind of this.#catalog.custom()) found.add(kind.group);
    return [...found].sort();
  }

  #kindsOf(group: string): readonly ServedKind[] {
    return [...this.#catalog.custom()]
      .filter((kind) => kind.group === group)
      .sort((a, b) => (a.plural < b.plural ? -1 : 1));
  }

  #versionsOf(group: string): readonly string[] {
    const found = new Set<string>();
    for (const kind of this.#kindsOf(group)) for (const version of kind.versions.keys()) found.add(version);
    return [...found].sort(compareVersions);
  }

  /** Every path that is served. */
  #root(): JsonObject {
    const recorded = recordedDocument('/') as JsonObject;
    const own = this.#customGroups().flatMap((group) => [
      `/apis/${group}`,
      ...this.#versionsOf(group).map((version) => `/apis/${group}/${version}`),
    ]);
    return { ...recorded, paths: [...(recorded.paths as readonly string[]), ...own].sort() };
  }

  #groups(): JsonObject {
    const recorded = recordedDocument('/apis') as JsonObject;
    const groups = (recorded.groups as readonly Json[]).slice();
    for (const group of this.#customGroups()) groups.push(this.#groupEntry(group));
    return { ...recorded, groups };
  }

  #group(group: string): JsonObject | undefined {
    if (this.#kindsOf(group).length === 0) return undefined;
    return { kind: 'APIGroup', apiVersion: 'v1', ...this.#groupEntry(group) };
  }

  #groupEntry(group: string): JsonObject {
    const versions = this.#versionsOf(group).map((version) => ({ groupVersion: `${group}/${version}`, version }));
    return { name: group, versions, preferredVersion: versions[0] as JsonObject };
  }

  #resources(group: string, version: string, recorded: JsonObject | undefined): JsonObject | undefined {
    const resources: Json[] = [];
    for (const kind of this.#kindsOf(group)) resources.push(...entriesOf(kind, version));
    if (resources.length === 0) return recorded;
    return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${group}/${version}`, resources };
  }

  #aggregatedGroup(group: string): JsonObject {
    const kinds = this.#kindsOf(group);
    return {
      metadata: { name: group },
      versions: this.#versionsOf(group).map((version) => ({
        version,
        resources: kinds.flatMap((kind) => aggregatedEntry(kind, version)),
        freshness: 'Current',
      })),
    };
  }
}

function entriesOf(kind: ServedKind, version: string): readonly Json[] {
  const served = kind.versions.get(version);
  if (served === undefined) return [];
  const entry: MutableJsonObject = {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: [...served.verbs],
    ...(kind.shortNames.length === 0 ? {} : { shortNames: [...kind.shortNames] }),
    ...(kind.categories.length === 0 ? {} : { categories: [...kind.categories] }),
    storageVersionHash: storageHash(kind),
  };
  const subs = [...served.subresources.values()].map((sub) => ({
    name: `${kind.plural}/${sub.name}`,
    singularName: '',
    namespaced: kind.namespaced,
    ...(sub.group === kind.group && sub.version === version ? {} : { group: sub.group, version: sub.version }),
    kind: sub.kind,
    verbs: [...sub.verbs],
  }));
  return [entry, ...subs];
}

function aggregatedEntry(kind: ServedKind, version: string): readonly JsonObject[] {
  const served = kind.versions.get(version);
  if (served === undefined) return [];
  return [
    {
      resource: kind.plural,
      responseKind: { group: kind.group, version, kind: kind.kind },
      scope: kind.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: kind.singular,
      verbs: [...served.verbs],
      ...(kind.shortNames.length === 0 ? {} : { shortNames: [...kind.shortNames] }),
      ...(kind.categories.length === 0 ? {} : { categories: [...kind.categories] }),
      ...(served.subresources.size === 0
        ? {}
        : {
            subresources: [...served.subresources.values()].map((sub) => ({
              subresource: sub.name,
              responseKind: { group: sub.group, version: sub.version, kind: sub.kind },
              verbs: [...sub.verbs],
            })),
          }),
    },
  ];
}

/** First eight bytes of SHA-256 over group/version/kind, as the server tells clients how a kind is stored. */
function storageHash(kind: ServedKind): string {
  return hash('sha256', `${apiVersionOf(kind.group, kind.storageVersion)}/${kind.kind}`, 'buffer')
    .subarray(0, 8)
    .toString('base64');
}

/** v2 before v1 before v1beta2 before v1alpha1 before anything else. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [rank(a), rank(b)];
  if (x === undefined || y === undefined) return x === y ? (a < b ? -1 : a > b ? 1 : 0) : x === undefined ? 1 : -1;
  return y.stage - x.stage || y.major - x.major || y.minor - x.minor;
}

function rank(version: string): { stage: number; major: number; minor: number } | undefined {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) return undefined;
  const stage = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
  return { stage, major: Number(match[1]), minor: Number(match[3] ?? 0) };
}
