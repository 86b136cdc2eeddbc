/**
 * Each captured cluster of the lab: rebuilt in a real API server, captured, rehearsed on a stage with only the controllers that the
 * real control plane runs, and then recovered on a real control plane: the same outcome and the same content, object by object.
 * `--points DIR` takes other data laid out alike; `--settle SECONDS` (20) is how long the real one settles; `--break idle` plays a
 * rehearsal in which no controller acts.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capturePoint } from '../src/capture/capture-point.ts';
import { sandboxStage } from '../src/cli/rehearsal/sandbox-stage.ts';
import { openCluster } from '../src/cluster/open.ts';
import type { Cluster } from '../src/cluster/port.ts';
import { planRecovery } from '../src/recover/plan-recovery.ts';
import { recover } from '../src/recover/recover.ts';
import { ASSUMED } from '../src/rehearsal/consents.ts';
import { DEFAULT_RATE } from '../src/rehearsal/estimate.ts';
import { fatesOf } from '../src/rehearsal/fates.ts';
import { rehearse } from '../src/rehearsal/rehearse.ts';
import { openVault } from '../src/vault/open-vault.ts';
import type { PointReader } from '../src/vault/vault.ts';
import { controlPlaneAvailable, startControlPlane } from '../test/control-plane/fixture.ts';
import { rebuild } from '../test/control-plane/rebuild.ts';
import { type BenchInput, type BenchOutcome, type BenchTarget, numberOption } from './bench.ts';
import { type Ending, explained, judgeEndings, type RealDifference } from './rehearse-real/judge.ts';
import { readEndings, readNumbers } from './rehearse-real/read-endings.ts';

/** Seconds; autoscalers are looked at for the first time after 15. */
const SETTLE = 20;

export async function run(input: BenchInput): Promise<BenchOutcome> {
  const nothing = { name: 'rehearse-real', figures: {}, targets: [], samples: [] };
  const available = await controlPlaneAvailable();
  if (available.kind === 'unavailable') return { ...nothing, couldNotRun: `${available.why} ${available.hint}` };
  const folder = input.options.get('points') ?? '../shared/data';
  if (!existsSync(folder)) return { ...nothing, couldNotRun: `there is no folder ${folder}; name one with --points` };
  const names = readdirSync(folder)
    .flatMap((file) => (file.endsWith('.objects.jsonl') ? [file.slice(0, -'.objects.jsonl'.length)] : []))
    .sort();
  if (names.length === 0) return { ...nothing, couldNotRun: `${folder} holds no *.objects.jsonl` };
  const settle = numberOption(input, 'settle', SETTLE);
  const figures: Record<string, number | string> = { settle_seconds: settle };
  const targets: BenchTarget[] = [];
  const samples: unknown[] = [];
  for (const name of names) {
    input.say(`${name}: rebuilding, capturing, rehearsing, recovering`);
    const { compared, bodies, differences } = await oneCluster(folder, name, settle, input.options.get('break'));
    const unexplained = differences.filter((one) => explained(one) === undefined);
    for (const one of differences)
      input.say(`  ${one.key}: ${one.what}: ${one.rehearsed} / ${one.real}: ${explained(one) ?? 'UNEXPLAINED'}`);
    figures[`${name}.objects`] = compared;
    figures[`${name}.bodies`] = bodies;
    figures[`${name}.differing`] = differences.length;
    figures[`${name}.unexplained`] = unexplained.length;
    targets.push(
      { name: `${name}: 0 unexplained`, figure: `${name}.unexplained`, op: '==', limit: 0, atAnyScale: true },
      { name: `${name}: objects were compared`, figure: `${name}.bodies`, op: '>=', limit: 30, atAnyScale: true },
    );
    samples.push({ name, differences: differences.map((one) => ({ ...one, reason: explained(one) })) });
  }
  return { name: 'rehearse-real', figures, targets, samples };
}

async function oneCluster(
  folder: string,
  name: string,
  settle: number,
  broken: string | undefined,
): Promise<{ readonly compared: number; readonly bodies: number; readonly differences: readonly RealDifference[] }> {
  const objectsText = readFileSync(join(folder, `${name}.objects.jsonl`), 'utf8');
  const discoveryText = readFileSync(join(folder, `${name}.discovery.json`), 'utf8');
  const scratch = mkdtempSync(join(tmpdir(), 'seaworthy-rehearse-real-'));
  const vault = openVault(join(scratch, 'vault'));
  try {
    {
      await using source = await startControlPlane({ controllerManager: false });
      await rebuild(source, objectsText, discoveryText);
      const from = await openCluster({ kubeconfig: source.kubeconfig });
      await capturePoint({ cluster: from, vault, clock: { now: () => new Date() } });
      await from.close();
    }
    const reader = await vault.open('latest');
    const before = await rehearsedEndings(reader, broken === 'idle');
    await using target = await startControlPlane({ controllerManager: true });
    const into = await openCluster({ kubeconfig: target.kubeconfig });
    const after = await realEndings(into, reader, join(scratch, 'run'), settle);
    await into.close();
    const bodies = [...before].filter(([key, { body }]) => body !== undefined && after.get(key)?.body !== undefined);
    return { compared: before.size, bodies: bodies.length, differences: judgeEndings(before, after) };
  } finally {
    await vault.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

const POLICY = { selection: {}, fieldOwnership: 'all' } as const;

/** What the rehearsal says, with the bodies as they stand on its stage. */
async function rehearsedEndings(reader: PointReader, idle: boolean): Promise<ReadonlyMap<string, Ending>> {
  const stage = await sandboxStage({
    name: 'rehearsal',
    nodes: false,
    now: Date.now(),
    seed: 3,
    ...(idle ? { controllers: [] } : {}),
  });
  try {
    const { objects } = await rehearse({ stage, reader, policy: POLICY, rate: DEFAULT_RATE, readyMs: 1_000 });
    return new Map([...(await readEndings(stage.cluster, objects, reader)), ...(await readNumbers(stage.cluster))]);
  } finally {
    await stage.close();
  }
}

/** What the recovery came to: the same words, from its result, and the bodies read back. */
async function realEndings(
  cluster: Cluster,
  reader: PointReader,
  folder: string,
  settle: number,
): Promise<ReadonlyMap<string, Ending>> {
  const plan = await planRecovery({ cluster, reader, policy: POLICY, folder });
  const settleMs = settle * 1000;
  const result = await recover({ cluster, reader, plan, folder, consents: ASSUMED, settleMs, readyMs: 1_000 });
  const copies = new Map<string, never>();
  for (const line of readFileSync(join(folder, 'log.jsonl'), 'utf8').trim().split('\n')) {
    const { t, id, key } = JSON.parse(line) as { t: string; id?: string; key?: string };
    if (t === 'ended' && id?.startsWith('copy ') === true && key !== undefined) copies.set(id, key as never);
  }
  const fates = fatesOf({ plan, result, sightings: new Map(), copies });
  return new Map([...(await readEndings(cluster, fates, reader)), ...(await readNumbers(cluster))]);
}
