/** Reads a vault in whose files bits were flipped or ends cut off, one damage at a time; some through a recovery that must not begin. */
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANONYMOUS } from '../../src/cluster/credentials.ts';
import { clusterAt } from '../../src/cluster/open.ts';
import { planRecovery } from '../../src/recover/plan-recovery.ts';
import { recover } from '../../src/recover/recover.ts';
import { surveyPoint } from '../../src/recover/survey-point.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { Random } from '../worlds/random.ts';
import { highWater, hoard, jobOf, report } from './job.ts';
import type { HostileAnswer } from './kubeconfig-child.ts';
import { type CaseOutcome, refused, within } from './outcome.ts';

export interface VaultJob {
  readonly url: string;
  readonly vault: string;
  readonly folder: string;
  /** Paths of all files of the vault. */
  readonly files: readonly string[];
  readonly seed: number;
  readonly from: number;
  readonly flips: number;
  readonly cuts: number;
  readonly broken?: string;
}

/** Each so many cases are played through a whole recovery into a server that would take every write. */
const THROUGH_RECOVERY = 10;

const { url, vault: place, folder, files, seed, from, flips, cuts, broken } = jobOf<VaultJob>();
if (broken === 'hoarding') hoard();
const whole = files.map((file) => ({ file, bytes: readFileSync(file) }));
const outcomes: CaseOutcome[] = [];
for (let number = from; number < from + flips + cuts; number++) {
  const random = new Random(seed * 1_000_003 + number);
  const { file, bytes } = random.pick(whole);
  const what = number < from + flips ? flip(random, file, bytes) : cut(random, file, bytes);
  if (broken === 'blind') writeFileSync(file, bytes);
  outcomes.push(await within(number, what, 30_000, () => read(number, what)));
  writeFileSync(file, bytes);
}
// The files are as they were: what is told must have come from the damage.
const sound = await within(-1, 'undamaged', 30_000, () => read(1, 'undamaged'));
if (sound.kind !== 'accepted') throw new Error(`the undamaged vault was refused: ${sound.said}`);
report({ outcomes, highWater: highWater() } satisfies HostileAnswer);

function flip(random: Random, file: string, bytes: Buffer): string {
  const at = random.below(bytes.length);
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
  writeFileSync(file, changed);
  return `a bit flipped at byte ${at} of ${file.slice(place.length + 1)}`;
}

function cut(random: Random, file: string, bytes: Buffer): string {
  const size = random.below(bytes.length);
  truncateSync(file, size);
  return `${file.slice(place.length + 1)} cut off at byte ${size} of ${bytes.length}`;
}

async function read(number: number, what: string): Promise<CaseOutcome> {
  const vault = openVault(place);
  try {
    if (broken === 'crashing') setTimeout(() => Promise.reject(new TypeError('played by --break crashing')));
    const said = number % THROUGH_RECOVERY === 0 ? await recovery(vault, number) : await survey(vault);
    return { number, what, kind: 'accepted', said };
  } catch (error) {
    return refused(number, what, broken === 'uncoded' ? new Error('played by --break uncoded') : error);
  } finally {
    await vault.close();
  }
}

async function survey(vault: Vault): Promise<string> {
  const reader = await vault.open('latest');
  try {
    return `${(await surveyPoint(reader)).objects.length} objects`;
  } finally {
    await reader.close();
  }
}

async function recovery(vault: Vault, number: number): Promise<string> {
  const endpoint = { url: new URL(`${url}/honest`), insecure: false };
  const connection = { name: 'honest', context: undefined, namespace: 'default', endpoint, credentials: ANONYMOUS };
  const cluster = clusterAt(connection);
  const run = join(folder, `run-${number}`);
  try {
    const reader = await vault.open('latest');
    const plan = await planRecovery({ cluster, reader, policy: { selection: {}, fieldOwnership: 'all' } });
    const { exit } = await recover({
      cluster,
      reader,
      plan,
      folder: run,
      settleMs: 0,
      readyMs: 0,
      limits: { patience: 200 },
    });
    return `a recovery with exit ${exit}`;
  } finally {
    await cluster.close();
    rmSync(run, { recursive: true, force: true });
  }
}
