import type { Answer, Cluster, ObjectAddress } from '../cluster/port.ts';
import { holds } from '../knowledge/where.ts';
import type { KubeObject } from '../objects/json.ts';
import { type KeyText, parseKeyText } from '../objects/key.ts';
import type { Plan, PlannedCheck } from '../plan/plan.ts';
import type { CheckResult, Expected } from './checks/check.ts';
import { checkCount } from './checks/count.ts';
import { checkData } from './checks/data.ts';
import { checkExternal } from './checks/external.ts';
import { takeInventory } from './checks/inventory.ts';
import { checkOwners } from './checks/owners.ts';
import { checkPresent } from './checks/present.ts';
import { checkReady } from './checks/ready.ts';
import { REAL_TIME, type RunTime } from './run-time.ts';
import { inParallel, listAll } from './target-reading.ts';

export interface VerifyInput {
  readonly cluster: Cluster;
  readonly plan: Plan;
  /** What the recovery has on record. */
  readonly expected: readonly Expected[];
  /** How long nothing may be collected, from the first look to the second. */
  readonly settleMs: number;
  /** How long readiness is waited for beyond the settling time. */
  readonly readyMs: number;
  readonly signal: AbortSignal;
  /** Default: the real one. */
  readonly time?: RunTime;
}

/** Verifies what was recovered; every claim is verified, failed or not run. Reads only. */
export async function verify(input: VerifyInput): Promise<CheckResult[]> {
  const { cluster, plan, expected, settleMs, signal, time = REAL_TIME } = input;
  const results: CheckResult[] = [];
  const first = await takeInventory(cluster, expected);
  results.push(...checkPresent(expected, first));
  if (settleMs > 0) await time.sleep(settleMs, signal);
  const second = await takeInventory(cluster, expected);
  const wasThere = expected.filter(({ key, uid }) => first.objects.get(key)?.uid === uid);
  results.push(...checkPresent(wasThere, second, 'kept'), ...(await checkOwners(cluster, wasThere, second)));
  const versions = new Map(expected.map((one) => [one.key, one.version]));
  const nodes =
    plan.checks.some((check) => check.kind === 'ready' && check.needsKubelet) && (await hasReadyNode(cluster));
  // One end for all: of many that are never ready each is not waited for by itself.
  const readyBy = time.now() + input.readyMs;
  await inParallel(plan.checks, 8, async (check) => {
    results.push(await carryOut(check, { ...input, nodes, versions, readyBy }));
  });
  return results.sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface Means extends VerifyInput {
  readonly nodes: boolean;
  readonly versions: ReadonlyMap<KeyText, string>;
  /** On the clock of the run. */
  readonly readyBy: number;
}

async function carryOut(check: PlannedCheck, means: Means): Promise<CheckResult> {
  switch (check.kind) {
    case 'data':
      return checkData(check);
    case 'count':
      return checkCount(check, await countOf(means.cluster, check));
    case 'external':
      return checkExternal(check, await read(means, check.key));
    case 'ready':
      return checkReady(check, await readWhenReady(check, means), means.nodes);
  }
}

/** Looks again while it is not ready and there is time: controllers act when they get to it. */
async function readWhenReady(
  check: Extract<PlannedCheck, { kind: 'ready' }>,
  means: Means,
): Promise<Answer | undefined> {
  if (check.needsKubelet && !means.nodes) return undefined;
  const { time = REAL_TIME } = means;
  for (;;) {
    const answer = await read(means, check.key);
    const ready = answer?.kind === 'accepted' && holds(check.rule, answer.object);
    if (ready || answer === undefined || time.now() >= means.readyBy || means.signal.aborted) return answer;
    await time.sleep(500, means.signal);
  }
}

async function read(means: Means, key: KeyText): Promise<Answer | undefined> {
  const place = parseKeyText(key);
  const version = means.versions.get(key);
  if (place === undefined || version === undefined) return undefined;
  const at: ObjectAddress = { ...place, version };
  return await means.cluster.get(at);
}

async function countOf(cluster: Cluster, check: Extract<PlannedCheck, { kind: 'count' }>): Promise<number | string> {
  const { group, version, resource } = check;
  let count = 0;
  try {
    await listAll(
      cluster,
      { group, version, resource },
      () => {
        count = 0;
      },
      () => void count++,
      { shape: 'metadata' },
    );
    return count;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function hasReadyNode(cluster: Cluster): Promise<boolean> {
  let ready = false;
  const at = { group: '', version: 'v1', resource: 'nodes' };
  await listAll(
    cluster,
    at,
    () => {
      ready = false;
    },
    (item) => {
      const node = JSON.parse(Buffer.from(item.bytes).toString('utf8')) as KubeObject;
      ready ||= holds({ kind: 'condition', type: 'Ready', status: 'True' }, node);
    },
  );
  return ready;
}
