import { commit, databaseOf } from '../src/sandbox/controllers/cnpg/database-life.ts';
import { Applier } from './world/apply.ts';
import { operators, tenancy } from './world/platform.ts';
import { newOutside, openSite, type Site } from './world/site.ts';
import { applications, archiveOf, baseBackup, claim, DATABASE, tenantNames } from './world/tenants.ts';

export interface Production {
  readonly site: Site;
  readonly tenants: readonly string[];
  /** Tenants whose database stopped archiving without a word. */
  readonly silent: readonly string[];
  /** Tenants that keep the volume of their database out of volume backups: the database has its own. */
  readonly withoutVolume: readonly string[];
}
const WRITES = 40;
/** Of every three databases the third stopped archiving when half of it was written. */
const SILENT_EVERY = 3;

/** Applies the manifests, waits for the operators, and lets the databases be written to. */
export async function makeProduction(count: number, start: number): Promise<Production> {
  const site = await openSite('production', start, 1, newOutside());
  const tenants = tenantNames(count);
  const applier = new Applier(site.cluster);
  await applier.apply(operators(), 'helm');
  await site.live(5);
  await applier.apply(tenancy(), 'argocd-controller');
  await site.live(2);
  await applier.apply(tenants.map(claim), 'kubectl-create');
  await site.live(15);
  await applier.apply(tenants.flatMap(applications), 'argocd-controller');
  await site.live(60);
  const silent = tenants.filter((_, at) => at % SILENT_EVERY === SILENT_EVERY - 1);
  const withoutVolume = tenants.filter((_, at) => at % 2 === 1);
  const write = (tenant: string, from: number, to: number): void => {
    for (let row = from; row < to; row++)
      commit(site.sandbox.api, site.databases, tenant, DATABASE, [`order ${row + 1} of ${tenant}`], site.now());
  };
  for (const tenant of tenants) write(tenant, 0, WRITES / 4);
  await applier.apply(tenants.map(baseBackup), 'kubectl-create');
  await site.live(10);
  for (const tenant of tenants) write(tenant, WRITES / 4, WRITES / 2);
  for (const tenant of withoutVolume) await leaveVolumeOut(site, tenant);
  for (const tenant of silent) site.outside.store.stopArchiving(archiveOf(tenant));
  for (const tenant of tenants) write(tenant, WRITES / 2, WRITES);
  await site.live(60);
  return { site, tenants, silent, withoutVolume };
}

async function leaveVolumeOut({ cluster }: Site, tenant: string): Promise<void> {
  const name = `${DATABASE}-1`;
  const at = { group: '', version: 'v1', resource: 'persistentvolumeclaims', namespace: tenant, name };
  const found = await cluster.get(at);
  if (found.kind === 'rejected') throw new Error(found.message);
  const labels = { 'velero.io/exclude-from-backup': 'true' };
  const uid = found.object.metadata.uid as never;
  await cluster.patch(
    at,
    { kind: 'merge', body: { metadata: { labels } } },
    { uid },
    { fieldManager: 'kubectl-label' },
  );
}

/** Rows of a tenant's database as an application sees them; undefined when none runs. */
export function rowsOf({ sandbox, databases }: Site, tenant: string): readonly string[] | undefined {
  return databaseOf(sandbox.api, databases, tenant, DATABASE)?.rows;
}

export const countRows = (site: Site, tenants: readonly string[]): number =>
  tenants.reduce((sum, tenant) => sum + (rowsOf(site, tenant)?.length ?? 0), 0);
