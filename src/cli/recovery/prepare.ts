import type { Cluster } from '../../cluster/port.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Pace } from '../../recover/pace.ts';
import type { PointReader } from '../../vault/vault.ts';
import { kubeFlags } from '../context-flags.ts';
import { readPlanFile } from '../plan-file.ts';
import { policyOf } from '../plan-flags.ts';
import { planAloud } from '../planning.ts';
import type { Surroundings } from '../surroundings.ts';
import { openNamedVault } from '../vault-flag.ts';
import type { RecoverOptions } from './options.ts';

/** What a recovery needs, opened. */
export interface Prepared {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly reader: PointReader;
  readonly pace: Pace;
  readonly folder: string;
  /** A run was begun in the folder: its plan is carried on. */
  readonly resumed: boolean;
}

/** Opens point and target and takes the plan from the file, from the run that was begun, or makes one. `open` closes it all. */
export async function prepare(
  world: Surroundings,
  options: RecoverOptions,
  open: AsyncDisposableStack,
): Promise<Prepared> {
  const [{ begunPlan, runFolder }, { Pace }] = await Promise.all([
    import('../../recover/run-folder.ts'),
    import('../../recover/pace.ts'),
  ]);
  const fromFile = options.plan === undefined ? undefined : await readPlanFile(options.plan);
  const vault = await openNamedVault(world, options.vault);
  open.defer(() => vault.close());
  const reader = await vault.open(fromFile?.point.id ?? options.point ?? '');
  open.defer(() => reader.close());
  const pace = new Pace();
  const cluster = await world.openCluster({ ...kubeFlags(options), onThrottle: () => pace.throttled() });
  open.defer(() => cluster.close());
  const policy = fromFile?.policy ?? policyOf(options);
  const fingerprint = fromFile?.target.fingerprint ?? (await cluster.fingerprint());
  const folder = options.log ?? runFolder({ point: reader.manifest.id, fingerprint, policy }, world.env);
  const begun = begunPlan(folder);
  const plan = fromFile ?? begun ?? (await planAloud(world, { cluster, reader, policy }));
  return { plan, cluster, reader, pace, folder, resumed: begun !== undefined };
}
