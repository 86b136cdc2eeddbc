import type { KubeObject } from '../../../objects/json.ts';
import { ownersOf } from '../../../objects/owners.ts';
import type { ControllerContext } from '../controller.ts';
import type { Hands } from '../hands.ts';
import type { Pod } from '../shapes.ts';
import {
  CLAIMS,
  CLUSTERS,
  isInitialized,
  label,
  MARKS,
  nameOf,
  namespaceOf,
  note,
  ownerOf,
  type PgCluster,
  PODS,
  serialOf,
} from './cluster.ts';
import { instanceName } from './instance-objects.ts';
import { BOOTSTRAPPED, statusWith } from './status.ts';
import { removeOrphanServices } from './support.ts';

/** How long to wait for init containers of restored Pods, in ms; undefined: go on. */
export type Adoption = { readonly waitMs: number | undefined; readonly cluster: PgCluster };

/**
 * A Cluster that never had an instance and finds volumes without owner takes them for a restored database: it deletes Pods and
 * Services without owner, marks itself initialised and the volumes ready. No bootstrap will ever run, even if they are empty (lab 5).
 */
export async function adoptOrphans(context: ControllerContext, hands: Hands, cluster: PgCluster): Promise<Adoption> {
  const { api } = context;
  if (isInitialized(cluster)) return { waitMs: undefined, cluster };
  const orphans = orphanClaims(context, cluster);
  if (orphans.length === 0) {
    context.log('no orphan PVCs found, skipping the restored cluster reconciliation');
    return { waitMs: undefined, cluster };
  }
  context.log(`found orphan pvcs, trying to restore the cluster: ${orphans.map(nameOf).join(', ')}`);
  const pods = ([...api.list(PODS, namespaceOf(cluster))] as Pod[]).filter(
    (pod) => label(pod, MARKS.cluster) === nameOf(cluster),
  );
  const waitMs = initContainersWait(pods.filter((pod) => label(pod, MARKS.podRole) === 'instance'));
  if (waitMs !== undefined) {
    context.log('init container running, waiting for completion');
    return { waitMs, cluster };
  }
  for (const pod of pods) if (ownersOf(pod).length === 0) await hands.remove(PODS, pod);
  if (note(cluster, MARKS.fenced) !== undefined)
    await hands.patch(CLUSTERS, cluster, 'merge', { metadata: { annotations: { [MARKS.fenced]: null } } });
  await removeOrphanServices(context, hands, cluster);
  const primary =
    orphans.find((claim) => label(claim, MARKS.instanceRole) === 'primary') ??
    orphans.reduce((a, b) => ((serialOf(b) ?? 0) > (serialOf(a) ?? 0) ? b : a));
  const current = api.get(CLUSTERS, namespaceOf(cluster), nameOf(cluster)) as PgCluster;
  const next = await statusWith(
    context,
    hands,
    current,
    { targetPrimary: instanceName(cluster, serialOf(primary) ?? 1) },
    [BOOTSTRAPPED],
  );
  for (const claim of orphans)
    await hands.patch(CLAIMS, claim, 'merge', {
      metadata: {
        ownerReferences: [ownerOf(cluster)],
        annotations: { [MARKS.pvcStatus]: 'ready', [MARKS.hibernation]: null },
      },
    });
  return { waitMs: undefined, cluster: next };
}

function orphanClaims({ api, log }: ControllerContext, cluster: PgCluster): KubeObject[] {
  return [...api.list(CLAIMS, namespaceOf(cluster))].filter((claim) => {
    if (label(claim, MARKS.cluster) !== nameOf(cluster)) return false;
    if (ownersOf(claim).length > 0) {
      log(`skipping pvc because it has owner metadata: ${nameOf(claim)}`);
      return false;
    }
    if (note(claim, MARKS.serial) === undefined) {
      log(`skipping pvc because it doesn't have serial annotation: ${nameOf(claim)}`);
      return false;
    }
    return true;
  });
}

/** Restore tools run init containers that fill the volume: they must have ended well first. */
function initContainersWait(pods: readonly Pod[]): number | undefined {
  for (const pod of pods) {
    const wanted = (pod.spec.initContainers ?? [])
      .filter((one) => one.restartPolicy !== 'Always')
      .map(({ name }) => name);
    if (wanted.length === 0) continue;
    const statuses = (pod.status?.initContainerStatuses ?? []).filter(({ name }) => wanted.includes(name));
    if (statuses.length === 0 || statuses.some(({ state }) => state?.terminated === undefined)) return 5_000;
    if (statuses.some(({ state }) => state?.terminated?.exitCode !== 0)) return 10_000;
  }
  return undefined;
}
