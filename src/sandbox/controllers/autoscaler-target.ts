import { isJsonObject, type JsonObject, type KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { getAt } from '../../objects/pointer.ts';
import type { ObjectApi } from '../api/api.ts';
import { DEFINITIONS } from '../kinds/custom-resource-definitions.ts';
import { specOf } from '../schema/structural/definition.ts';
import { kindPlace } from './kind-mapping.ts';

/** What an autoscaler aims at: an object that has replicas. */
export interface ScaleTarget {
  readonly resource: ResourceName;
  readonly object: KubeObject;
  readonly replicas: number;
  /** Whether its scale says which Pods it counts. */
  readonly selects: boolean;
  /** The object with other replicas. */
  with(replicas: number): KubeObject;
}
export interface TargetReference {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
}

/** The target, or the error in the words of the real controller. */
export function scaleTarget(
  api: ObjectApi,
  namespace: string | undefined,
  { apiVersion = '', kind, name }: TargetReference,
): ScaleTarget | string {
  const place = kindPlace(api, apiVersion, kind);
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  if (place === undefined) return `no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`;
  const { resource } = place;
  const object = api.get(resource, namespace, name);
  const paths = pathsOf(api, resource, apiVersion);
  if (paths === undefined) return 'the server could not find the requested resource';
  if (object === undefined) return `${resource} ${JSON.stringify(name)} not found`;
  return {
    resource,
    object,
    replicas: Number(getAt(object, paths.replicas) ?? 0),
    selects: paths.selector !== undefined && (getAt(object, paths.selector) ?? '') !== '',
    with: (replicas) => put(object as unknown as JsonObject, paths.replicas.slice(1).split('/'), replicas),
  };
}

interface Paths {
  readonly replicas: string;
  readonly selector: string | undefined;
}

const BUILT_IN_SCALES: readonly string[] = [
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'replicationcontrollers',
];

/** Where objects of the resource keep what their scale says; undefined: they have none. */
function pathsOf(api: ObjectApi, resource: ResourceName, apiVersion: string): Paths | undefined {
  const definition = api.get(DEFINITIONS, undefined, resource);
  if (definition === undefined)
    return BUILT_IN_SCALES.includes(resource) ? { replicas: '/spec/replicas', selector: '/spec/selector' } : undefined;
  const version = specOf(definition).versions.find(({ name }) => apiVersion.endsWith(`/${name}`));
  const scale = version?.subresources?.scale;
  if (scale === undefined) return undefined;
  const pointer = (path: string): string => path.replaceAll('.', '/');
  return {
    replicas: pointer(scale.specReplicasPath),
    selector: scale.labelSelectorPath === undefined ? undefined : pointer(scale.labelSelectorPath),
  };
}

function put(object: JsonObject, [first = '', ...rest]: readonly string[], value: number): KubeObject {
  const inner = object[first];
  const next = rest.length === 0 ? value : put(isJsonObject(inner) ? inner : {}, rest, value);
  return { ...object, [first]: next } as unknown as KubeObject;
}
