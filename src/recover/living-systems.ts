import type { Cluster } from '../cluster/port.ts';
import type { System, WorkloadPick } from '../knowledge/language.ts';
import { webhookSystem } from '../knowledge/survey.ts';
import type { JsonObject, KubeObject } from '../objects/json.ts';
import { keyTextOf, type ResourceName, resourceName, type Uid } from '../objects/key.ts';
import { expand } from '../objects/pattern.ts';
import { getAt } from '../objects/pointer.ts';
import type { LivingWebhook, LivingWorkload, TargetResource } from '../plan/target-facts.ts';
import { inParallel, listAll } from './target-reading.ts';

const WEBHOOKS: readonly string[] = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];

/** Workloads of known systems anywhere in the target, found as knowledge says (label, image), and their webhook configurations. */
export async function livingSystems(
  cluster: Cluster,
  resources: readonly TargetResource[],
  systems: readonly System[],
): Promise<{ readonly workloads: readonly LivingWorkload[]; readonly webhooks: readonly LivingWebhook[] }> {
  const picks = systems.flatMap((system) =>
    (system.control?.workloads ?? []).map((pick) => ({ system: system.id, pick })),
  );
  const wanted = new Set<ResourceName>(picks.map(({ pick }) => pick.resource));
  const workloads: LivingWorkload[] = [];
  const webhooks: LivingWebhook[] = [];
  const relevant = resources.filter((one) => wanted.has(resourceName(one.group, one.resource)) || isWebhook(one));
  await inParallel(relevant, 3, async (resource) => {
    const name = resourceName(resource.group, resource.resource);
    const version = resource.versions[0] ?? 'v1';
    const bodies: KubeObject[] = [];
    const at = { group: resource.group, version, resource: resource.resource };
    await listAll(
      cluster,
      at,
      () => {
        bodies.length = 0;
      },
      (item) => void bodies.push(relevantPart(JSON.parse(Buffer.from(item.bytes).toString('utf8')) as KubeObject)),
    );
    for (const body of bodies) {
      const { namespace, uid } = body.metadata;
      const key = keyTextOf(name, namespace, body.metadata.name ?? '');
      const living = { key, version, kind: resource.kind, uid: uid as Uid };
      if (isWebhook(resource)) {
        const system = webhookSystem(systems, { resource: name }, body);
        if (system !== undefined) webhooks.push({ system, ...living });
        continue;
      }
      const match = picks.find(({ pick }) => pick.resource === name && isPicked(pick, body));
      const replicas = getAt(body, '/spec/replicas');
      if (match !== undefined)
        workloads.push({ system: match.system, ...living, replicas: typeof replicas === 'number' ? replicas : 1 });
    }
  });
  const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);
  return { workloads: workloads.sort(byKey), webhooks: webhooks.sort(byKey) };
}

function isWebhook(resource: TargetResource): boolean {
  return resource.group === 'admissionregistration.k8s.io' && WEBHOOKS.includes(resource.resource);
}

/** A cluster may hold thousands of Deployments: their managed fields and status are not kept. */
function relevantPart(body: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = body.metadata;
  return { ...body, metadata, status: undefined };
}

/** Whether knowledge takes this workload for one that runs the system. */
export function isPicked(pick: WorkloadPick, body: KubeObject): boolean {
  if (pick.label !== undefined) {
    const value = body.metadata.labels?.[pick.label.name];
    if (value === undefined || (pick.label.value !== '' && value !== pick.label.value)) return false;
  }
  if (pick.image === undefined) return pick.label !== undefined;
  const image = new RegExp(pick.image);
  const places = expand(body as unknown as JsonObject, '/spec/template/spec/containers/*/image');
  return places.some((place) => image.test(String(getAt(body, place))));
}
