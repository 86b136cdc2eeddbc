/**
 * Rehearsing the recovery of a platform (claims with managed resources and passwords, databases, applications), from opening the
 * vault to the report, in a process of its own: seconds and memory, and whether the report says what is true. A few owner references are written stale on purpose:
 * the report has to find each. `--break no-collector` plays a rehearsal without the garbage collector, `--break blind` one that does not know what stands outside.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVault } from '../src/vault/open-vault.ts';
import { type BenchInput, type BenchOutcome, type BenchTarget, numberOption } from './bench.ts';
import { isBreakage, type Rehearsed, type RehearseJob } from './children/rehearse-child.ts';
import { runScript } from './children/run-script.ts';
import { platform } from './worlds/platform.ts';
import { uidFor } from './worlds/random.ts';
import { writeWorld } from './worlds/world.ts';

const FULL = { objects: 10_000, claims: 200, databases: 100, applications: 150 };
const OWNED = 20;

export async function run(input: BenchInput): Promise<BenchOutcome> {
  const nothing = { name: 'rehearse', figures: {}, targets: [], samples: [] };
  const part = (full: number): number => Math.max(3, Math.round(full * input.scale));
  const times = Math.max(2, numberOption(input, 'times', 3));
  const broken = input.options.get('break');
  if (broken !== undefined && !isBreakage(broken)) return { ...nothing, couldNotRun: `there is no --break ${broken}` };
  const size = {
    objects: part(FULL.objects),
    claims: part(FULL.claims),
    databases: part(FULL.databases),
    applications: part(FULL.applications),
    owned: OWNED,
  };
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-bench-rehearse-'));
  try {
    const vault = openVault(folder);
    input.say(`living through a platform of ${size.objects} objects`);
    const manifest = await writeWorld(vault, await platform(size), uidFor(0xc1, 3));
    await vault.close();
    const samples: (Rehearsed & { processSeconds: number })[] = [];
    for (let time = 0; time < times; time++) {
      const job: RehearseJob = { vault: folder, ...(broken === undefined ? {} : { broken }) };
      const { answer, seconds, talk } = await runScript<Rehearsed>('rehearse-child', job);
      if (answer === undefined) throw new Error(`rehearse-child said nothing: ${talk}`);
      input.say(
        `rehearsed in ${answer.seconds.toFixed(2)} s (the process took ${seconds.toFixed(2)} s), ${Math.round(answer.highWater)} MB`,
      );
      for (const line of answer.surprises) input.say(`  ${line}`);
      samples.push({ ...answer, processSeconds: seconds });
    }
    return { name: 'rehearse', figures: figuresOf(samples, manifest.objects, size), targets: TARGETS, samples };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Sample = Rehearsed & { readonly processSeconds: number };

/** Of times the median, of everything else the worst. */
export function figuresOf(
  samples: readonly Sample[],
  objects: number,
  planted: { readonly claims: number; readonly databases: number; readonly owned: number },
): Record<string, number> {
  const worst = (of: (sample: Sample) => number): number => Math.max(...samples.map(of));
  const median = (of: (sample: Sample) => number): number =>
    samples.map(of).sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
  return {
    objects,
    claims: planted.claims,
    databases: planted.databases,
    seconds: median(({ seconds }) => seconds),
    slowest_seconds: worst(({ seconds }) => seconds),
    cpu_seconds: median(({ cpuSeconds }) => cpuSeconds),
    process_seconds: median(({ processSeconds }) => processSeconds),
    high_water_mb: worst(({ highWater }) => highWater),
    steps: worst(({ steps }) => steps),
    accepted: samples[0]?.counts.accepted ?? 0,
    omitted: samples[0]?.counts.omitted ?? 0,
    made_by_controllers: samples[0]?.made ?? 0,
    forgotten: worst(({ forgotten }) => forgotten),
    stale_owners_not_found: worst(({ counts }) => Math.abs(planted.owned - counts.collected)),
    lost_otherwise: worst(
      ({ counts: { refused, blocked, withheld, deleted, replaced } }) =>
        refused + blocked + withheld + deleted + replaced,
    ),
    outside_touched: worst(({ outside }) => outside),
    secrets_not_kept: worst(({ secretsNotKept }) => secretsNotKept),
    identities_not_verified: worst(({ identities }) => Math.abs(planted.claims * 3 - identities)),
    databases_not_told: worst(({ databases }) => Math.abs(planted.databases - databases)),
    databases_not_healthy: worst(({ healthy }) => Math.abs(planted.databases - healthy)),
    data_claimed: worst(({ dataClaimed }) => dataClaimed),
    checks_failed_otherwise: worst(({ failedOtherwise }) => failedOtherwise),
    green_exits: samples.filter(({ exit }) => exit === 0).length,
    different_reports: new Set(samples.map(({ digest }) => digest)).size,
  };
}

const exactly = (figure: string, limit: number, name: string): BenchTarget => ({
  name,
  figure,
  op: '==',
  limit,
  atAnyScale: true,
});
export const TARGETS: readonly BenchTarget[] = [
  { name: 'at most 15 s (the median)', figure: 'seconds', op: '<=', limit: 15 },
  { name: 'at most 700 MB (the worst)', figure: 'high_water_mb', op: '<=', limit: 700 },
  exactly('forgotten', 0, 'every captured object is told'),
  exactly('stale_owners_not_found', 0, 'every stale owner reference is found by its collection'),
  exactly('lost_otherwise', 0, 'nothing else is refused, withheld or deleted'),
  exactly('outside_touched', 0, 'nothing outside is created, deleted or there twice'),
  exactly('secrets_not_kept', 0, 'every password is kept'),
  exactly('identities_not_verified', 0, 'every identity outside is verified'),
  exactly('databases_not_told', 0, 'every database is told'),
  exactly('databases_not_healthy', 0, 'every database starts'),
  exactly('data_claimed', 0, 'no data is claimed to be back'),
  exactly('checks_failed_otherwise', 0, 'no check fails but of what was collected'),
  exactly('green_exits', 0, 'databases without data are never fine'),
  exactly('different_reports', 1, 'the same report each time'),
];
