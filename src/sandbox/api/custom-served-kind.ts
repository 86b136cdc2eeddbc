import type { CustomKind } from '../schema/structural/custom-kind.ts';
import { apiVersionOf, type ServedKind, type ServedSubresource, type ServedVersion } from './served-kind.ts';

const SUBRESOURCE_VERBS = ['get', 'patch', 'update'];

/** A custom kind in the shape that all kinds have. */
export function customServedKind(custom: CustomKind): ServedKind {
  const { group, resource, storageVersion, verbs } = custom;
  const versions = new Map<string, ServedVersion>();
  for (const { name, served, deprecation } of custom.versions) {
    if (!served) continue;
    const subresources = new Map<string, ServedSubresource>();
    if (custom.hasStatus(name))
      subresources.set('status', { name: 'status', group, version: name, kind: custom.kind, verbs: SUBRESOURCE_VERBS });
    if (custom.scale(name) !== undefined)
      subresources.set('scale', {
        name: 'scale',
        group: 'autoscaling',
        version: 'v1',
        kind: 'Scale',
        verbs: SUBRESOURCE_VERBS,
      });
    versions.set(name, { name, verbs, deprecation, subresources });
  }
  return {
    resource,
    storedAs: resource,
    group,
    plural: custom.plural,
    singular: custom.singular,
    kind: custom.kind,
    listKind: custom.listKind,
    namespaced: custom.namespaced,
    shortNames: custom.shortNames,
    categories: custom.categories,
    versions,
    storageApiVersion: apiVersionOf(group, storageVersion),
    storageVersion,
    rules: undefined,
    custom,
  };
}
