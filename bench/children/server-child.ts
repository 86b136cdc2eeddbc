/** Captures from, plans for and recovers into servers that mean ill. Times are cut short; sizes are those of everyday use. */
import { join } from 'node:path';
import { capturePoint } from '../../src/capture/capture-point.ts';
import { ANONYMOUS } from '../../src/cluster/credentials.ts';
import { clusterAt } from '../../src/cluster/open.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import { planRecovery } from '../../src/recover/plan-recovery.ts';
import { recover } from '../../src/recover/recover.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { CASES, type HostileCase } from '../hostile/server.ts';
import { highWater, hoard, jobOf, report } from './job.ts';
import type { HostileAnswer } from './kubeconfig-child.ts';
import { type CaseOutcome, refused, within } from './outcome.ts';

export interface ServerJob {
  readonly url: string;
  readonly vault: string;
  readonly folder: string;
  readonly seed: number;
  readonly numbers: readonly number[];
  readonly broken?: string;
}

const LIMITS = {
  connect: 500,
  headers: 400,
  idle: 400,
  total: 1_200,
  page: 2_500,
  patience: 500,
  retries: 1,
  backoff: 1,
  items: 50_000,
};
const SIDE_BY_SIDE = 6;
const POLICY = { selection: {}, fieldOwnership: 'all' } as const;

const { url, vault: place, folder, seed, numbers, broken } = jobOf<ServerJob>();
if (broken === 'hoarding') hoard();
const outcomes: CaseOutcome[] = [];
const honest = clusterOf(`${url}/honest`);
const vault = openVault(place);
const reader = await vault.open('latest');
const plan = await planRecovery({ cluster: honest, reader, policy: POLICY });
if (plan.refusals.length > 0 || plan.steps.length === 0) throw new Error('the plan for the honest server is no plan');
const light = numbers.filter((number) => caseOf(number).attack.heavy === undefined);
const heavy = numbers.filter((number) => caseOf(number).attack.heavy !== undefined);
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => playAll(light)));
await playAll(heavy);
report({ outcomes, highWater: highWater() } satisfies HostileAnswer);
await reader.close();
await vault.close();
await honest.close();

async function playAll(queue: number[]): Promise<void> {
  for (let number = queue.shift(); number !== undefined; number = queue.shift()) {
    const { operation, place: at, attack } = caseOf(number);
    const what = `${operation}, ${at}: ${attack.name}`;
    const one = number;
    outcomes.push(await within(one, what, 30_000, () => play(one, what, operation)));
  }
}

async function play(number: number, what: string, operation: HostileCase['operation']): Promise<CaseOutcome> {
  const cluster = clusterOf(`${url}/${seed}/${number}`);
  try {
    if (broken === 'writing') await write(cluster);
    if (broken === 'crashing') setTimeout(() => Promise.reject(new TypeError('played by --break crashing')));
    const came = await carryOut(cluster, operation, number);
    return { number, what, ...came };
  } catch (error) {
    if (broken === 'blind') return { number, what, kind: 'accepted', said: 'played' };
    return refused(number, what, broken === 'uncoded' ? new Error('played by --break uncoded') : error);
  } finally {
    await cluster.close();
  }
}

async function carryOut(
  cluster: Cluster,
  operation: HostileCase['operation'],
  number: number,
): Promise<Pick<CaseOutcome, 'kind' | 'said'>> {
  if (operation === 'capture') {
    const memory = openVault('memory:');
    try {
      const point = await capturePoint({ cluster, vault: memory, clock: { now: () => new Date() } });
      // An incomplete point is an answer as well: it names what is missing, and its codes end in exit 3.
      const codes = [
        ...point.resources.flatMap(({ missing }) => missing?.code ?? []),
        ...point.dead.map(() => 'GROUP-DEAD'),
      ];
      if (!point.complete && codes.length > 0) return { kind: 'coded', said: `incomplete: ${codes.join(', ')}` };
      return { kind: 'accepted', said: `a complete point of ${point.objects} objects` };
    } finally {
      await memory.close();
    }
  }
  if (operation === 'plan') {
    const made = await planRecovery({ cluster, reader, policy: POLICY });
    const codes = made.refusals.map(({ reason }) => reason.code);
    return codes.length > 0 ? { kind: 'coded', said: `refused: ${codes[0]}` } : { kind: 'accepted', said: 'a plan' };
  }
  const { exit } = await recover({
    cluster,
    reader,
    plan,
    folder: join(folder, `run-${number}`),
    settleMs: 0,
    readyMs: 0,
    limits: { patience: 200, interrupt: 200 },
  });
  return { kind: 'accepted', said: `a recovery with exit ${exit}` };
}

function caseOf(number: number): HostileCase {
  const found = CASES[number % CASES.length];
  if (found === undefined) throw new Error('there are no cases');
  return found;
}

function clusterOf(text: string): Cluster {
  const endpoint = { url: new URL(text), insecure: false };
  return clusterAt(
    { name: 'hostile', context: undefined, namespace: 'default', endpoint, credentials: ANONYMOUS },
    { limits: LIMITS },
  );
}

/** The defect of a client that writes before it has looked. */
async function write(cluster: Cluster): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'team-a' } };
  await cluster
    .create({ group: '', version: 'v1', resource: 'configmaps', namespace: 'team-a' }, body)
    .catch(() => undefined);
}
