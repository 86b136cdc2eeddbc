/**
 * A recovery beside the rate at which the same bodies can be POSTed at all, on one server with its controller manager.
 * `--break stale-owners` plays a recovery that does not relink: the garbage collector must then be seen.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openVault } from '../src/vault/open-vault.ts';
import { type ControlPlane, controlPlaneAvailable, startControlPlane } from '../test/control-plane/fixture.ts';
import { type BenchInput, type BenchOutcome, type BenchTarget, numberOption } from './bench.ts';
import type { Posted, PostJob } from './children/post-child.ts';
import type { Recovered, RecoverJob } from './children/recover-child.ts';
import { answerOf } from './children/run-script.ts';
import { judgeChains } from './restore/judge.ts';
import { countWrites, makeNamespaces } from './server.ts';
import { chains, NAMESPACES, namespaceName } from './worlds/chains.ts';
import { uidFor } from './worlds/random.ts';
import { writeWorld } from './worlds/world.ts';

const FULL = 10_000;
const CONNECTIONS = [8, 32, 64];
const RESOURCES = ['configmaps', 'secrets'];
const KEPT_MS = 10_000;
const SEED = 11;

interface Sample {
  readonly what: string;
  readonly connections?: number;
  readonly prefix: string;
  /** Writes that the server counted. */
  readonly writes: number;
  readonly seconds: number;
  readonly rate: number;
  readonly child: unknown;
}

export async function run(input: BenchInput): Promise<BenchOutcome> {
  const nothing = { name: 'restore', figures: {}, targets: [], samples: [] };
  const available = await controlPlaneAvailable();
  if (available.kind === 'unavailable') return { ...nothing, couldNotRun: `${available.why} ${available.hint}` };
  const count = Math.max(12, Math.round(FULL * input.scale));
  const rounds = Math.max(1, numberOption(input, 'rounds', 1));
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-bench-restore-'));
  try {
    await using plane = await startControlPlane();
    // A warm-up, then ABBA: the loop upwards, ours, ours, the loop downwards, so that a store that grows slows both alike.
    const order = Array.from({ length: rounds }, () => [
      ...CONNECTIONS,
      'ours' as const,
      'ours' as const,
      ...CONNECTIONS.toReversed(),
    ]).flat();
    const runs = [32, ...order].map((what, number) => ({ what, prefix: `r${String(number).padStart(2, '0')}` }));
    await makeNamespaces(
      plane,
      runs.flatMap(({ prefix }) => namespacesOf(prefix)),
    );
    const samples: Sample[] = [];
    for (const { what, prefix } of runs) {
      const sample = await (what === 'ours'
        ? recoverInto(plane, folder, prefix, count, input.options.get('break'))
        : postInto(plane, prefix, count, what));
      samples.push(sample);
      input.say(
        `${sample.what.padEnd(20)} ${sample.writes} writes in ${sample.seconds.toFixed(2)} s: ${Math.round(sample.rate)}/s`,
      );
    }
    const measured = samples.slice(1);
    const ours = measured.filter(({ connections }) => connections === undefined);
    input.say(`looking again after ${KEPT_MS / 1000} s`);
    await sleep(KEPT_MS);
    const kept = await judgeChains(
      plane,
      ours.map(({ prefix }) => ({ prefix, world: chains(prefix, count, SEED) })),
    );
    for (const example of kept.examples) input.say(example);
    const rates = CONNECTIONS.map((connections) => rateOf(measured.filter((one) => one.connections === connections)));
    const best = Math.max(...rates);
    const children = ours.map(({ child }) => child as Recovered);
    const figures = {
      objects_a_run: count,
      ...Object.fromEntries(CONNECTIONS.map((connections, at) => [`post_rate_at_${connections}`, rates[at] ?? 0])),
      best_post_rate: best,
      our_rate: rateOf(ours),
      ratio: rateOf(ours) / best,
      objects_recovered: kept.wanted,
      missing_after_10_s: kept.missing,
      owners_not_relinked: kept.wrongOwner,
      bodies_that_differ: kept.differing,
      writes_for_each_object: ours.reduce((sum, { writes }) => sum + writes, 0) / (count * ours.length),
      steps_not_done: children.reduce((sum, { counts }) => sum + counts.failed + counts.blocked + counts.withheld, 0),
      checks_not_verified: children.reduce((sum, { notVerified }) => sum + notVerified.length, 0),
      posts_that_failed: measured.reduce(
        (sum, { connections, writes }) => sum + (connections === undefined ? 0 : count - writes),
        0,
      ),
      plan_seconds: Math.max(...children.map(({ planSeconds }) => planSeconds)),
      our_high_water_mb: Math.max(...children.map((child) => child.highWater)),
    };
    return { name: 'restore', figures, targets: TARGETS, samples };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const none = (figure: string, name: string): BenchTarget => ({ name, figure, op: '==', limit: 0, atAnyScale: true });
const TARGETS: readonly BenchTarget[] = [
  { name: 'at least 90 % of the best POST loop', figure: 'ratio', op: '>=', limit: 0.9 },
  none('missing_after_10_s', 'every object is still there 10 s later'),
  none('owners_not_relinked', 'every owner has the UID of the living one'),
  none('bodies_that_differ', 'every body is as captured'),
  none('steps_not_done', 'every step was done'),
  none('checks_not_verified', 'every check was verified'),
  none('posts_that_failed', 'the loop that it is compared with wrote everything'),
  {
    name: 'one write an object, as the server counts',
    figure: 'writes_for_each_object',
    op: '==',
    limit: 1,
    atAnyScale: true,
  },
];

function namespacesOf(prefix: string): string[] {
  return Array.from({ length: NAMESPACES }, (_, number) => namespaceName(prefix, number));
}

/** All writes of several runs over all their seconds. */
function rateOf(samples: readonly Sample[]): number {
  const sum = (of: (sample: Sample) => number): number => samples.reduce((total, sample) => total + of(sample), 0);
  return sum(({ writes }) => writes) / sum(({ seconds }) => seconds);
}

async function postInto(plane: ControlPlane, prefix: string, count: number, connections: number): Promise<Sample> {
  const { url, ca, token } = plane;
  const before = await countWrites(plane, RESOURCES);
  const job: PostJob = { url, ca, token, prefix, count, seed: SEED, connections };
  const child = await answerOf<Posted>('post-child', job);
  const writes = (await countWrites(plane, RESOURCES)) - before;
  const { seconds } = child;
  return {
    what: `POST, ${connections} at a time`,
    connections,
    prefix,
    writes,
    seconds,
    rate: writes / seconds,
    child,
  };
}

async function recoverInto(
  plane: ControlPlane,
  folder: string,
  prefix: string,
  count: number,
  broken: string | undefined,
): Promise<Sample> {
  const place = join(folder, `vault-${prefix}`);
  const vault = openVault(place);
  await writeWorld(vault, chains(prefix, count, SEED), uidFor(0xc1, 1));
  await vault.close();
  const before = await countWrites(plane, RESOURCES);
  const job: RecoverJob = {
    kubeconfig: plane.kubeconfig,
    vault: place,
    folder: join(folder, `run-${prefix}`),
    ...(broken === 'stale-owners' ? { broken } : {}),
  };
  const child = await answerOf<Recovered>('recover-child', job);
  const writes = (await countWrites(plane, RESOURCES)) - before;
  const { seconds } = child;
  return { what: 'recover', prefix, writes, seconds, rate: writes / seconds, child };
}
