import { controllerOf } from '../../../objects/owners.ts';
import { sameJson } from '../../../objects/same-json.ts';
import type { ControllerContext } from '../controller.ts';
import { type Hands, resource, WriteRefused } from '../hands.ts';
import { keyOf, splitKey } from '../queued-controller.ts';
import { AGAIN, after, DONE, type Reconciler, type Turn } from '../turns.ts';
import { CLUSTERS, label, MARKS, nameOf, namespaceOf, note, type PgCluster, PHASES, PODS } from './cluster.ts';
import { defaultedSpec } from './defaults.ts';
import { instances } from './instances.ts';
import { adoptOrphans } from './restored.ts';
import { managedOf, registerPhase, resourceStatus, statusWith } from './status.ts';
import { CannotCreate, supportObjects } from './support.ts';

export interface ReconcileOptions {
  /** False: Services that are not the Cluster's are not refused (as before 1.24). A test turns it off to see rows go red. */
  readonly refusesForeignServices?: boolean;
  /** False: volumes without owner are not adopted. */
  readonly adoptsOrphans?: boolean;
}

/** The Cluster reconciler: adoption, then what stands around the instances, then the instances. */
export function clusters(context: ControllerContext, hands: Hands, options: ReconcileOptions = {}): Reconciler {
  const { api } = context;
  return {
    keysOf({ now }) {
      if (now.resource === CLUSTERS) return [keyOf(now.object)];
      const owner = controllerOf(now.object);
      if (owner?.kind === 'Cluster' && owner.apiVersion === 'postgresql.cnpg.io/v1')
        return [`${namespaceOf(now.object)}/${owner.name}`];
      const of = label(now.object, MARKS.cluster);
      return of === undefined || now.resource === PODS ? [] : [`${namespaceOf(now.object)}/${of}`];
    },
    async turn(key) {
      const [namespace, name] = splitKey(key);
      const cluster = api.get(CLUSTERS, namespace, name) as PgCluster | undefined;
      if (cluster === undefined || cluster.metadata.deletionTimestamp !== undefined) return forget(namespace);
      if (note(cluster, MARKS.loop) === 'disabled') {
        context.log('Disable reconciliation loop annotation set, skipping the reconciliation.');
        return DONE;
      }
      return one(cluster);
    },
  };

  async function one(given: PgCluster): Promise<Turn> {
    let cluster = given;
    const spec = defaultedSpec(cluster.spec) as PgCluster['spec'];
    if (!sameJson(spec, cluster.spec)) cluster = (await hands.update(CLUSTERS, { ...cluster, spec })) as PgCluster;
    if (options.adoptsOrphans !== false) {
      const adoption = await adoptOrphans(context, hands, cluster);
      if (adoption.waitMs !== undefined) return after(adoption.waitMs);
      cluster = adoption.cluster;
    }
    try {
      await supportObjects(context, hands, cluster, options.refusesForeignServices !== false);
    } catch (error) {
      if (!(error instanceof CannotCreate || error instanceof WriteRefused)) throw error;
      await registerPhase(context, hands, cluster, PHASES.cannotCreate, error.message);
      context.log(`Reconciler error: cannot create Cluster auxiliary objects: ${error.message}`);
      return AGAIN;
    }
    const managed = managedOf(context, cluster);
    cluster = await resourceStatus(context, hands, cluster, managed);
    cluster = await systemStatus(cluster, managed.pods.length);
    const look = await instances(context, hands, cluster, managed);
    if (look.kind === 'turn') return look.turn;
    const current = (api.get(CLUSTERS, namespaceOf(cluster), nameOf(cluster)) as PgCluster | undefined) ?? cluster;
    await registerPhase(context, hands, current, PHASES.healthy, '');
    return DONE;
  }

  async function systemStatus(cluster: PgCluster, pods: number): Promise<PgCluster> {
    const { systemID } = cluster.status as { systemID?: string };
    const unique = systemID !== undefined && systemID !== '';
    return statusWith(context, hands, cluster, {}, [
      unique
        ? {
            type: 'ConsistentSystemID',
            status: 'True',
            reason: 'Unique',
            message: 'A single, unique system ID was found across reporting instances.',
          }
        : {
            type: 'ConsistentSystemID',
            status: 'False',
            reason: 'NotFound',
            message:
              pods > 0
                ? 'Instances are present, but none have reported a system ID.'
                : 'No instances are present in the cluster to report a system ID.',
          },
    ]);
  }

  /** The last Cluster of a namespace takes the monitoring queries with it. */
  async function forget(namespace: string | undefined): Promise<Turn> {
    const left = [...api.list(CLUSTERS, namespace)].some((one) => one.metadata.deletionTimestamp === undefined);
    const queries = api.get(resource('configmaps'), namespace, 'cnpg-default-monitoring');
    if (!left && queries !== undefined && note(queries, MARKS.operatorVersion) !== undefined)
      await hands.remove(resource('configmaps'), queries);
    return DONE;
  }
}
