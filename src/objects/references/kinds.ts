/** Kinds that references of the built-in kinds name by kind: `resource`, or `resource` with a leading `+` for cluster scope. */
const KINDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {
    ConfigMap: 'configmaps',
    Endpoints: 'endpoints',
    Namespace: '+namespaces',
    Node: '+nodes',
    PersistentVolume: '+persistentvolumes',
    PersistentVolumeClaim: 'persistentvolumeclaims',
    Pod: 'pods',
    ReplicationController: 'replicationcontrollers',
    Secret: 'secrets',
    Service: 'services',
    ServiceAccount: 'serviceaccounts',
  },
  apps: {
    DaemonSet: 'daemonsets',
    Deployment: 'deployments',
    ReplicaSet: 'replicasets',
    StatefulSet: 'statefulsets',
  },
  batch: { CronJob: 'cronjobs', Job: 'jobs' },
  'networking.k8s.io': { Ingress: 'ingresses', IngressClass: '+ingressclasses' },
  'rbac.authorization.k8s.io': {
    ClusterRole: '+clusterroles',
    ClusterRoleBinding: '+clusterrolebindings',
    Role: 'roles',
    RoleBinding: 'rolebindings',
  },
  'snapshot.storage.k8s.io': { VolumeSnapshot: 'volumesnapshots' },
  'storage.k8s.io': { StorageClass: '+storageclasses' },
};

/** The plural and the scope of a built-in kind; undefined for every other. */
export function builtinResource(
  group: string,
  kind: string,
): { readonly resource: string; readonly namespaced: boolean } | undefined {
  const kinds = Object.hasOwn(KINDS, group) ? KINDS[group] : undefined;
  const text = kinds !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (text === undefined) return undefined;
  return text.startsWith('+') ? { resource: text.slice(1), namespaced: false } : { resource: text, namespaced: true };
}
