import type { JsonObject } from '../../../objects/json.ts';
import { MARKS, nameOf, namespaceOf, ownerOf, type PgCluster } from './cluster.ts';
import { databaseLabels, operatorNote } from './support-objects.ts';

export const instanceName = (cluster: PgCluster, serial: number): string => `${nameOf(cluster)}-${serial}`;

/** The volume of one instance's data. */
export function dataClaim(cluster: PgCluster, serial: number): JsonObject {
  const storage = (cluster.spec.storage ?? {}) as { size?: string; storageClass?: string; pvcTemplate?: JsonObject };
  const name = instanceName(cluster, serial);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace: namespaceOf(cluster),
      labels: {
        'app.kubernetes.io/component': 'database',
        'app.kubernetes.io/managed-by': 'cloudnative-pg',
        'app.kubernetes.io/name': 'postgresql',
        [MARKS.cluster]: nameOf(cluster),
        [MARKS.instanceName]: name,
        [MARKS.pvcRole]: 'PG_DATA',
      },
      annotations: { [MARKS.serial]: String(serial), ...operatorNote, [MARKS.pvcStatus]: 'initializing' },
      ownerReferences: [ownerOf(cluster)],
    },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storage.pvcTemplate ?? {}),
      resources: { requests: { storage: storage.size ?? '1Gi' } },
      ...(storage.storageClass === undefined ? {} : { storageClassName: storage.storageClass }),
    },
  };
}

const podSpec = (cluster: PgCluster, claim: string, container: string, command: string[]): JsonObject => ({
  serviceAccountName: nameOf(cluster),
  securityContext: {
    runAsUser: 26,
    runAsGroup: 26,
    runAsNonRoot: true,
    fsGroup: 26,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  initContainers: [
    {
      name: 'bootstrap-controller',
      image: 'ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0',
      command: ['/manager', 'bootstrap', '/controller/manager', '--log-level=info'],
      ...contained,
    },
  ],
  containers: [
    {
      name: container,
      image: cluster.spec.imageName ?? 'ghcr.io/cloudnative-pg/postgresql:18',
      command,
      ...contained,
      volumeMounts: [{ name: 'pgdata', mountPath: '/var/lib/postgresql/data' }],
    },
  ],
  volumes: [{ name: 'pgdata', persistentVolumeClaim: { claimName: claim } }],
});
const contained = {
  securityContext: {
    capabilities: { drop: ['ALL'] },
    privileged: false,
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    seccompProfile: { type: 'RuntimeDefault' },
  },
} as const;

export type JobRole = 'initdb' | 'full-recovery' | 'pgbasebackup' | 'join';

/** The Job that fills the volume of one instance. Its owner reference blocks the owner's foreground deletion, unlike the others'. */
export function fillingJob(cluster: PgCluster, serial: number, role: JobRole): JsonObject {
  const name = instanceName(cluster, serial);
  const labels = { ...databaseLabels(cluster), [MARKS.instanceName]: name, [MARKS.jobRole]: role };
  const words: Readonly<Record<JobRole, string[]>> = {
    initdb: ['instance', 'init'],
    'full-recovery': ['instance', 'restore'],
    pgbasebackup: ['instance', 'pgbasebackup'],
    join: ['instance', 'join'],
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name}-${role}`,
      namespace: namespaceOf(cluster),
      labels,
      annotations: operatorNote,
      ownerReferences: [{ ...ownerOf(cluster), blockOwnerDeletion: true }],
    },
    spec: {
      template: {
        metadata: { labels, annotations: operatorNote },
        spec: {
          ...podSpec(cluster, name, role, ['/controller/manager', ...words[role]]),
          hostname: `${name}-${role}`,
          restartPolicy: 'Never',
        },
      },
    },
  };
}

/** The Pod of one instance, on a volume that is filled. */
export function instancePod(cluster: PgCluster, serial: number, primary: boolean): JsonObject {
  const name = instanceName(cluster, serial);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: namespaceOf(cluster),
      labels: {
        ...databaseLabels(cluster),
        [MARKS.instanceName]: name,
        [MARKS.podRole]: 'instance',
        ...(primary ? { [MARKS.instanceRole]: 'primary' } : {}),
      },
      annotations: { ...operatorNote, [MARKS.serial]: String(serial) },
      ownerReferences: [{ ...ownerOf(cluster), blockOwnerDeletion: true }],
    },
    spec: {
      ...podSpec(cluster, name, 'postgres', ['/controller/manager', 'instance', 'run']),
      hostname: name,
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 1800,
    },
  };
}
