/**
 * Malformed kubeconfigs, hostile servers and damaged vaults, from a seed. Each case must end in a coded fault; none may crash the process,
 * hang, send a write, or make it hold more memory than the bound. `--seed S`; `--case N` plays one server case;
 * `--break blind|uncoded|crashing|writing|hoarding` plays defects.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVault } from '../src/vault/open-vault.ts';
import { type BenchInput, type BenchOutcome, type BenchTarget, numberOption } from './bench.ts';
import type { KubeconfigJob } from './children/kubeconfig-child.ts';
import type { ServerJob } from './children/server-child.ts';
import type { VaultJob } from './children/vault-child.ts';
import { Family } from './hostile/family.ts';
import { CASES, HostileServer } from './hostile/server.ts';
import { chains } from './worlds/chains.ts';
import { uidFor } from './worlds/random.ts';
import { writeWorld } from './worlds/world.ts';

const FULL = { kubeconfigs: 10_000, rounds: 10, flips: 5_000, cuts: 1_000 };
const MOST_MB = 700;
const PACK_BYTES = 20_000;

export async function run(input: BenchInput): Promise<BenchOutcome> {
  const seed = numberOption(input, 'seed', 1);
  const sized = (full: number, least: number): number => Math.max(least, Math.round(full * input.scale));
  const broken = input.options.get('break');
  const defect = broken === undefined ? {} : { broken };
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-bench-hostile-'));
  try {
    await using server = await new HostileServer().start();
    const place = join(folder, 'vault');
    const vault = openVault(place, { packBytes: PACK_BYTES });
    await writeWorld(vault, chains('h', 900, 5), uidFor(0xc1, 4));
    await vault.close();
    const files = readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

    const kubeconfigs = new Family('kubeconfigs', 'kubeconfig-child', input.say);
    await kubeconfigs.play({
      folder,
      seed,
      from: 0,
      count: sized(FULL.kubeconfigs, 170),
      ...defect,
    } satisfies KubeconfigJob);

    const servers = new Family('servers', 'server-child', input.say);
    const only = input.options.get('case');
    for (let round = 0; round < sized(FULL.rounds, 1); round++) {
      const numbers = only === undefined ? CASES.map((_, at) => round * CASES.length + at) : [Number(only)];
      const job: ServerJob = { url: server.url, vault: place, folder, seed, numbers, ...defect };
      await servers.play(job);
    }

    const vaults = new Family('vaults', 'vault-child', input.say);
    const [flips, cuts] = [sized(FULL.flips, 100), sized(FULL.cuts, 40)];
    await vaults.play({
      url: server.url,
      vault: place,
      folder,
      files,
      seed,
      from: 0,
      flips,
      cuts,
      ...defect,
    } satisfies VaultJob);

    for (const write of server.writes.slice(0, 5)) input.say(`a write reached a server: ${write}`);
    const figures = {
      seed,
      ...kubeconfigs.figures(),
      ...servers.figures(),
      ...vaults.figures(),
      files_of_the_vault: files.length,
      writes_sent: server.writes.length,
    };
    const families = [kubeconfigs, servers, vaults];
    return {
      name: 'hostile',
      figures,
      targets: families.flatMap(({ name }) => targetsOf(name)).concat(WRITES),
      samples: families.map((family) => family.sample()),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const WRITES: BenchTarget = { name: 'no write is sent', figure: 'writes_sent', op: '==', limit: 0, atAnyScale: true };

function targetsOf(family: string): BenchTarget[] {
  const none = (figure: string, name: string): BenchTarget => ({
    name: `${family}: ${name}`,
    figure: `${family}.${figure}`,
    op: '==',
    limit: 0,
    atAnyScale: true,
  });
  return [
    { name: `${family}: cases were played`, figure: `${family}.cases`, op: '>=', limit: 1, atAnyScale: true },
    none('crashes', 'no crash'),
    none('uncoded', 'every failure is coded'),
    none('accepted', 'nothing malformed is taken for good'),
    none('too_long', 'no sentence without end'),
    none('hangs', 'no hang'),
    {
      name: `${family}: at most ${MOST_MB} MB`,
      figure: `${family}.high_water_mb`,
      op: '<=',
      limit: MOST_MB,
      atAnyScale: true,
    },
  ];
}
