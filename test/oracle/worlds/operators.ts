import type { Body } from '../places.ts';
import { deployment, namespaceOf, service, volume } from './apps.ts';
import type { Builder, Made } from './builder.ts';
import { identity } from './rights.ts';

const controller = { controller: true, blockOwnerDeletion: true };

/** Claims, composites and managed resources with the connection Secrets that lab 6 describes, and the operator. */
export function crossplane(builder: Builder, namespace: string): void {
  const { random } = builder;
  const home = 'crossplane-system';
  if (!builder.has('namespaces', undefined, home)) {
    namespaceOf(builder, home);
    if (random.chance(80)) deployment(builder, home, 'crossplane', { app: 'crossplane' });
  }
  const composites = builder.define('demo.example.org', 'XSQL', 'Cluster', ['v1alpha1'], ['composite']);
  const claims = builder.define('demo.example.org', 'SQLClaim', 'Namespaced', ['v1alpha1'], ['claim']);
  const databases = builder.define(
    'cloud.example.org',
    'Database',
    'Cluster',
    ['v1beta1', 'v1alpha1'],
    ['managed', 'crossplane'],
  );
  const name = `my-db-${random.word()}`;
  const composite = builder.add(composites, undefined, `${name}-${random.word()}`);
  const claim = random.chance(80) ? builder.add(claims, namespace, name) : undefined;
  const parts: Made[] = [];
  for (let count = random.between(1, 3); count > 0; count--) parts.push(managed(builder, databases, composite, home));
  const refs = parts.map((part) => ({ apiVersion: part.body.apiVersion, kind: 'Database', name: part.name }));
  if (random.chance(6)) refs.push({ apiVersion: 'cloud.example.org/v1beta1', kind: 'Database', name: 'never-made' });
  const secret = { name: composite.uid, namespace: home };
  const reference = claim === undefined ? {} : { claimRef: { ...plain(claim), namespace } };
  composite.body.spec = { resourceRefs: refs, ...reference, writeConnectionSecretToRef: secret };
  composite.body.status = { conditions: [{ type: 'Ready', status: 'True' }] };
  if (claim !== undefined)
    claim.body.spec = { resourceRef: plain(composite), writeConnectionSecretToRef: { name: `${name}-conn` } };
  connection(builder, home, composite.uid, composite);
  if (claim !== undefined) connection(builder, namespace, `${name}-conn`, claim);
  if (random.chance(8)) builder.doom(random.pick(parts) ?? composite);
}

const plain = (made: Made): Body => ({ apiVersion: made.body.apiVersion, kind: made.kind.kind, name: made.name });

function managed(builder: Builder, resource: string, composite: Made, home: string): Made {
  const { random } = builder;
  const made = builder.add(
    resource,
    undefined,
    `${composite.name}-${random.word()}`,
    { status: { atProvider: { id: random.word() } } },
    {
      annotations: {
        'crossplane.io/external-name': `db-${random.word()}`,
        'crossplane.io/external-create-succeeded': '2026-11-21T09:42:56Z',
      },
      generateName: `${composite.name}-`,
    },
  );
  const name = random.one(`${composite.uid}-db-${random.word()}`, made.uid, `conn-${random.word()}`);
  made.body.spec = { deletionPolicy: 'Delete', writeConnectionSecretToRef: { name, namespace: home } };
  builder.own(made, builder.owner(composite, controller));
  if (random.chance(80)) connection(builder, home, name, made);
  return made;
}

function connection(builder: Builder, namespace: string, name: string, owner: Made): void {
  const data = { password: Buffer.from(builder.random.word()).toString('base64') };
  const made = builder.add('secrets', namespace, name, { type: 'connection.crossplane.io/v1alpha1', data });
  builder.own(made, builder.owner(owner, controller));
}

/** A CloudNativePG Cluster with all that the operator makes for it (lab 5), and the operator with its webhook configurations. */
export function cnpg(builder: Builder, namespace: string): void {
  const { random } = builder;
  const home = 'cnpg-system';
  if (!builder.has('namespaces', undefined, home)) {
    namespaceOf(builder, home);
    if (random.chance(80)) operator(builder, home);
  }
  const clusters = builder.define('postgresql.cnpg.io', 'Cluster', 'Namespaced', ['v1']);
  const name = `pg-${random.word()}`;
  const cluster = builder.add(clusters, namespace, name, {
    spec: { instances: 1, bootstrap: { initdb: { database: 'app' } } },
    status: { phase: 'Cluster in healthy state' },
  });
  const own = (made: Made | undefined): void =>
    made === undefined ? undefined : builder.own(made, builder.owner(cluster, { controller: true }));
  for (const part of ['r', 'ro', 'rw']) own(service(builder, namespace, `${name}-${part}`));
  for (const part of ['app', 'ca', 'replication', 'server'])
    own(builder.add('secrets', namespace, `${name}-${part}`, { type: 'Opaque', data: { key: 'c2VjcmV0' } }));
  own(builder.add('serviceaccounts', namespace, name));
  own(builder.add('roles.rbac.authorization.k8s.io', namespace, name, { rules: [] }));
  own(builder.add('poddisruptionbudgets.policy', namespace, `${name}-primary`, { spec: { minAvailable: 1 } }));
  const { claim } = volume(builder, namespace, `${name}-1`);
  own(claim);
  const job = builder.add('jobs.batch', namespace, `${name}-1-initdb`, {
    spec: {},
    status: { conditions: [{ type: 'Complete', status: 'True' }] },
  });
  own(job);
  own(builder.add('pods', namespace, `${name}-1`, { spec: {}, status: { phase: 'Running' } }));
  if (random.chance(40)) {
    const backups = builder.define('postgresql.cnpg.io', 'Backup', 'Namespaced', ['v1']);
    const schedules = builder.define('postgresql.cnpg.io', 'ScheduledBackup', 'Namespaced', ['v1']);
    const schedule = builder.add(schedules, namespace, `${name}-daily`, {
      spec: { schedule: '0 0 0 * * *', cluster: { name }, immediate: true },
    });
    const backup = builder.add(backups, namespace, `${name}-daily-1`, {
      spec: { cluster: { name } },
      status: { phase: 'completed' },
    });
    builder.own(backup, builder.owner(schedule, { controller: true }));
  }
}

function operator(builder: Builder, home: string): void {
  const made = deployment(builder, home, 'cnpg-controller-manager', { 'app.kubernetes.io/name': 'cloudnative-pg' });
  (made.body.spec as Body).replicas = 1;
  const { name } = service(builder, home, 'cnpg-webhook-service');
  for (const kind of ['mutating', 'validating'])
    builder.add(
      `${kind}webhookconfigurations.admissionregistration.k8s.io`,
      undefined,
      `cnpg-${kind}-webhook-configuration`,
      {
        webhooks: [
          {
            name: `${kind}.cnpg.io`,
            clientConfig: { service: { namespace: home, name } },
            rules: [
              {
                apiGroups: ['postgresql.cnpg.io'],
                apiVersions: ['v1'],
                operations: ['CREATE'],
                resources: ['clusters'],
              },
            ],
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
          },
        ],
      },
    );
  identity(builder, home);
}
