import type { JsonObject } from '../src/objects/json.ts';
import { countOf, type Holding, readHolding } from './holding.ts';
import { type Production, rowsOf } from './production.ts';
import { COMPOSITION, NAMESPACE_TEMPLATE } from './world/platform.ts';
import { archiveOf } from './world/tenants.ts';

/** How much is there of what the incident touches. */
export interface Standing {
  readonly namespaces: number;
  readonly deployments: number;
  readonly databases: number;
  readonly volumes: number;
  readonly rows: number;
}
export interface Incident {
  readonly before: Standing;
  readonly after: Standing;
  /** Calls that the cloud noted in the story. */
  readonly cloudDeletes: number;
  /** Seconds of the cluster's clock until the last tenant's Namespace was gone. */
  readonly seconds: number;
  /** Rows that the object store could still give back, of all that were committed. */
  readonly archivedRows: number;
  /** Databases whose archive ends early although their condition ContinuousArchiving was True. */
  readonly silentlyUnarchived: number;
}
const PATIENCE_SECONDS = 120;

/** The upgrade: the new version of the Composition has lost a template. Crossplane does the rest. */
export async function playIncident(production: Production, before: Holding): Promise<Incident> {
  const { site, tenants } = production;
  const { cluster } = site;
  const rows = sumOfRows(production);
  const mark = site.outside.cloud.log.length;
  const at = { group: 'apiextensions.crossplane.io', version: 'v1', resource: 'compositions', name: COMPOSITION };
  const found = await cluster.get(at);
  if (found.kind === 'rejected') throw new Error(found.message);
  const { resources = [] } = found.object.spec as { resources?: readonly JsonObject[] };
  const body = { spec: { resources: resources.filter(({ name }) => name !== NAMESPACE_TEMPLATE) } };
  const uid = found.object.metadata.uid as never;
  const answer = await cluster.patch(at, { kind: 'merge', body }, { uid }, { fieldManager: 'helm' });
  if (answer.kind === 'rejected') throw new Error(answer.message);
  const began = site.now();
  const gone = (): boolean =>
    tenants.every((tenant) => site.sandbox.api.get('namespaces' as never, undefined, tenant) === undefined);
  while (!gone() && site.now() - began < PATIENCE_SECONDS * 1000) await site.live(1);
  const seconds = (site.now() - began) / 1000;
  await site.live(30);
  const after = await readHolding(cluster);
  const archived = tenants.map((tenant) => {
    const outcome = site.outside.store.recover(archiveOf(tenant));
    return outcome.kind === 'recovered' ? outcome.database.rows.length : 0;
  });
  return {
    before: standing(before, rows.total),
    after: standing(after, sumOfRows(production).total),
    cloudDeletes: site.outside.cloud.count('Delete', mark),
    seconds,
    archivedRows: archived.reduce((sum, count) => sum + count, 0),
    silentlyUnarchived: tenants.filter((tenant, index) => (archived[index] ?? 0) < (rows.of.get(tenant) ?? 0)).length,
  };
}

function sumOfRows({ site, tenants }: Production): {
  readonly total: number;
  readonly of: ReadonlyMap<string, number>;
} {
  const of = new Map(tenants.map((tenant) => [tenant, rowsOf(site, tenant)?.length ?? 0]));
  return { total: [...of.values()].reduce((sum, count) => sum + count, 0), of };
}

function standing(holding: Holding, rows: number): Standing {
  return {
    namespaces: countOf(holding, 'namespaces'),
    deployments: countOf(holding, 'deployments.apps'),
    databases: countOf(holding, 'clusters.postgresql.cnpg.io'),
    volumes: countOf(holding, 'persistentvolumeclaims'),
    rows,
  };
}
