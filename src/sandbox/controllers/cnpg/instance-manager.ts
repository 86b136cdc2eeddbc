import type { KubeObject } from '../../../objects/json.ts';
import { timestamp } from '../../clock.ts';
import type { Database } from '../../cloud/database.ts';
import type { ControllerContext } from '../controller.ts';
import type { Hands } from '../hands.ts';
import { keyOf, splitKey } from '../queued-controller.ts';
import type { Pod } from '../shapes.ts';
import { after, DONE, type Reconciler, type Turn } from '../turns.ts';
import {
  archiveOf,
  CLAIMS,
  CLUSTERS,
  label,
  MARKS,
  nameOf,
  namespaceOf,
  type PgCluster,
  PODS,
  prefixOf,
  type StorePlace,
} from './cluster.ts';
import type { DatabaseOutside } from './outside.ts';
import { isReadyPod, statusWith, type WantedCondition } from './status.ts';

/** What the instance manager inside the Pods does: fills volumes, tells who is primary, archives. It acts in Pods that run. */
export function instanceManager(
  context: ControllerContext,
  hands: Hands,
  { disks, store }: DatabaseOutside,
): Reconciler {
  const { api, clock } = context;
  const filled = new Set<string>();
  return {
    keysOf: ({ now }) =>
      now.resource === PODS && label(now.object, MARKS.cluster) !== undefined ? [keyOf(now.object)] : [],
    async turn(key) {
      const [namespace, name] = splitKey(key);
      const pod = api.get(PODS, namespace, name) as Pod | undefined;
      const cluster = api.get(CLUSTERS, namespace, pod === undefined ? '' : (label(pod, MARKS.cluster) ?? '')) as
        | PgCluster
        | undefined;
      if (pod === undefined || cluster === undefined) return DONE;
      if (label(pod, MARKS.jobRole) !== undefined) return fill(pod, cluster);
      return label(pod, MARKS.podRole) === 'instance' ? run(pod, cluster) : DONE;
    },
  };

  async function fill(pod: Pod, cluster: PgCluster): Promise<Turn> {
    const { phase } = pod.status ?? {};
    if ((phase !== 'Running' && phase !== 'Succeeded') || filled.has(pod.metadata.uid ?? '')) return DONE;
    filled.add(pod.metadata.uid ?? '');
    const why = fillVolume(pod, cluster);
    if (why === undefined) return DONE;
    context.log(`${nameOf(pod)}: ${why}`);
    await hands.patch(PODS, pod, 'merge', { status: { phase: 'Failed', message: why } }, 'status');
    return DONE;
  }

  /** Why the volume could not be filled. */
  function fillVolume(pod: Pod, cluster: PgCluster): string | undefined {
    const claim = claimOf(pod, cluster)?.metadata.uid ?? '';
    switch (label(pod, MARKS.jobRole)) {
      case 'initdb':
        disks.write(claim, { systemId: digits(), timeline: 1, segment: 1, rows: [] });
        return undefined;
      case 'join':
      case 'pgbasebackup': {
        const primary = api.get(CLAIMS, namespaceOf(cluster), cluster.status?.currentPrimary ?? '');
        const origin = disks.read(primary?.metadata.uid ?? '');
        if (origin === undefined) return 'could not connect to the primary';
        disks.write(claim, origin);
        return undefined;
      }
      default:
        return recover(claim, cluster);
    }
  }

  function recover(claim: string, cluster: PgCluster): string | undefined {
    const archive = archiveOf(cluster);
    if (archive !== undefined && !store.isEmptyArchive(archive) && !skipsCheck(cluster))
      return `WAL archive check failed for server ${archive.slice(archive.lastIndexOf('/') + 1)}: Expected empty archive`;
    const { recovery } = cluster.spec.bootstrap as {
      recovery?: { source?: string; recoveryTarget?: { backupID?: string } };
    };
    const { externalClusters = [] } = cluster.spec as {
      externalClusters?: readonly { name: string; barmanObjectStore?: StorePlace }[];
    };
    const source = externalClusters.find(({ name }) => name === recovery?.source);
    const prefix = source === undefined ? undefined : prefixOf(source.barmanObjectStore, source.name);
    if (prefix === undefined) return `no object store is known for the source ${JSON.stringify(recovery?.source)}`;
    const outcome = store.recover(prefix, recovery?.recoveryTarget?.backupID);
    if (outcome.kind === 'no-backup') return 'no target backup found';
    if (outcome.kind === 'no-first-segment') return 'could not locate required checkpoint record';
    disks.write(claim, outcome.database);
    return undefined;
  }

  async function run(pod: Pod, cluster: PgCluster): Promise<Turn> {
    const claim = claimOf(pod, cluster);
    const database = disks.read(claim?.metadata.uid ?? '');
    if (pod.status?.phase === 'Running' && database === undefined) {
      // An adopted volume on which nothing was ever written: PostgreSQL does not start, and starts again and again.
      context.log(`${nameOf(pod)}: PGDATA is empty: could not open file "PG_VERSION": No such file or directory`);
      await hands.patch(
        PODS,
        pod,
        'strategic',
        { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }] } },
        'status',
      );
      return after(30_000);
    }
    if (!isReadyPod(pod) || database === undefined) return DONE;
    if (cluster.status?.targetPrimary !== nameOf(pod)) {
      if (label(pod, MARKS.instanceRole) !== 'replica') await roleOf(pod, claim, 'replica');
      return DONE;
    }
    if (
      label(pod, MARKS.instanceRole) !== 'primary' ||
      (claim !== undefined && label(claim, MARKS.instanceRole) !== 'primary')
    )
      await roleOf(pod, claim, 'primary');
    await statusWith(
      context,
      hands,
      cluster,
      {
        currentPrimary: nameOf(pod),
        currentPrimaryTimestamp:
          (cluster.status?.currentPrimaryTimestamp as string | undefined) ?? timestamp(clock.now()),
        timelineID: database.timeline,
        systemID: database.systemId,
      },
      archiving(cluster, database),
    );
    return DONE;
  }

  async function roleOf(pod: Pod, claim: KubeObject | undefined, role: 'primary' | 'replica'): Promise<void> {
    const labels = { [MARKS.instanceRole]: role, role };
    await hands.patch(PODS, pod, 'merge', { metadata: { labels } });
    if (claim !== undefined) await hands.patch(CLAIMS, claim, 'merge', { metadata: { labels } });
  }

  /** The condition follows the first attempt; that uploads stopped silently later, it does not tell. */
  function archiving(cluster: PgCluster, database: Database): readonly WantedCondition[] {
    const archive = archiveOf(cluster);
    if (archive === undefined) return [];
    const foreign =
      !cluster.status?.conditions?.some(({ type, status }) => type === 'ContinuousArchiving' && status === 'True') &&
      !skipsCheck(cluster) &&
      store
        .segments(archive)
        .some((segment) => segment.systemId !== database.systemId || segment.timeline < database.timeline);
    return [
      foreign
        ? {
            type: 'ContinuousArchiving',
            status: 'False',
            reason: 'ContinuousArchivingFailing',
            message: `unexpected failure invoking barman-cloud-wal-archive: Expected empty archive`,
          }
        : {
            type: 'ContinuousArchiving',
            status: 'True',
            reason: 'ContinuousArchivingSuccess',
            message: 'Continuous archiving is working',
          },
    ];
  }

  function claimOf(pod: Pod, cluster: PgCluster): KubeObject | undefined {
    return api.get(CLAIMS, namespaceOf(cluster), label(pod, MARKS.instanceName) ?? '');
  }
  /** PostgreSQL's system identifier: 19 digits. */
  function digits(): string {
    return `7${Array.from({ length: 18 }, () => Math.floor(context.random() * 10)).join('')}`;
  }
}

const skipsCheck = (cluster: PgCluster): boolean =>
  cluster.metadata.annotations?.['cnpg.io/skipEmptyWalArchiveCheck'] === 'enabled';
