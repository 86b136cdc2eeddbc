import type { KubeObject } from '../../../objects/json.ts';
import { groupOf, type ResourceName, resourceName } from '../../../objects/key.ts';
import type { StoreChange } from '../../storage/store.ts';
import { resource } from '../hands.ts';

export const XRDS = resource('compositeresourcedefinitions.apiextensions.crossplane.io');
export const COMPOSITIONS = resource('compositions.apiextensions.crossplane.io');
export const REVISIONS = resource('compositionrevisions.apiextensions.crossplane.io');
export const CRDS = resource('customresourcedefinitions.apiextensions.k8s.io');
export const SECRETS = resource('secrets');

interface Names {
  readonly kind: string;
  readonly plural: string;
  readonly singular?: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}
export interface Xrd extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly scope?: string;
    readonly names: Names;
    readonly claimNames?: Names;
    readonly connectionSecretKeys?: readonly string[];
    readonly defaultCompositionRef?: { readonly name: string };
    readonly enforcedCompositionRef?: { readonly name: string };
    readonly defaultCompositeDeletePolicy?: string;
    readonly defaultCompositionUpdatePolicy?: string;
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly referenceable: boolean;
      readonly schema?: { readonly openAPIV3Schema?: Readonly<Record<string, unknown>> };
      readonly additionalPrinterColumns?: readonly object[];
    }[];
  };
}
interface Crd extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: Names;
    readonly versions: readonly { readonly name: string; readonly storage: boolean }[];
  };
}
export const compositeResource = (xrd: Xrd): ResourceName => resourceName(xrd.spec.group, xrd.spec.names.plural);
export const claimResource = (xrd: Xrd): ResourceName | undefined =>
  xrd.spec.claimNames === undefined ? undefined : resourceName(xrd.spec.group, xrd.spec.claimNames.plural);

/** Which resources are claims, composites and managed resources now, and the resource of a kind; kept by changes. */
export class KnownKinds {
  readonly composites = new Map<ResourceName, Xrd>();
  readonly claims = new Map<ResourceName, Xrd>();
  /** Custom resources of the category `managed`. */
  readonly managed = new Set<ResourceName>();
  readonly #byKind = new Map<string, ResourceName>();

  note({ kind, now }: StoreChange): void {
    if (now.resource === XRDS) this.#noteXrd(now.object as Xrd, kind !== 'deleted');
    else if (now.resource === CRDS) this.#noteCrd(now.object as Crd, kind !== 'deleted');
  }

  /** Undefined for a kind that no definition serves. */
  resourceOf(apiVersion: string, kind: string): ResourceName | undefined {
    const group = groupOf(apiVersion);
    const known = this.#byKind.get(`${kind}.${group}`);
    if (known !== undefined) return known;
    // Built-in kinds, which a composite of 2.x may hold: their plurals are regular but for these.
    const plural = kind
      .toLowerCase()
      .replace(/(s|x|ch)$/, '$1e')
      .replace(/([^aeo])y$/, '$1ie');
    return group === '' || group.endsWith('.k8s.io') || !group.includes('.')
      ? resourceName(group, `${plural}s`)
      : undefined;
  }

  #noteXrd(xrd: Xrd, there: boolean): void {
    const claim = claimResource(xrd);
    if (there) {
      this.composites.set(compositeResource(xrd), xrd);
      if (claim !== undefined) this.claims.set(claim, xrd);
    } else {
      this.composites.delete(compositeResource(xrd));
      if (claim !== undefined) this.claims.delete(claim);
    }
  }

  #noteCrd({ spec: { group, names } }: Crd, there: boolean): void {
    const name = resourceName(group, names.plural);
    if (!there) {
      this.#byKind.delete(`${names.kind}.${group}`);
      this.managed.delete(name);
      return;
    }
    this.#byKind.set(`${names.kind}.${group}`, name);
    if (names.categories?.includes('managed')) this.managed.add(name);
  }
}

/** A key of a queue: `xsqls.demo.io my-db-dd57h`, `sqlclaims.demo.io team-a/my-db`. */
export const queueKey = (resource: ResourceName, object: KubeObject): string =>
  `${resource} ${object.metadata.namespace === undefined ? '' : `${object.metadata.namespace}/`}${object.metadata.name}`;
export function ofQueueKey(key: string): { resource: ResourceName; namespace: string | undefined; name: string } {
  const [name = '', path = ''] = key.split(' ');
  const slash = path.indexOf('/');
  return {
    resource: name as ResourceName,
    namespace: slash < 0 ? undefined : path.slice(0, slash),
    name: path.slice(slash + 1),
  };
}
