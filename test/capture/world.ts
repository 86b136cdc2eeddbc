import { ScriptedCluster, type ScriptedObject, type ScriptedResource } from './scripted-cluster.ts';

let uids = 0;
export function object(name: string, more: Partial<ScriptedObject> = {}): ScriptedObject {
  const uid = `${(++uids).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  return { name, uid, ...more };
}

export interface CrdScript {
  readonly group: string;
  readonly plural: string;
  readonly versions: readonly string[];
  readonly served?: readonly string[];
  readonly storage: string;
  readonly webhook?: boolean;
  readonly established?: boolean;
  readonly born?: number;
}
export function crd({
  group,
  plural,
  versions,
  served,
  storage,
  webhook = false,
  established = true,
  born = 0,
}: CrdScript) {
  const spec = {
    group,
    names: { plural, kind: 'Thing' },
    scope: 'Namespaced',
    versions: versions.map((name) => ({ name, served: served?.includes(name) ?? true, storage: name === storage })),
    conversion: { strategy: webhook ? 'Webhook' : 'None' },
  };
  const status = {
    conditions: [{ type: 'Established', status: established ? 'True' : 'False' }],
    storedVersions: versions,
  };
  return object(`${plural}.${group}`, { born, body: { spec, status } });
}
export function apiService(group: string, version: string, service: string | undefined): ScriptedObject {
  const target = service === undefined ? {} : { service: { name: service, namespace: 'kube-system' } };
  return object(`${version}.${group}`, { body: { spec: { group, version, ...target } } });
}

export interface WorldParts {
  readonly namespaces?: Partial<ScriptedResource>;
  readonly crds?: readonly ScriptedObject[];
  readonly services?: readonly ScriptedObject[];
  readonly crdScript?: Pick<ScriptedResource, 'script'>;
}
/** A cluster with what every cluster has, and what the story needs. */
export function world(more: readonly ScriptedResource[], parts: WorldParts = {}): ScriptedCluster {
  return new ScriptedCluster([
    {
      group: '',
      versions: ['v1'],
      resource: 'namespaces',
      kind: 'Namespace',
      namespaced: false,
      objects: [object('default'), object('kube-system')],
      ...parts.namespaces,
    },
    {
      group: 'apiextensions.k8s.io',
      versions: ['v1'],
      resource: 'customresourcedefinitions',
      kind: 'CustomResourceDefinition',
      namespaced: false,
      objects: parts.crds ?? [],
      ...parts.crdScript,
    },
    {
      group: 'apiregistration.k8s.io',
      versions: ['v1'],
      resource: 'apiservices',
      kind: 'APIService',
      namespaced: false,
      objects: parts.services ?? [],
    },
    ...more,
  ]);
}
export const configMaps = (
  objects: readonly ScriptedObject[],
  more: Partial<ScriptedResource> = {},
): ScriptedResource => ({
  group: '',
  versions: ['v1'],
  resource: 'configmaps',
  kind: 'ConfigMap',
  objects,
  ...more,
});
export const things = (objects: readonly ScriptedObject[], more: Partial<ScriptedResource> = {}): ScriptedResource => ({
  group: 'example.org',
  versions: ['v2', 'v1'],
  resource: 'things',
  kind: 'Thing',
  objects,
  ...more,
});
