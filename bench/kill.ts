/**
 * A recovering process killed by SIGKILL at many moments and run again until it ends, each time into namespaces and groups of its own on
 * one real control plane. What it leaves is compared with what a run without a kill leaves; what it wrote is taken from the API server's
 * audit log. In some runs somebody replaces an object between the kill and the next run: that one must not be touched.
 * `--kills N --seed S`; `--sandbox` plays on a sandbox, served over HTTP by this process, instead; `--break log-lost|stale-owners|no-preconditions|again|double|reference` plays defects.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlPlaneAvailable } from '../test/control-plane/fixture.ts';
import { type BenchInput, type BenchOutcome, type BenchTarget, numberOption } from './bench.ts';
import type { KillMoment } from './children/kill-child.ts';
import type { KillDefect } from './children/kill-defects.ts';
import { judgeWrites, readWrites, USER_AGENT } from './kill/audit.ts';
import { realGround, sandboxGround } from './kill/ground.ts';
import { killMoments, PHASES } from './kill/moments.ts';
import { type CalmRun, Trial, type TrialResult } from './kill/trial.ts';

const FULL = 100;
const TRIES = 3;

export async function run(input: BenchInput): Promise<BenchOutcome> {
  const nothing = { name: 'kill', figures: {}, targets: [], samples: [] };
  const onSandbox = input.options.has('sandbox');
  const available = onSandbox ? undefined : await controlPlaneAvailable();
  if (available?.kind === 'unavailable') return { ...nothing, couldNotRun: `${available.why} ${available.hint}` };
  const kills = numberOption(input, 'kills', Math.max(PHASES.length, Math.round(FULL * input.scale)));
  const swaps = Math.max(2, Math.round(kills / 10));
  const seed = numberOption(input, 'seed', 1);
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-bench-kill-'));
  try {
    await using plane = await (onSandbox ? sandboxGround(folder) : realGround(folder));
    const trial = new Trial({ plane, folder, broken: input.options.get('break') as KillDefect | undefined });
    input.say('a run without a kill, and a second one to see what two of them have in common');
    const calm = await trial.calm();
    const twin = await trial.against(calm, []);
    if (twin.differences.length > 0)
      input.say(`two runs without a kill differ: ${twin.differences.slice(0, 3).join('\n  ')}`);
    const results: TrialResult[] = [];
    const { writes, logWrites } = calm;
    input.say(`${calm.state.size} objects, ${writes} writes, ${logWrites} log writes; ${kills} kills`);
    for (const problem of [...calm.strays, ...calm.problems, ...twin.problems].slice(0, 5))
      input.say(`without a kill: ${problem}`);
    for (const [number, moments] of killMoments(kills, calm, seed).entries()) {
      const result = await killed(trial, calm, moments);
      results.push(result);
      if (result.differences.length + result.problems.length > 0)
        input.say(
          `kill ${number} ${JSON.stringify(moments)}: ${[...result.problems, ...result.differences].slice(0, 3).join('\n  ')}`,
        );
      if ((number + 1) % 10 === 0) input.say(`${number + 1} of ${kills} kills`);
    }
    const swapped: TrialResult[] = [];
    for (let number = 0; number < swaps; number++) {
      const result = await trial.withStranger(number);
      swapped.push(result);
      for (const problem of result.problems) input.say(`stranger ${number}: ${problem}`);
    }
    const byRun = Map.groupBy(readWrites(folder), ({ userAgent }) => userAgent.slice(USER_AGENT.length + 1));
    const judged = [calm, twin, ...results, ...swapped].map(({ run: name, strangers }) => ({
      name,
      ...judgeWrites(byRun.get(name) ?? [], new Set(strangers)),
    }));
    for (const { name, wrongUid, twice, staleOwners } of judged)
      for (const said of [...wrongUid, ...twice, ...staleOwners].slice(0, 3)) input.say(`${name}: ${said}`);
    const sum = (of: (one: (typeof judged)[number]) => number): number =>
      judged.reduce((total, one) => total + of(one), 0);
    const kinds = (kind: string): number =>
      results.reduce((total, { differences: all }) => total + all.filter((said) => said.startsWith(kind)).length, 0);
    const figures = {
      seed,
      objects_a_run: calm.state.size,
      writes_a_run: writes,
      kills: results.reduce((total, { killed }) => total + killed, 0),
      ...Object.fromEntries(
        PHASES.map((phase) => [
          `killed_${phase.replaceAll(' ', '_')}`,
          results.reduce((total, { phases }) => total + phases.filter((one) => one === phase).length, 0),
        ]),
      ),
      runs_killed: results.filter(({ killed }) => killed > 0).length,
      runs_that_resumed_a_plan: results.filter(({ resumed }) => resumed).length,
      runs_that_did_not_end_well: [calm, twin, ...results].filter(({ problems }) => problems.length > 0).length,
      strays_without_a_kill: calm.strays.length,
      differences_without_a_kill: twin.differences.length,
      states_that_differ: results.filter((one) => one.differences.length > 0).length,
      objects_missing: kinds('missing'),
      objects_that_differ: kinds('differs'),
      objects_surplus: kinds('surplus'),
      created_twice: sum(({ twice }) => twice.length),
      writes_to_a_wrong_uid: sum(({ wrongUid }) => wrongUid.length),
      stale_owners_sent: sum(({ staleOwners }) => staleOwners.length),
      strangers: swapped.length,
      strangers_touched: swapped.filter(({ problems }) => problems.length > 0).length,
      writes_accepted: sum(({ accepted }) => accepted),
      writes_stopped_by_409: sum(({ stopped }) => stopped),
    };
    return { name: 'kill', figures, targets: targetsOf(kills), samples: results.map(sampleOf) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many writes there are differs a little: a moment that was not reached is moved forward. */
export async function killed(trial: Trial, calm: CalmRun, moments: readonly KillMoment[]): Promise<TrialResult> {
  for (let tried = 1; ; tried++) {
    const result = await trial.against(calm, moments);
    if (result.killed > 0 || result.problems.length > 0 || tried === TRIES) return result;
    moments = moments.map((moment) => ({ ...moment, at: Math.floor(moment.at * 0.7) }));
  }
}

function sampleOf({ run: name, moments, killed, seconds, differences: all, problems }: TrialResult): object {
  return { run: name, moments, killed, seconds: Math.round(seconds * 100) / 100, differences: all, problems };
}

function targetsOf(kills: number): readonly BenchTarget[] {
  const none = (figure: string, name: string): BenchTarget => ({ name, figure, op: '==', limit: 0, atAnyScale: true });
  return [
    { name: 'so many runs were killed', figure: 'runs_killed', op: '==', limit: Math.max(1, kills), atAnyScale: true },
    none('states_that_differ', 'the same final state as without a kill'),
    none('differences_without_a_kill', 'two runs without a kill leave the same state'),
    none('strays_without_a_kill', 'without a kill there is exactly what was captured'),
    none('created_twice', 'nothing is created twice'),
    none('objects_surplus', 'no duplicate'),
    none('writes_to_a_wrong_uid', 'no write to a wrong UID'),
    none('stale_owners_sent', 'no stale owner is sent'),
    none('strangers_touched', 'what somebody else put in place is not touched'),
    none('runs_that_did_not_end_well', 'every run ends with all steps done'),
  ];
}
