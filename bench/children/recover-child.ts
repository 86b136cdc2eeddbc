/** A whole recovery in a process of its own: opens point and target, plans, carries out, verifies. */
import { openCluster } from '../../src/cluster/open.ts';
import { Pace } from '../../src/recover/pace.ts';
import { planRecovery } from '../../src/recover/plan-recovery.ts';
import { recover } from '../../src/recover/recover.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { highWater, jobOf, report } from './job.ts';
import { staleOwners } from './stale-owners.ts';

export interface RecoverJob {
  readonly kubeconfig: string;
  readonly vault: string;
  readonly folder: string;
  /** Plays a defect, so that the checks can be seen to fail. */
  readonly broken?: 'stale-owners';
}
export interface Recovered {
  readonly seconds: number;
  readonly writes: number;
  readonly counts: {
    readonly done: number;
    readonly failed: number;
    readonly blocked: number;
    readonly withheld: number;
  };
  readonly exit: number;
  readonly notVerified: readonly string[];
  readonly planSeconds: number;
  readonly allSeconds: number;
  readonly highWater: number;
}

const began = performance.now();
const job = jobOf<RecoverJob>();
const pace = new Pace();
const real = await openCluster({ kubeconfig: job.kubeconfig, onThrottle: () => pace.throttled() });
const cluster = job.broken === 'stale-owners' ? staleOwners(real) : real;
const vault = openVault(job.vault);
const reader = await vault.open('latest');
const plan = await planRecovery({ cluster, reader, policy: { selection: {}, fieldOwnership: 'all' } });
const planned = performance.now();
const result = await recover({ cluster, reader, plan, folder: job.folder, pace, settleMs: 0, readyMs: 0 });
const { seconds, writes, counts, exit } = result;
report({
  seconds,
  writes,
  counts,
  exit,
  notVerified: result.checks.flatMap((check) =>
    check.status === 'verified' ? [] : [`${check.id}: ${check.status} ${check.code ?? ''}`],
  ),
  planSeconds: (planned - began) / 1000,
  allSeconds: (performance.now() - began) / 1000,
  highWater: highWater(),
} satisfies Recovered);
await reader.close();
await vault.close();
await cluster.close();
