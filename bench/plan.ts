/**
 * Planning a whole cluster for an empty target, from opening the vault to the plan, in a process of its own: seconds and memory.
 * `--break forgetting` plays a plan that leaves objects out.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVault } from '../src/vault/open-vault.ts';
import { type BenchInput, type BenchOutcome, type BenchTarget, numberOption } from './bench.ts';
import type { PlanJob, Planned } from './children/plan-child.ts';
import { runScript } from './children/run-script.ts';
import { company } from './worlds/company.ts';
import { uidFor } from './worlds/random.ts';
import { writeWorld } from './worlds/world.ts';

const FULL = 100_000;

export async function run(input: BenchInput): Promise<BenchOutcome> {
  const count = Math.max(100, Math.round(FULL * input.scale));
  const times = Math.max(2, numberOption(input, 'times', 3));
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-bench-plan-'));
  try {
    const vault = openVault(folder);
    input.say(`writing a point of ${count} objects`);
    const manifest = await writeWorld(vault, company(count), uidFor(0xc1, 2));
    await vault.close();
    const samples: (Planned & { processSeconds: number })[] = [];
    for (let time = 0; time < times; time++) {
      const job: PlanJob = {
        vault: folder,
        ...(input.options.get('break') === 'forgetting' ? { broken: 'forgetting' } : {}),
      };
      const { answer, seconds, talk } = await runScript<Planned>('plan-child', job);
      if (answer === undefined) throw new Error(`plan-child said nothing: ${talk}`);
      input.say(
        `plan made in ${answer.seconds.toFixed(2)} s (the process took ${seconds.toFixed(2)} s), ${Math.round(answer.highWater)} MB`,
      );
      samples.push({ ...answer, processSeconds: seconds });
    }
    const worst = (of: (sample: (typeof samples)[number]) => number): number => Math.max(...samples.map(of));
    const median = (of: (sample: (typeof samples)[number]) => number): number =>
      samples.map(of).sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
    const figures = {
      objects: manifest.objects,
      mean_bytes: manifest.bytes / manifest.objects,
      seconds: median(({ seconds }) => seconds),
      slowest_seconds: worst(({ seconds }) => seconds),
      process_seconds: median(({ processSeconds }) => processSeconds),
      open_seconds: median(({ openSeconds }) => openSeconds),
      survey_seconds: median(({ surveySeconds }) => surveySeconds),
      plan_seconds: median(({ planSeconds }) => planSeconds),
      high_water_mb: worst(({ highWater }) => highWater),
      steps: samples[0]?.steps ?? 0,
      omissions: samples[0]?.omissions ?? 0,
      forgotten: worst(({ forgotten }) => forgotten),
      before_their_owner: worst(({ beforeOwner }) => beforeOwner),
      refusals: worst(({ refusals }) => refusals),
      different_plans: new Set(samples.map(({ digest }) => digest)).size,
    };
    return { name: 'plan', figures, targets: TARGETS, samples };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const exactly = (figure: string, limit: number, name: string): BenchTarget => ({
  name,
  figure,
  op: '==',
  limit,
  atAnyScale: true,
});
const TARGETS: readonly BenchTarget[] = [
  { name: 'at most 5 s (the median)', figure: 'seconds', op: '<=', limit: 5 },
  { name: 'at most 600 MB (the worst)', figure: 'high_water_mb', op: '<=', limit: 600 },
  exactly('forgotten', 0, 'every object is a step or a stated omission'),
  exactly('before_their_owner', 0, 'no object before its owner'),
  exactly('refusals', 0, 'nothing refuses'),
  exactly('different_plans', 1, 'the same plan each time'),
];
