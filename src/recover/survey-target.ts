import type { Cluster } from '../cluster/port.ts';
import type { System } from '../knowledge/language.ts';
import type { Survey } from '../knowledge/survey.ts';
import { SYSTEMS } from '../knowledge/systems.ts';
import type { TargetFacts } from '../plan/target-facts.ts';
import type { PointReader } from '../vault/vault.ts';
import { droppedFields } from './dropped-fields.ts';
import { existingObjects } from './existing-objects.ts';
import { livingSystems } from './living-systems.ts';
import { targetResources } from './target-resources.ts';

/** Everything that planning has to know of the target; reads only. Faults with TARGET-UNREADABLE, and as the cluster and the vault do. */
export async function surveyTarget(
  cluster: Cluster,
  survey: Survey,
  reader: Pick<PointReader, 'read'>,
  systems: readonly System[] = SYSTEMS,
): Promise<TargetFacts> {
  const [fingerprint, version, discovery] = await Promise.all([
    cluster.fingerprint(),
    cluster.version(),
    cluster.discovery(),
  ]);
  const resources = targetResources(discovery);
  const [existing, living, dropped] = [
    await existingObjects(cluster, resources, survey, reader),
    await livingSystems(cluster, resources, systems),
    await droppedFields(cluster, resources, survey, reader),
  ];
  return {
    fingerprint,
    name: cluster.name,
    version: version.gitVersion,
    resources,
    existing,
    workloads: living.workloads,
    webhooks: living.webhooks,
    droppedFields: dropped,
  };
}
