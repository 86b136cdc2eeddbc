/** `npm run bench -- NAME [--scale 0.01] [--json] [...]`: runs one bench, prints figures and verdict. Exits 0 met, 1 not met, 4 could not run. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BenchOutcome, Run } from './bench.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Every bench and what it shows. Each is a module of this folder with the same name, loaded when it is asked for. */
const BENCHES: Readonly<Record<string, string>> = {
  lab: 'the clusters of the lab, rebuilt, captured and recovered into a second control plane',
  restore: '10,000 objects beside the POST ceiling of the same server',
  capture: '100,000 objects beside the raw list',
  plan: 'planning 100,000 objects: seconds and memory',
  kill: 'a recovery killed at 100 points and run again',
  graphs: '100,000 random worlds through the plan, judged by the oracle',
  hostile: 'malformed input, servers and vaults',
  rehearse: 'rehearsing 10,000 objects with claims and databases: seconds, memory and whether the report is true',
  'rehearse-real': 'recorded clusters rehearsed, and recovered on a real control plane: the same, object by object',
  models: 'every row of what the lab recorded of operators and restores, played in the sandbox',
  sandbox: 'creates, lists and watchers of the sandbox beside the real control plane, and the memory of both',
  fidelity: 'the sandbox beside the real control plane: scripts, random sequences, kubectl, seeded faults',
};

interface Wanted {
  readonly name: string;
  readonly scale: number;
  readonly json: boolean;
  readonly options: ReadonlyMap<string, string>;
}

function wanted(words: readonly string[]): Wanted | string {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h') return 'name a bench';
  const options = new Map<string, string>();
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? '';
    if (!word.startsWith('--')) return `"${word}" is no option`;
    const [flag = '', given] = word.slice(2).split('=', 2);
    const next = rest[index + 1];
    const value = given ?? (next === undefined || next.startsWith('--') ? '' : next);
    if (given === undefined && value !== '') index++;
    options.set(flag, value);
  }
  const scale = Number(options.get('scale') ?? 1);
  if (!(scale > 0 && scale <= 1)) return `--scale needs a number above 0 and up to 1, not "${options.get('scale')}"`;
  const json = options.has('json');
  options.delete('json');
  options.delete('scale');
  return { name, scale, json, options };
}

async function outcomeOf({ name, scale, options }: Wanted): Promise<BenchOutcome> {
  const nothing = { name, figures: {}, targets: [], samples: [] };
  const file = new URL(`./${name}.ts`, import.meta.url);
  if (!existsSync(fileURLToPath(file))) return { ...nothing, couldNotRun: `there is no bench/${name}.ts` };
  const { run } = (await import(file.href)) as { run: Run };
  try {
    return await run({ scale, options, say: (line) => console.error(line) });
  } catch (error) {
    return { ...nothing, couldNotRun: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function print(outcome: BenchOutcome, verdict: Verdict, scale: number): void {
  const width = Math.max(8, ...Object.keys(outcome.figures).map((name) => name.length));
  console.log(
    `${outcome.name}${scale < 1 ? `, at ${scale} of its size: targets of time and size are shown and do not count` : ''}`,
  );
  for (const [name, value] of Object.entries(outcome.figures)) console.log(`  ${name.padEnd(width)}  ${shown(value)}`);
  for (const { target, value, met, counted } of verdict.judgements)
    console.log(
      `  ${met ? 'met    ' : 'NOT MET'} ${target.name}: ${shown(value)} ${target.op} ${shown(target.limit)}${counted ? '' : ' (does not count at this scale)'}`,
    );
  if (outcome.samples.length > 0) console.log(`  samples: ${JSON.stringify(outcome.samples)}`);
  console.log(verdict.sentence);
}

const shown = (value: number | string | undefined): string =>
  typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : (value ?? 'not measured');

const asked = wanted(process.argv.slice(2));
if (typeof asked === 'string' || !Object.hasOwn(BENCHES, asked.name)) {
  const why = typeof asked === 'string' ? asked : `there is no bench "${asked.name}"`;
  console.error(`${why}\n\nnpm run bench -- NAME [--scale 0.01] [--json]`);
  for (const [name, shows] of Object.entries(BENCHES)) console.error(`  ${name.padEnd(8)} ${shows}`);
  process.exitCode = 2;
} else {
  const outcome = await outcomeOf(asked);
  const verdict = verdictOf(outcome, asked.scale);
  if (asked.json)
    console.log(JSON.stringify({ ...outcome, scale: asked.scale, ok: verdict.ok, sentence: verdict.sentence }));
  else print(outcome, verdict, asked.scale);
  process.exitCode = verdict.exit;
}
