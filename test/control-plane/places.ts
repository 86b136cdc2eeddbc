import { type Discovery, type KubeObject, type ResourceType, resourceTypes, splitApiVersion } from './captured.ts';
import { type StoredResource, storageKey } from './storage-key.ts';

/** Where a captured object goes in the store and under which path the API lists it again. */
export type Placement =
  | { readonly kind: 'placed'; readonly key: string; readonly name: string; readonly listPath: string }
  | { readonly kind: 'left-out'; readonly name: string; readonly why: string };

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly plural: string; readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

export function isDefinition(object: KubeObject): object is KubeObject & Definition {
  return (
    object.kind === 'CustomResourceDefinition' && splitApiVersion(object.apiVersion).group === 'apiextensions.k8s.io'
  );
}

/** The paths at which a definition's versions are to be served, by the plural name that appears there. */
export function servedBy({ spec }: Definition): { readonly path: string; readonly plural: string }[] {
  return spec.versions
    .filter(({ served }) => served)
    .map(({ name }) => ({ path: `/apis/${spec.group}/${name}`, plural: spec.names.plural }));
}

/**
 * Knows the place of each object: custom resources by the definitions among the objects, built-in ones by the
 * captured discovery, provided that the fresh server stores them itself. All else (metrics and whatever other
 * extension servers made up) is in no store of ours and is left out with the reason.
 */
export function placer(objects: readonly KubeObject[], captured: Discovery, fresh: Discovery) {
  const custom = new Map<string, StoredResource & { readonly served: ReadonlySet<string> }>();
  for (const definition of objects.filter(isDefinition)) {
    const { group, scope, names } = definition.spec;
    custom.set(`${group}/${names.kind}`, {
      group,
      plural: names.plural,
      namespaced: scope === 'Namespaced',
      custom: true,
      served: new Set(servedBy(definition).map(({ path, plural }) => `${path}/${plural}`)),
    });
  }
  const known = resourceTypes(captured);
  const storing = resourceTypes(fresh).filter(({ writable }) => writable);
  const stored = new Set(storing.map(pathOf));

  return (object: KubeObject): Placement => {
    const { group, version } = splitApiVersion(object.apiVersion);
    const own = custom.get(`${group}/${object.kind}`);
    const place = (resource: StoredResource, served: ReadonlySet<string>): Placement => {
      const path = listPath(object.apiVersion, resource.plural);
      const name = objectName(group, resource.plural, object);
      // What the server cannot decode would spoil every list of the resource.
      if (!served.has(path)) return { kind: 'left-out', name, why: `the fresh server does not store ${path}` };
      return { kind: 'placed', key: storageKey(resource, object), name, listPath: path };
    };
    if (own !== undefined) return place(own, own.served);
    const sameKind = known.filter((type) => type.group === group && type.kind === object.kind);
    const type = sameKind.find((candidate) => candidate.version === version) ?? sameKind[0];
    if (type === undefined) {
      const why = 'neither the discovery document nor a definition knows its kind';
      return { kind: 'left-out', name: `${object.apiVersion} ${object.kind} ${fullName(object)}`, why };
    }
    return place({ ...type, custom: false }, stored);
  };
}

function listPath(apiVersion: string, plural: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}/${plural}` : `/api/${apiVersion}/${plural}`;
}

/** Where the API lists the objects of a type. */
export function pathOf({ group, version, plural }: ResourceType): string {
  return listPath(group === '' ? version : `${group}/${version}`, plural);
}

/** Such as `deployments.apps a-team/web`. */
export function objectName(group: string, plural: string, object: KubeObject): string {
  return `${group === '' ? plural : `${plural}.${group}`} ${fullName(object)}`;
}

function fullName({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}
