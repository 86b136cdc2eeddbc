import type { KubeFlags } from '../cluster/kubeconfig/flags.ts';
import type { Plan } from '../plan/plan.ts';
import { kubeFlags } from './context-flags.ts';
import type { Format } from './format.ts';
import { type PolicyOptions, policyOf } from './plan-flags.ts';
import { planAloud } from './planning.ts';
import type { Surroundings } from './surroundings.ts';
import { openNamedVault } from './vault-flag.ts';

export interface PlanOptions extends Omit<KubeFlags, 'namespace'>, PolicyOptions {
  readonly vault?: string;
  readonly point: string;
  readonly output: Format;
}
/** Opens point and target and plans. */
export async function makePlan(world: Surroundings, options: PlanOptions): Promise<Plan> {
  await using open = new AsyncDisposableStack();
  const vault = await openNamedVault(world, options.vault);
  open.defer(() => vault.close());
  const reader = await vault.open(options.point);
  open.defer(() => reader.close());
  const cluster = await world.openCluster(kubeFlags(options));
  open.defer(() => cluster.close());
  return await planAloud(world, { cluster, reader, policy: policyOf(options) });
}
