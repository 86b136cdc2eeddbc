import type { JsonObject, KubeObject } from '../../../objects/json.ts';
import { timestamp } from '../../clock.ts';
import type { ControllerContext } from '../controller.ts';
import type { Hands } from '../hands.ts';
import type { Condition, Pod } from '../shapes.ts';
import {
  CLAIMS,
  CLUSTERS,
  hasCondition,
  isOwnedBy,
  JOBS,
  MARKS,
  nameOf,
  namespaceOf,
  type PgCluster,
  PHASES,
  PODS,
  SECRETS,
  serialOf,
} from './cluster.ts';
import { instanceName } from './instance-objects.ts';
import { majorOf } from './support-objects.ts';

export interface WantedCondition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}
export const BOOTSTRAPPED: WantedCondition = {
  type: 'Initialized',
  status: 'True',
  reason: 'BootstrapCompleted',
  message: 'Cluster has been bootstrapped',
};

/** What belongs to a Cluster by its name as owner. */
export interface Managed {
  readonly pods: readonly Pod[];
  readonly claims: readonly KubeObject[];
  readonly jobs: readonly Job[];
}
export interface Job extends KubeObject {
  readonly status?: { readonly succeeded?: number; readonly conditions?: readonly Condition[] };
}
export function managedOf({ api }: ControllerContext, cluster: PgCluster): Managed {
  const mine = (object: KubeObject): boolean => isOwnedBy(object, cluster);
  const namespace = namespaceOf(cluster);
  return {
    pods: ([...api.list(PODS, namespace)] as Pod[]).filter(mine),
    claims: [...api.list(CLAIMS, namespace)].filter(mine),
    jobs: ([...api.list(JOBS, namespace)] as Job[]).filter(mine),
  };
}
export const isFinished = (job: Job): boolean => (job.status?.succeeded ?? 0) >= 1;
export const hasFailed = (job: Job): boolean =>
  job.status?.conditions?.some(({ type, status }) => type === 'Failed' && status === 'True') === true;
export const isActive = (pod: Pod): boolean =>
  !['Succeeded', 'Pending', 'Failed'].includes(pod.status?.phase ?? 'Pending') &&
  pod.metadata.deletionTimestamp === undefined;
export const isReadyPod = (pod: Pod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;

const uses = (object: KubeObject, claim: KubeObject): boolean =>
  JSON.stringify(object.spec).includes(JSON.stringify({ claimName: nameOf(claim) }).slice(1, -1));

/** Writes status fields and conditions when they say something else than before. */
export async function statusWith(
  { clock }: ControllerContext,
  hands: Hands,
  cluster: PgCluster,
  fields: JsonObject,
  conditions: readonly WantedCondition[] = [],
): Promise<PgCluster> {
  const all = [...(cluster.status?.conditions ?? [])];
  for (const want of conditions) {
    const at = all.findIndex(({ type }) => type === want.type);
    const before = all[at];
    if (before?.status === want.status && before.reason === want.reason && before.message === want.message) continue;
    const changedAt = before?.status === want.status ? before.lastTransitionTime : undefined;
    const next = { lastTransitionTime: changedAt ?? timestamp(clock.now()), ...want };
    if (at < 0) all.push(next);
    else all[at] = next;
  }
  const status = { ...cluster.status, ...fields, ...(all.length === 0 ? {} : { conditions: all }) };
  if (JSON.stringify(status) === JSON.stringify(cluster.status)) return cluster;
  return (await hands.updateStatus(CLUSTERS, { ...cluster, status })) as PgCluster;
}

/** Phase, its reason, and the Ready condition that follows from it. */
export function registerPhase(
  context: ControllerContext,
  hands: Hands,
  cluster: PgCluster,
  phase: string,
  phaseReason: string,
): Promise<PgCluster> {
  const ready = phase === PHASES.healthy;
  return statusWith(context, hands, cluster, { phase, phaseReason }, [
    ready
      ? { type: 'Ready', status: 'True', reason: 'ClusterIsReady', message: 'Cluster is Ready' }
      : { type: 'Ready', status: 'False', reason: 'ClusterIsNotReady', message: 'Cluster Is Not Ready' },
  ]);
}

/** Counts what belongs to the Cluster and says which volumes have an instance, a Job or nothing. */
export async function resourceStatus(
  context: ControllerContext,
  hands: Hands,
  cluster: PgCluster,
  { pods, claims, jobs }: Managed,
): Promise<PgCluster> {
  const [name, namespace] = [nameOf(cluster), namespaceOf(cluster)];
  const groups: Record<'healthyPVC' | 'initializingPVC' | 'danglingPVC', string[]> = {
    healthyPVC: [],
    initializingPVC: [],
    danglingPVC: [],
  };
  const instances = new Set<string>();
  for (const claim of claims) {
    const serial = serialOf(claim);
    if (serial === undefined || claim.metadata.deletionTimestamp !== undefined) continue;
    instances.add(instanceName(cluster, serial));
    const group = pods.some((pod) => uses(pod, claim))
      ? 'healthyPVC'
      : jobs.some((job) => uses(job, claim) && !isFinished(job))
        ? 'initializingPVC'
        : 'danglingPVC';
    groups[group].push(nameOf(claim));
  }
  const secret = (part: string): string =>
    context.api.get(SECRETS, namespace, `${name}-${part}`)?.metadata.resourceVersion ?? '';
  const names = ['rw', 'r', 'ro'].flatMap((role) =>
    ['', `.${namespace}`, `.${namespace}.svc`, `.${namespace}.svc.cluster.local`].map((end) => `${name}-${role}${end}`),
  );
  const listed = Object.fromEntries(
    Object.entries(groups).flatMap(([field, list]) => (list.length === 0 ? [] : [[field, list.sort()]])),
  );
  const { healthyPVC: _, initializingPVC: __, danglingPVC: ___, ...rest } = cluster.status ?? {};
  const image = cluster.spec.imageName ?? '';
  const fields: JsonObject = {
    ...listed,
    instances: instances.size,
    instanceNames: [...instances].sort(),
    readyInstances: pods.filter((pod) => isActive(pod) && isReadyPod(pod)).length,
    pvcCount: claims.length,
    jobCount: jobs.length,
    writeService: `${name}-rw`,
    readService: `${name}-r`,
    selector: `${MARKS.cluster}=${name},${MARKS.podRole}=instance`,
    image,
    pgDataImageInfo: { image, majorVersion: Number(majorOf(cluster)) },
    certificates: {
      clientCASecret: `${name}-ca`,
      replicationTLSSecret: `${name}-replication`,
      serverAltDNSNames: names,
      serverCASecret: `${name}-ca`,
      serverTLSSecret: `${name}-server`,
    },
    secretsResourceVersion: {
      applicationSecretVersion: secret('app'),
      clientCaSecretVersion: secret('ca'),
      replicationSecretVersion: secret('replication'),
      serverCaSecretVersion: secret('ca'),
      serverSecretVersion: secret('server'),
    },
  };
  const initialized: WantedCondition[] =
    instances.size > 0
      ? [BOOTSTRAPPED]
      : hasCondition(cluster, 'Initialized') ||
          cluster.status?.conditions?.some(({ type }) => type === 'Initialized') === true
        ? []
        : [
            {
              type: 'Initialized',
              status: 'False',
              reason: 'BootstrapPending',
              message: 'Cluster has not been bootstrapped yet',
            },
          ];
  return statusWith(context, hands, { ...cluster, status: rest }, fields, initialized);
}
