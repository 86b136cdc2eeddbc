import { ownedBy, type Pick, type Rule, resources, system } from './language.ts';

const cluster = resources('clusters.postgresql.cnpg.io');
const scheduled = resources('scheduledbackups.postgresql.cnpg.io');
const pooler = resources('poolers.postgresql.cnpg.io');
const secretOf = (path: string): Rule => ({
  kind: 'refers',
  on: cluster,
  path,
  to: 'secrets' as never,
  strength: 'soft',
  code: 'CNPG-REFERS',
  why: 'a missing Secret blocks Pods, archiving or recovery (postgres 1.5)',
});
const ofCluster = (name: string): Rule => ({
  kind: 'refers',
  on: resources(`${name}.postgresql.cnpg.io`),
  path: '/spec/cluster/name',
  to: 'clusters.postgresql.cnpg.io' as never,
  strength: 'hard',
  code: 'CNPG-OF-CLUSTER',
  why: 'it speaks of a Cluster, which must be there first',
});
const members: readonly Pick[] = [{ groups: ['postgresql.cnpg.io', 'barmancloud.cnpg.io'] }];

/** CloudNativePG: the Cluster first, everything that it owns relinked to it, its data by the database's own means. */
export const cnpg = system({
  id: 'cnpg',
  title: 'CloudNativePG',
  tried: ['1.30.0'],
  facts: ['lab 5', 'postgres 1'],
  members,
  rules: [
    {
      kind: 'omit',
      on: ownedBy(cluster, 'persistentvolumeclaims'),
      origin: 'database',
      boundToo: true,
      code: 'CNPG-VOLUME',
      why: 'an empty volume would be adopted as a restored instance and no bootstrap would ever run (lab 5)',
    },
    {
      kind: 'omit',
      on: ownedBy(cluster, 'jobs.batch', 'pods'),
      origin: 'controller',
      code: 'CNPG-MADE-AGAIN',
      why: 'the operator makes it again for the new volume',
    },
    {
      kind: 'omit',
      on: resources('backups.postgresql.cnpg.io'),
      origin: 'nowhere',
      code: 'CREATION-IS-A-COMMAND',
      why: 'without status it starts a backup; the base backup itself stays in the object store (postgres 1)',
    },
    {
      kind: 'later',
      on: scheduled,
      path: '/spec/suspend',
      value: true,
      until: 'released',
      code: 'SCHEDULE-HELD',
      why: 'with `immediate` it would back up an empty database over the good one (postgres 1)',
    },
    {
      kind: 'status',
      on: cluster,
      keep: false,
      code: 'CNPG-STATUS',
      why: 'with it and without volumes the operator refuses to create the primary: unrecoverable (postgres 1.3)',
    },
    {
      kind: 'remove',
      on: cluster,
      path: '/metadata/annotations/cnpg.io~1fencedInstances',
      code: 'CNPG-FENCED',
      why: 'it fences instances of the lost cluster by their serial number',
    },
    {
      kind: 'data',
      on: cluster,
      code: 'CNPG-EMPTY',
      why: 'it would come back empty: its data lives in no object, and no database recovery has been carried out',
    },
    {
      kind: 'ready',
      on: cluster,
      ready: {
        kind: 'all',
        of: [
          { kind: 'equals', path: '/status/phase', value: 'Cluster in healthy state' },
          { kind: 'condition', type: 'Ready', status: 'True' },
        ],
      },
      needsKubelet: true,
      code: 'CNPG-HEALTHY',
      why: 'phase and condition together (postgres 1.4)',
    },
    secretOf('/spec/superuserSecret/name'),
    secretOf('/spec/bootstrap/*/secret/name'),
    secretOf('/spec/certificates/*'),
    secretOf('/spec/imagePullSecrets/*/name'),
    secretOf('/spec/managed/roles/*/passwordSecret/name'),
    secretOf('/spec/backup/barmanObjectStore/*/*/name'),
    secretOf('/spec/backup/barmanObjectStore/endpointCA/name'),
    secretOf('/spec/externalClusters/*/*/name'),
    secretOf('/spec/externalClusters/*/barmanObjectStore/*/*/name'),
    {
      kind: 'refers',
      on: cluster,
      path: '/spec/imageCatalogRef',
      strength: 'soft',
      code: 'CNPG-REFERS',
      why: 'names its image by the catalog',
    },
    {
      kind: 'refers',
      on: cluster,
      path: '/spec/monitoring/customQueriesConfigMap/*/name',
      to: 'configmaps' as never,
      strength: 'soft',
      code: 'CNPG-REFERS',
      why: 'reads its queries from it',
    },
    ...['poolers', 'databases', 'databaseroles', 'publications', 'subscriptions', 'scheduledbackups'].map(ofCluster),
    {
      kind: 'status',
      on: resources(
        ...['databases', 'databaseroles', 'publications', 'subscriptions'].map((one) => `${one}.postgresql.cnpg.io`),
      ),
      keep: false,
      code: 'CNPG-APPLIED',
      why: 'it says that its generation was applied, so the instance would never make it in a database that comes back without it',
    },
    {
      kind: 'status',
      on: pooler,
      keep: false,
      code: 'CNPG-POOLER-STATUS',
      why: 'it names resource versions of the lost cluster',
    },
  ],
  control: {
    workloads: [
      { resource: 'deployments.apps' as never, label: { name: 'app.kubernetes.io/name', value: 'cloudnative-pg' } },
      { resource: 'deployments.apps' as never, image: '(^|/)cloudnative-pg(-testing)?[:@]' },
    ],
    webhooks: ['cnpg-mutating-webhook-configuration', 'cnpg-validating-webhook-configuration'],
    startsWithWebhooks: true,
  },
});
