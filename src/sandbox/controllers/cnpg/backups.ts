import type { KubeObject } from '../../../objects/json.ts';
import { timestamp } from '../../clock.ts';
import type { ControllerContext } from '../controller.ts';
import type { Hands } from '../hands.ts';
import { keyOf, splitKey } from '../queued-controller.ts';
import { after, DONE, type Reconciler } from '../turns.ts';
import { archiveOf, BACKUPS, CLAIMS, CLUSTERS, namespaceOf, type PgCluster } from './cluster.ts';
import type { DatabaseOutside } from './outside.ts';

interface Backup extends KubeObject {
  readonly spec: { readonly cluster: { readonly name: string } };
  readonly status?: { readonly phase?: string };
}

/** A Backup without status is a command: it takes a base backup of whatever the Cluster holds at that moment. */
export function backups(context: ControllerContext, hands: Hands, { disks, store }: DatabaseOutside): Reconciler {
  const { api, clock } = context;
  return {
    keysOf: ({ now }) => (now.resource === BACKUPS ? [keyOf(now.object)] : []),
    async turn(key) {
      const [namespace, name] = splitKey(key);
      const backup = api.get(BACKUPS, namespace, name) as Backup | undefined;
      if (backup === undefined || ['completed', 'failed'].includes(backup.status?.phase ?? '')) return DONE;
      const cluster = api.get(CLUSTERS, namespace, backup.spec.cluster.name) as PgCluster | undefined;
      const archive = cluster === undefined ? undefined : archiveOf(cluster);
      const say = (status: object): Promise<KubeObject> =>
        hands.updateStatus(BACKUPS, { ...backup, status: { ...backup.status, ...status } });
      if (cluster === undefined) return after(30_000);
      if (archive === undefined) {
        await say({ phase: 'failed', error: 'cannot proceed with the backup as the cluster has no backup section' });
        return DONE;
      }
      const claim = api.get(CLAIMS, namespaceOf(cluster), cluster.status?.currentPrimary ?? '');
      const database = disks.read(claim?.metadata.uid ?? '');
      if (database === undefined) {
        if (backup.status?.phase === undefined) await say({ phase: 'pending' });
        return after(30_000);
      }
      const made = store.backUp(archive, database, clock.now());
      await say({
        phase: 'completed',
        method: 'barmanObjectStore',
        backupId: made.id,
        backupName: `backup-${made.id}`,
        beginWal: made.beginWal,
        endWal: made.endWal,
        startedAt: timestamp(clock.now()),
        stoppedAt: timestamp(clock.now()),
      });
      return DONE;
    },
  };
}
