import type { JsonObject } from '../../../objects/json.ts';
import { MARKS, nameOf, namespaceOf, OPERATOR_VERSION, ownerOf, type PgCluster } from './cluster.ts';

export const MANAGED = { 'app.kubernetes.io/managed-by': 'cloudnative-pg' } as const;
export const operatorNote = { [MARKS.operatorVersion]: OPERATOR_VERSION } as const;

/** Labels of what belongs to the database itself. */
export function databaseLabels(cluster: PgCluster): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/component': 'database',
    'app.kubernetes.io/instance': nameOf(cluster),
    'app.kubernetes.io/managed-by': 'cloudnative-pg',
    'app.kubernetes.io/name': 'postgresql',
    'app.kubernetes.io/version': majorOf(cluster),
    [MARKS.cluster]: nameOf(cluster),
  };
}
/** `16` of `ghcr.io/cloudnative-pg/postgresql:16.2`. */
export const majorOf = (cluster: PgCluster): string => /:(\d+)/.exec(cluster.spec.imageName ?? '')?.[1] ?? '18';

const owned = (cluster: PgCluster, name: string, more: JsonObject): JsonObject => ({
  name,
  namespace: namespaceOf(cluster),
  ownerReferences: [ownerOf(cluster)],
  ...more,
});

/** The Services in the order in which they are reconciled: the first that is not the Cluster's is the one that is refused. */
export function servicesOf(
  cluster: PgCluster,
): readonly { readonly name: string; readonly enabled: boolean; readonly body: JsonObject }[] {
  const { managed } = cluster.spec as { managed?: { services?: { disabledDefaultServices?: readonly string[] } } };
  const disabled = managed?.services?.disabledDefaultServices ?? [];
  const ofCluster = { [MARKS.cluster]: nameOf(cluster) };
  const roles: readonly [string, JsonObject, boolean][] = [
    ['any', { ...ofCluster, [MARKS.podRole]: 'instance' }, false],
    ['r', { ...ofCluster, [MARKS.podRole]: 'instance' }, !disabled.includes('r')],
    ['ro', { ...ofCluster, [MARKS.instanceRole]: 'replica' }, !disabled.includes('ro')],
    ['rw', { ...ofCluster, [MARKS.instanceRole]: 'primary' }, true],
  ];
  return roles.map(([role, selector, enabled]) => {
    const name = `${nameOf(cluster)}-${role}`;
    const spec = {
      ports: [{ name: 'postgres', protocol: 'TCP', port: 5432, targetPort: 5432 }],
      selector,
      type: 'ClusterIP',
    };
    const annotations = { ...operatorNote, [MARKS.lastAppliedSpec]: JSON.stringify(spec) };
    const metadata = owned(cluster, name, { labels: databaseLabels(cluster), annotations });
    return { name, enabled, body: { apiVersion: 'v1', kind: 'Service', metadata, spec } };
  });
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Certificates are not made: their Secrets hold words that differ each time, so that a test sees which one stands there. */
export function pkiSecret(cluster: PgCluster, part: 'ca' | 'server' | 'replication', serial: string): JsonObject {
  const word = (what: string): string => base64(`${what} of ${nameOf(cluster)}-${part} ${serial}`);
  const data =
    part === 'ca'
      ? { 'ca.crt': word('certificate'), 'ca.key': word('key') }
      : { 'tls.crt': word('certificate'), 'tls.key': word('key') };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: owned(cluster, `${nameOf(cluster)}-${part}`, { labels: MANAGED }),
    type: part === 'ca' ? 'Opaque' : 'kubernetes.io/tls',
    data,
  };
}

/** The application's Secret: host and addresses hold the names of Cluster and namespace. */
export function appSecret(cluster: PgCluster, user: string, database: string, password: string): JsonObject {
  const [name, namespace] = [nameOf(cluster), namespaceOf(cluster)];
  const host = `${name}-rw`;
  const uri = (at: string): string => `postgresql://${user}:${password}@${at}:5432/${database}`;
  const jdbc = (at: string): string => `jdbc:postgresql://${at}:5432/${database}?password=${password}&user=${user}`;
  const near = `${host}.${namespace}`;
  const far = `${near}.svc.cluster.local`;
  const data: Record<string, string> = {
    dbname: database,
    'fqdn-jdbc-uri': jdbc(far),
    'fqdn-uri': uri(far),
    host,
    'jdbc-uri': jdbc(near),
    password,
    pgpass: `${host}:5432:${database}:${user}:${password}\n`,
    port: '5432',
    uri: uri(near),
    user,
    username: user,
  };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: owned(cluster, `${name}-app`, {
      labels: { ...MANAGED, [MARKS.cluster]: name, 'cnpg.io/reload': 'true', 'cnpg.io/userType': 'app' },
      annotations: operatorNote,
    }),
    type: 'kubernetes.io/basic-auth',
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
  };
}

export function disruptionBudget(cluster: PgCluster): JsonObject {
  const selector = { matchLabels: { [MARKS.cluster]: nameOf(cluster), [MARKS.instanceRole]: 'primary' } };
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: owned(cluster, `${nameOf(cluster)}-primary`, {
      labels: databaseLabels(cluster),
      annotations: operatorNote,
    }),
    spec: { minAvailable: 1, selector },
  };
}

export function serviceAccount(cluster: PgCluster): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: owned(cluster, nameOf(cluster), {
      labels: { ...MANAGED, [MARKS.cluster]: nameOf(cluster) },
      annotations: { 'cnpg.io/managedSecrets': '[]', ...operatorNote },
    }),
  };
}

export function roleOf(cluster: PgCluster): JsonObject {
  const name = nameOf(cluster);
  const own = 'postgresql.cnpg.io';
  const rule = (group: string, verbs: string[], resources: string[], resourceNames?: string[]): JsonObject => ({
    verbs,
    apiGroups: [group],
    resources,
    ...(resourceNames === undefined ? {} : { resourceNames }),
  });
  const secrets = ['app', 'ca', 'replication', 'server', 'superuser'].map((part) => `${name}-${part}`);
  const withStatus = (plural: string): JsonObject[] => [
    rule(own, ['get', 'update', 'list', 'watch'], [plural]),
    rule(own, ['get', 'patch', 'update'], [`${plural}/status`]),
  ];
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: owned(cluster, name, { labels: { ...MANAGED, [MARKS.cluster]: name }, annotations: operatorNote }),
    rules: [
      rule('', ['get', 'watch'], ['configmaps'], ['cnpg-default-monitoring', name]),
      rule('', ['get', 'watch'], ['secrets'], secrets),
      rule(own, ['get', 'list', 'watch'], ['clusters'], [name]),
      rule(own, ['get', 'patch', 'update', 'watch'], ['clusters/status'], [name]),
      rule(own, ['list', 'get', 'delete'], ['backups']),
      rule(own, ['get', 'patch', 'update'], ['backups/status']),
      rule('', ['create', 'patch'], ['events']),
      ...withStatus('databases'),
      ...withStatus('publications'),
      ...withStatus('subscriptions'),
      rule('coordination.k8s.io', ['get', 'update'], ['leases'], [name]),
      rule(own, ['get', 'list', 'watch'], ['failoverquorums'], [name]),
      rule(own, ['get', 'patch', 'update', 'watch'], ['failoverquorums/status'], [name]),
      ...withStatus('databaseroles'),
    ],
  };
}

export function roleBinding(cluster: PgCluster): JsonObject {
  const name = nameOf(cluster);
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: owned(cluster, name, { labels: { ...MANAGED, [MARKS.cluster]: name }, annotations: operatorNote }),
    subjects: [{ kind: 'ServiceAccount', name, namespace: namespaceOf(cluster) }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
  };
}

/** One a namespace, without owner: the operator deletes it when the last Cluster is gone. */
export function monitoringQueries(cluster: PgCluster): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'cnpg-default-monitoring',
      namespace: namespaceOf(cluster),
      labels: { ...MANAGED, 'cnpg.io/reload': 'true' },
      annotations: operatorNote,
    },
    data: { queries: 'backends:\n  query: |\n   SELECT count(*) FROM pg_stat_activity\n' },
  };
}

export function leaseOf(cluster: PgCluster): JsonObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: owned(cluster, nameOf(cluster), {
      labels: { [MARKS.cluster]: nameOf(cluster) },
      annotations: operatorNote,
    }),
    spec: {},
  };
}
