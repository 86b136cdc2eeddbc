import { randomBytes } from 'node:crypto';
import { type Api, base64, DEFINITIONS, definition, deployment, ownerOf } from './api.ts';

const GROUP = 'postgresql.cnpg.io';
const HOME = 'cnpg-system';
const MANAGER = 'cloudnative-pg';

/** A CloudNativePG cluster of one instance with all that its operator makes for it (lab 5), and the operator. */
export async function makePostgres(api: Api, team: string): Promise<void> {
  await api.make('/api/v1/namespaces', { metadata: { name: HOME } }, 'helm');
  const labels = { 'app.kubernetes.io/name': 'cloudnative-pg' };
  const operator = deployment('cnpg-controller-manager', labels, 'registry.example.org/cloudnative-pg:1.30.0');
  await api.make(`/apis/apps/v1/namespaces/${HOME}/deployments`, operator, 'helm');
  await api.make(DEFINITIONS, definition(GROUP, 'clusters', 'Cluster', 'Namespaced'), 'helm');

  const name = 'silly-demo';
  const clusters = `/apis/${GROUP}/v1/namespaces/${team}/clusters`;
  const cluster = await api.make(
    clusters,
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'Cluster',
      metadata: { name },
      spec: { instances: 1, storage: { size: '1Gi' }, bootstrap: { initdb: { database: 'app', owner: 'app' } } },
    },
    'kubectl-create',
  );
  const owned = (suffix: string) => ({
    name: `${name}${suffix}`,
    labels: { 'cnpg.io/cluster': name },
    ownerReferences: [ownerOf(cluster)],
  });
  const home = `/api/v1/namespaces/${team}`;
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${team}`;
  for (const suffix of ['-app', '-ca', '-replication', '-server']) {
    const data = { password: base64(randomBytes(12).toString('base64url')), username: base64(suffix.slice(1)) };
    await api.make(`${home}/secrets`, { metadata: owned(suffix), data }, MANAGER);
  }
  for (const suffix of ['-r', '-ro', '-rw']) {
    const spec = { selector: { 'cnpg.io/cluster': name }, ports: [{ name: 'postgres', port: 5432 }] };
    await api.make(`${home}/services`, { metadata: owned(suffix), spec }, MANAGER);
  }
  await api.make(`${home}/serviceaccounts`, { metadata: owned('') }, MANAGER);
  const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: [`${name}-app`] }];
  await api.make(`${rbac}/roles`, { metadata: owned(''), rules }, MANAGER);
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
  const subjects = [{ kind: 'ServiceAccount', name, namespace: team }];
  await api.make(`${rbac}/rolebindings`, { metadata: owned(''), roleRef, subjects }, MANAGER);
  const resources = { requests: { storage: '1Gi' } };
  const claim = { metadata: owned('-1'), spec: { accessModes: ['ReadWriteOnce'], resources } };
  await api.make(`${home}/persistentvolumeclaims`, claim, MANAGER);
  const template = {
    spec: { restartPolicy: 'Never', containers: [{ name: 'initdb', image: 'registry.example.org/pg:17' }] },
  };
  await api.make(
    `/apis/batch/v1/namespaces/${team}/jobs`,
    { metadata: owned('-1-initdb'), spec: { template } },
    MANAGER,
  );
  const budget = { minAvailable: 1, selector: { matchLabels: { 'cnpg.io/cluster': name } } };
  await api.make(
    `/apis/policy/v1/namespaces/${team}/poddisruptionbudgets`,
    { metadata: owned('-primary'), spec: budget },
    MANAGER,
  );
  await api.change(
    `${clusters}/${name}/status`,
    { status: { phase: 'Cluster in healthy state', instances: 1 } },
    MANAGER,
  );
}
