import { createHash } from 'node:crypto';
import { base64, deployment, type Manifest } from './manifests.ts';
import { CLAIMS_HOME, PLATFORM } from './platform.ts';

/** Every tenant's database of the CloudNativePG kind. */
export const DATABASE = 'orders';
const NAMES = [
  'acme',
  'birch',
  'cobalt',
  'delta',
  'ember',
  'fjord',
  'grove',
  'harbor',
  'indigo',
  'juniper',
  'kestrel',
  'lumen',
];
export const tenantNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => {
    const name = NAMES[at % NAMES.length] ?? 'tenant';
    return at < NAMES.length ? name : `${name}-${Math.floor(at / NAMES.length) + 1}`;
  });

/** Where the tenant's database archives: `destinationPath/serverName`. */
export const archiveOf = (tenant: string): string => `s3://company-backups/${tenant}/${DATABASE}`;

export const claim = (tenant: string): Manifest => ({
  apiVersion: `${PLATFORM}/v1`,
  kind: 'Tenant',
  metadata: { name: tenant, namespace: CLAIMS_HOME },
  spec: { size: 'small', writeConnectionSecretToRef: { name: `${tenant}-database` } },
});

/** What a tenant brings itself when its Namespace is there. */
export function applications(tenant: string): readonly Manifest[] {
  const labels = { app: 'web' };
  const key = createHash('sha256').update(`session ${tenant}`).digest('hex').slice(0, 32);
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: tenant }, data: { tenant } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'session', namespace: tenant },
      type: 'Opaque',
      data: { key: base64(key) },
    },
    deployment(tenant, 'web', labels, 'registry.example.org/web:7', 2),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: tenant },
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'postgresql.cnpg.io/v1',
      kind: 'Cluster',
      metadata: { name: DATABASE, namespace: tenant },
      spec: {
        instances: 1,
        imageName: 'registry.example.org/postgresql:17',
        storage: { size: '1Gi' },
        backup: { barmanObjectStore: { destinationPath: `s3://company-backups/${tenant}` } },
      },
    },
  ];
}

export const baseBackup = (tenant: string): Manifest => ({
  apiVersion: 'postgresql.cnpg.io/v1',
  kind: 'Backup',
  metadata: { name: `${DATABASE}-first`, namespace: tenant },
  spec: { cluster: { name: DATABASE } },
});
