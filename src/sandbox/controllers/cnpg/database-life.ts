import type { ObjectApi } from '../../api/api.ts';
import type { Database } from '../../cloud/database.ts';
import { archiveOf, CLAIMS, CLUSTERS, type PgCluster } from './cluster.ts';
import type { DatabaseOutside } from './outside.ts';

/** The database of a Cluster's primary as an application sees it; undefined when none runs. */
export function databaseOf(
  api: ObjectApi,
  { disks }: DatabaseOutside,
  namespace: string,
  name: string,
): Database | undefined {
  const cluster = api.get(CLUSTERS, namespace, name) as PgCluster | undefined;
  const primary = cluster?.status?.currentPrimary;
  return primary === undefined ? undefined : disks.read(api.get(CLAIMS, namespace, primary)?.metadata.uid ?? '');
}

/** Commits rows and archives the segment they are in, if archiving still works; nobody is told when it does not. */
export function commit(
  api: ObjectApi,
  outside: DatabaseOutside,
  namespace: string,
  name: string,
  rows: readonly string[],
  now: number,
): void {
  const cluster = api.get(CLUSTERS, namespace, name) as PgCluster | undefined;
  const claim = api.get(CLAIMS, namespace, cluster?.status?.currentPrimary ?? '')?.metadata.uid ?? '';
  const database = outside.disks.read(claim);
  if (cluster === undefined || database === undefined) throw new Error(`${namespace}/${name} has no running primary`);
  const archive = archiveOf(cluster);
  if (archive !== undefined) outside.store.archive(archive, database, rows, now);
  outside.disks.write(claim, { ...database, segment: database.segment + 1, rows: [...database.rows, ...rows] });
}
