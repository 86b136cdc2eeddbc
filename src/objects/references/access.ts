import { itemsOf, mapOf, type ReferenceList, textOr } from './list.ts';

type Members = Readonly<Record<string, unknown>>;

/** RoleBinding and ClusterRoleBinding. Users and groups are no objects; a subject that does not exist is legal. */
export function binding(list: ReferenceList, object: Members): void {
  const role = mapOf(object.roleRef);
  const group = textOr(role.apiGroup, 'rbac.authorization.k8s.io');
  list.byKind('/roleRef/name', group, role.kind, list.namespace, role.name, { reason: 'grants' });
  for (const { item, at } of itemsOf(object.subjects, '/subjects'))
    if (item.kind === 'ServiceAccount') {
      const namespace = item.namespace ?? list.namespace;
      list.inNamespace(`${at}/name`, 'serviceaccounts', item.name, { reason: 'grants to', optional: true }, namespace);
    }
}

/** A token Secret is nothing without its account: the server deletes it (lab 8). */
export function secret(list: ReferenceList, object: Members): void {
  if (object.type !== 'kubernetes.io/service-account-token') return;
  const annotations = mapOf(mapOf(object.metadata).annotations);
  const account = annotations['kubernetes.io/service-account.name'];
  const path = '/metadata/annotations/kubernetes.io~1service-account.name';
  list.inNamespace(path, 'serviceaccounts', account, { reason: 'holds a token of' });
}

/** Mutating and validating webhook configurations. */
export function webhooks(list: ReferenceList, object: Members): void {
  for (const { item, at } of itemsOf(object.webhooks, '/webhooks'))
    service(list, `${at}/clientConfig/service`, mapOf(item.clientConfig).service, 'asks');
}

/** A `{ namespace, name }` that names a Service. */
export function service(list: ReferenceList, path: string, value: unknown, reason: string): void {
  const { name, namespace } = mapOf(value);
  list.inNamespace(`${path}/name`, 'services', name, { reason }, namespace);
}
