import type { Plan } from '../../src/plan/plan.ts';
import { planRecovery } from '../../src/recover/plan-recovery.ts';
import { type RecoverInput, recover } from '../../src/recover/recover.ts';
import type { RunResult } from '../../src/recover/result.ts';
import { begunPlan } from '../../src/recover/run-folder.ts';
import { configMap, EVERYTHING, namespace, ownedBy, pointOf, type Sample } from './captured-world.ts';
import { QUICK } from './recovering.ts';
import type { ScriptedCluster } from './scripted-cluster.ts';

export async function planAndRecover(
  samples: readonly Sample[],
  cluster: ScriptedCluster,
  folder: string,
  more: Partial<RecoverInput> = {},
): Promise<{ plan: Plan; result: RunResult }> {
  const reader = pointOf(samples);
  const plan = begunPlan(folder) ?? (await planRecovery({ cluster, reader, policy: EVERYTHING }));
  const result = await recover({ cluster, reader, plan, folder, limits: QUICK, settleMs: 0, readyMs: 0, ...more });
  return { plan, result };
}

/** Three chains of owners, three deep, with managed fields, and a Deployment with its ReplicaSet. */
export function world(): Sample[] {
  const samples: Sample[] = [namespace('team-a')];
  for (const chain of ['x', 'y', 'z']) {
    samples.push(configMap(`${chain}-1`, { fields: true }));
    const owner = samples.length - 1;
    samples.push(configMap(`${chain}-2`, { owners: [ownedBy(samples, owner)], fields: true }));
    samples.push(configMap(`${chain}-3`, { owners: [ownedBy(samples, owner + 1)] }));
  }
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
  const spec = { replicas: 2, selector: { matchLabels: labels }, template };
  const status = { replicas: 2, observedGeneration: 3 };
  samples.push({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'web',
    namespace: 'team-a',
    fields: true,
    rest: { spec, status },
  });
  const owners = [ownedBy(samples, samples.length - 1, { controller: true, blockOwnerDeletion: true })];
  samples.push({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: 'web-1',
    namespace: 'team-a',
    owners,
    rest: { spec, status },
  });
  return samples;
}

/** What a cluster holds, without what differs from run to run: UIDs become the keys that they name. */
export function stateOf(cluster: ScriptedCluster): unknown {
  const names = new Map([...cluster.objects].map(([key, object]) => [object.metadata.uid, key]));
  return [...cluster.objects]
    .map(([key, object]) => {
      const { uid, resourceVersion, ...metadata } = object.metadata;
      const ownerReferences = (metadata.ownerReferences ?? []).map((owner) => ({
        ...owner,
        uid: names.get(owner.uid) ?? 'STALE',
      }));
      return [key, { ...object, metadata: { ...metadata, ownerReferences } }] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
