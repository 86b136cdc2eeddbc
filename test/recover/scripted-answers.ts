import type { Accepted, Rejection, ServedResource, WriteOptions } from '../../src/cluster/port.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../src/objects/json.ts';

export const kind = (
  group: string,
  version: string,
  resource: string,
  kindName: string,
  namespaced: boolean,
  status = false,
): ServedResource => ({
  group,
  version,
  resource,
  kind: kindName,
  namespaced,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: status ? ['status'] : [],
  categories: [],
});
export const BUILT_IN: readonly ServedResource[] = [
  kind('', 'v1', 'namespaces', 'Namespace', false, true),
  kind('', 'v1', 'configmaps', 'ConfigMap', true),
  kind('', 'v1', 'secrets', 'Secret', true),
  kind('', 'v1', 'services', 'Service', true, true),
  kind('', 'v1', 'serviceaccounts', 'ServiceAccount', true),
  kind('', 'v1', 'pods', 'Pod', true, true),
  kind('', 'v1', 'nodes', 'Node', false, true),
  kind('', 'v1', 'persistentvolumes', 'PersistentVolume', false, true),
  kind('', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', true, true),
  kind('apps', 'v1', 'deployments', 'Deployment', true, true),
  kind('apps', 'v1', 'replicasets', 'ReplicaSet', true, true),
  kind('batch', 'v1', 'cronjobs', 'CronJob', true, true),
  kind('rbac.authorization.k8s.io', 'v1', 'clusterroles', 'ClusterRole', false),
  kind('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice', true),
  kind('apiextensions.k8s.io', 'v1', 'customresourcedefinitions', 'CustomResourceDefinition', false, true),
  kind(
    'admissionregistration.k8s.io',
    'v1',
    'validatingwebhookconfigurations',
    'ValidatingWebhookConfiguration',
    false,
  ),
];

export function rejection(
  status: number,
  reason: string,
  message: string,
  causes: Rejection['causes'] = [],
): Rejection {
  return { kind: 'rejected', status, reason, message, causes };
}
export function accepted(status: number, object: KubeObject): Accepted {
  return { kind: 'accepted', status, object: JSON.parse(JSON.stringify(object)) as KubeObject, warnings: [] };
}
export function entryOf(options: WriteOptions, apiVersion: string): ManagedFieldsEntry {
  return {
    manager: options.fieldManager ?? 'unknown',
    operation: 'Update',
    apiVersion,
    time: '2026-11-21T12:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: {},
  };
}
