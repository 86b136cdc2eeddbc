/** Opens a vault, rehearses its newest point on an empty stage and tells what the report says, in a process of its own. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { sandboxStage } from '../../src/cli/rehearsal/sandbox-stage.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import { DEFAULT_RATE } from '../../src/rehearsal/estimate.ts';
import type { Outcome } from '../../src/rehearsal/fates.ts';
import { rehearse } from '../../src/rehearsal/rehearse.ts';
import type { RehearsalReport } from '../../src/rehearsal/report.ts';
import { capturedServiceRanges } from '../../src/rehearsal/service-ranges.ts';
import type { Stage } from '../../src/rehearsal/stage.ts';
import { BUILT_IN_CONTROLLERS } from '../../src/sandbox/controllers/built-in.ts';
import { garbageCollector } from '../../src/sandbox/controllers/garbage-collector.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { instead } from './instead.ts';
import { highWater, jobOf, report } from './job.ts';
import { staleOwners } from './stale-owners.ts';

const BREAKAGES = ['no-collector', 'blind'] as const;
/** A defect, played: without the garbage collector; without what stands outside. */
export type Breakage = (typeof BREAKAGES)[number];
export const isBreakage = (text: string): text is Breakage => (BREAKAGES as readonly string[]).includes(text);

export interface RehearseJob {
  readonly vault: string;
  readonly broken?: Breakage;
}
export interface Rehearsed {
  /** From before the vault was opened until the report was there. */
  readonly seconds: number;
  /** Of all threads, until the report was there: what a busy machine does not change. */
  readonly cpuSeconds: number;
  readonly highWater: number;
  readonly steps: number;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly made: number;
  readonly forgotten: number;
  readonly outside: number;
  readonly secretsNotKept: number;
  readonly identities: number;
  readonly databases: number;
  readonly healthy: number;
  /** Databases whose data the report claims to be back. */
  readonly dataClaimed: number;
  readonly failedOtherwise: number;
  readonly exit: number;
  /** Of every fate, less UIDs. */
  readonly digest: string;
  /** What is not as it should be, a few lines. */
  readonly surprises: readonly string[];
}

const TANGLED = 'tangled';

if (process.argv[1] === fileURLToPath(import.meta.url)) await play(jobOf<RehearseJob>());

async function play({ vault: place, broken }: RehearseJob): Promise<void> {
  const began = performance.now();
  const vault = openVault(place);
  const reader = await vault.open('latest');
  const serviceRanges = await capturedServiceRanges(reader);
  const stage = await sandboxStage({
    name: 'rehearsal',
    now: Date.now(),
    seed: 5,
    ...(serviceRanges === undefined ? {} : { serviceRanges }),
    ...(broken === 'no-collector'
      ? { controllers: BUILT_IN_CONTROLLERS.filter((one) => one !== garbageCollector) }
      : {}),
  });
  const set: Stage = {
    ...stage,
    cluster: tangled(stage.cluster),
    ...(broken === 'blind' ? { standsOutside: () => Promise.resolve() } : {}),
  };
  const policy = { selection: {}, fieldOwnership: 'all' } as const;
  const made = await rehearse({ stage: set, reader, policy, rate: DEFAULT_RATE });
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage();
  // What follows judges and is not measured.
  const most = highWater();
  const told = new Set(made.objects.map(({ key, copyOf }) => copyOf ?? key));
  const keys = reader.entries.map(({ resource, namespace, name }) =>
    namespace === undefined ? `${resource}/${name}` : `${resource}/${namespace}/${name}`,
  );
  const collected = new Set(made.objects.flatMap(({ key, outcome }) => (outcome === 'collected' ? [key] : [])));
  const failed = made.checks.filter(
    ({ status, key }) => status === 'failed' && (key === undefined || !collected.has(key)),
  );
  const forgotten = keys.filter((key) => !told.has(key as never));
  report({
    seconds,
    cpuSeconds: (user + system) / 1e6,
    highWater: most,
    steps: made.objects.filter(({ outcome }) => outcome !== 'omitted').length,
    counts: made.counts,
    made: made.made.reduce((sum, { keys: all }) => sum + all.length, 0),
    forgotten: forgotten.length,
    outside: made.outside.created.length + made.outside.deleted.length + made.outside.twice.length,
    secretsNotKept: made.secrets.changed.length + made.secrets.gone.length,
    identities: made.checks.filter(({ kind, status }) => kind === 'external' && status === 'verified').length,
    databases: made.databases.length,
    healthy: made.databases.filter(({ phase }) => phase === 'Cluster in healthy state').length,
    dataClaimed: made.databases.filter(({ data }) => data !== 'not run').length,
    failedOtherwise: failed.length,
    exit: made.exit,
    digest: digestOf(made),
    surprises: [
      ...forgotten.slice(0, 3).map((key) => `not told: ${key}`),
      ...failed.slice(0, 5).map(({ id, sentence }) => `failed: ${id}: ${sentence}`),
      ...made.objects
        .filter(({ outcome }) => ['refused', 'blocked', 'withheld', 'deleted', 'replaced'].includes(outcome))
        .slice(0, 5)
        .map(({ key, outcome, reason }) => `${outcome}: ${key}: ${reason?.sentence}`),
      ...[...made.secrets.changed, ...made.secrets.gone].slice(0, 3).map((key) => `not kept: ${key}`),
      ...[...made.outside.created, ...made.outside.deleted].slice(0, 3).map(({ kind, id }) => `outside: ${kind} ${id}`),
    ],
  } satisfies Rehearsed);
  await stage.close();
  await reader.close();
  await vault.close();
}

/** Everything in one Namespace is written with stale owners. */
function tangled(cluster: Cluster): Cluster {
  const bad = staleOwners(cluster);
  return instead(cluster, {
    create: (at, body, options) => (at.namespace === TANGLED ? bad : cluster).create(at, body, options),
  });
}

function digestOf({ objects }: RehearsalReport): string {
  const lines = objects.map(({ key, copyOf, outcome, reason }) => `${copyOf ?? key} ${outcome} ${reason?.code ?? ''}`);
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}
