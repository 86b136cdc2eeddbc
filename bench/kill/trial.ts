import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openVault } from '../../src/vault/open-vault.ts';
import { ask } from '../../test/control-plane/api.ts';
import type { KillAnswer, KillJob, KillMoment, KillPhase } from '../children/kill-child.ts';
import type { KillDefect } from '../children/kill-defects.ts';
import { type Ended, runScript } from '../children/run-script.ts';
import { outage } from '../worlds/outage.ts';
import { uidFor } from '../worlds/random.ts';
import { writeWorld } from '../worlds/world.ts';
import { USER_AGENT } from './audit.ts';
import type { KillGround } from './ground.ts';
import { differences, type State, stateOf, strayNames } from './state.ts';

export interface TrialResult {
  readonly run: string;
  readonly moments: readonly KillMoment[];
  readonly killed: number;
  readonly phases: readonly KillPhase[];
  readonly resumed: boolean;
  readonly differences: readonly string[];
  /** Steps that were not done, failed checks, a death that nobody ordered, a stranger that was touched. */
  readonly problems: readonly string[];
  /** UIDs of objects that the bench itself put in place of the run's own. */
  readonly strangers: readonly string[];
  readonly seconds: number;
}
export interface CalmRun extends TrialResult {
  readonly state: State;
  readonly writes: number;
  readonly logWrites: number;
  /** Objects that the world does not account for, and objects of it that are not there. */
  readonly strays: readonly string[];
}

const MOST_STARTS = 6;
/** Controllers act on what came back for a moment longer. */
const QUIET_MS = 30_000;
interface Replaced {
  readonly moment: KillMoment;
  readonly collection: (run: string) => string;
  readonly type: (run: string) => { readonly apiVersion: string; readonly kind: string };
}
/** Objects of several writes, replaced when the log knows of the first, and when only the server does. */
const REPLACED: readonly Replaced[] = (
  [
    ['patch', 'after send', 'widget-1'],
    ['create', 'after answer', 'chain-1'],
    ['patch', 'after send', 'chain-1'],
    ['create', 'after answer', 'widget-1'],
  ] as const
).map(([verb, phase, name]) => {
  const moment = { phase, at: -1, of: { verb, name }, delay: 500 };
  return name === 'chain-1'
    ? {
        moment,
        collection: (run) => `/api/v1/namespaces/${run}-app/configmaps`,
        type: () => ({ apiVersion: 'v1', kind: 'ConfigMap' }),
      }
    : {
        moment,
        collection: (run) => `/apis/${run}.bench.example/v1/namespaces/${run}-app/widgets`,
        type: (run) => ({ apiVersion: `${run}.bench.example/v1`, kind: 'Widget' }),
      };
});

/** Runs recoveries of the same small world on one server, each under a name of its own. */
export class Trial {
  readonly #plane: KillGround;
  readonly #folder: string;
  readonly #broken: KillDefect | undefined;
  readonly #since = new Date().toISOString().slice(0, 19);
  #number = 0;

  constructor(parts: {
    readonly plane: KillGround;
    readonly folder: string;
    readonly broken: KillDefect | undefined;
  }) {
    this.#plane = parts.plane;
    this.#folder = parts.folder;
    this.#broken = parts.broken;
  }

  /** A run that nobody kills, and the state in which the controllers leave it. */
  async calm(): Promise<CalmRun> {
    const { run, start } = await this.#begin(this.#broken === 'reference' ? 'reference' : 'none');
    const began = performance.now();
    const ended = await start(undefined);
    const { answer } = ended;
    if (answer === undefined) throw new Error(`the run without a kill died: ${ended.talk}`);
    const state = await this.#quiet(run);
    const { writes, logWrites } = answer;
    const strays = strayNames(state, outage(run, 0).objects(), run);
    const seconds = (performance.now() - began) / 1000;
    const result = { run, moments: [], killed: 0, phases: [], resumed: false, differences: [], strangers: [], seconds };
    return { ...result, problems: problemsOf(ended), state, strays, writes, logWrites };
  }

  /** A run that is killed at these moments, one after another, and compared in the end. */
  async against(calm: CalmRun, moments: readonly KillMoment[]): Promise<TrialResult> {
    const { run, start } = await this.#begin();
    const began = performance.now();
    const phases: KillPhase[] = [];
    let last: Ended<KillAnswer> | undefined;
    let wait = [...moments];
    for (let started = 0; started < MOST_STARTS && last?.answer === undefined; started++) {
      const [moment, ...later] = wait;
      last = await start(moment);
      wait = later;
      if (last.signal === 'SIGKILL' && moment !== undefined) phases.push(moment.phase);
      else if (last.answer === undefined) break;
    }
    const seconds = (performance.now() - began) / 1000;
    const found = await this.#likeness(run, calm.state);
    await this.#clean(run);
    const resumed = last?.answer?.resumed ?? false;
    return {
      run,
      moments,
      killed: phases.length,
      phases,
      resumed,
      differences: found,
      problems: problemsOf(last),
      strangers: [],
      seconds,
    };
  }

  /** Killed after an object was created; somebody replaces it; the next run must leave the replacement alone. */
  async withStranger(number: number): Promise<TrialResult> {
    const { run, start } = await this.#begin();
    const began = performance.now();
    const chosen = REPLACED[number % REPLACED.length];
    if (chosen === undefined) throw new Error('unreachable');
    const { moment } = chosen;
    const name = moment.of?.name ?? '';
    const first = await start(moment);
    const path = `${chosen.collection(run)}/${name}`;
    await ask(this.#plane, 'DELETE', path);
    const metadata = {
      name,
      namespace: `${run}-app`,
      annotations: { 'bench.example/by': 'somebody else' },
    };
    const body = { ...chosen.type(run), metadata };
    const made = await ask(this.#plane, 'POST', chosen.collection(run), body);
    const problems: string[] = [];
    if (first.signal !== 'SIGKILL' || made.status !== 201)
      problems.push(`could not be played: ${first.signal ?? first.code}, ${made.status} ${made.body.slice(0, 200)}`);
    const before = JSON.parse(made.body) as { metadata: { uid: string; resourceVersion: string } };
    const second = await start(undefined);
    const after = JSON.parse((await ask(this.#plane, 'GET', path)).body) as typeof before;
    if (JSON.stringify(before.metadata) !== JSON.stringify(after.metadata))
      problems.push(`${path} was changed from ${JSON.stringify(before.metadata)} to ${JSON.stringify(after.metadata)}`);
    if (second.answer === undefined) problems.push(`the second run died: ${second.talk.trim().slice(-300)}`);
    else if (second.answer.exit !== 3 || !second.answer.notDone.some((said) => said.includes(name)))
      problems.push(`exit ${second.answer.exit}, and ${name} is not told: ${second.answer.notDone.join('; ')}`);
    await this.#clean(run);
    const strangers = before.metadata?.uid === undefined ? [] : [before.metadata.uid];
    const seconds = (performance.now() - began) / 1000;
    return {
      run,
      moments: [moment],
      killed: 1,
      phases: [moment.phase],
      resumed: true,
      differences: [],
      problems,
      strangers,
      seconds,
    };
  }

  async #begin(broken: KillDefect | 'none' = this.#broken === 'reference' ? 'none' : (this.#broken ?? 'none')) {
    const number = this.#number++;
    const run = `k${String(number).padStart(3, '0')}z`;
    const folder = join(this.#folder, run);
    mkdirSync(folder);
    const vault = openVault(join(folder, 'vault'));
    await writeWorld(vault, outage(run, number), uidFor(0xc1, 3));
    await vault.close();
    const job: KillJob = {
      kubeconfig: this.#plane.kubeconfig,
      vault: join(folder, 'vault'),
      folder: join(folder, 'run'),
      userAgent: `${USER_AGENT}/${run}`,
      ...(broken === 'none' ? {} : { broken }),
    };
    const start = (moment: KillMoment | undefined): Promise<Ended<KillAnswer>> =>
      runScript<KillAnswer>('kill-child', moment === undefined ? job : { ...job, moment }, { limitMs: 180_000 });
    return { run, start };
  }

  /** The state once it has stood still. */
  async #quiet(run: string): Promise<State> {
    await sleep(3_000);
    let state = await stateOf(this.#plane, run, this.#since);
    for (const end = performance.now() + QUIET_MS; performance.now() < end; ) {
      await sleep(1_000);
      const next = await stateOf(this.#plane, run, this.#since);
      if (differences(state, next).length === 0) return next;
      state = next;
    }
    return state;
  }

  /** Differences that stay. */
  async #likeness(run: string, wanted: State): Promise<string[]> {
    const end = performance.now() + QUIET_MS / 2;
    for (;;) {
      const found = differences(wanted, await stateOf(this.#plane, run, this.#since));
      if (found.length === 0 || performance.now() > end) return found;
      await sleep(300);
    }
  }

  /** Nothing waits for what is asked here: it only keeps the server small. */
  async #clean(run: string): Promise<void> {
    const group = `${run}.bench.example`;
    const paths = [
      ...['widgets', 'storeclaims', 'xstores', 'stores'].map(
        (one) => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${one}.${group}`,
      ),
      ...['app', 'sys'].map((one) => `/api/v1/namespaces/${run}-${one}`),
      `/api/v1/persistentvolumes/${run}-data`,
    ];
    for (const path of paths) await ask(this.#plane, 'DELETE', path);
  }
}

function problemsOf(ended: Ended<KillAnswer> | undefined): string[] {
  if (ended === undefined) return ['nothing was started'];
  const { answer, code, signal, talk } = ended;
  if (answer === undefined) return [`died of ${signal ?? `exit ${code}`}: ${talk.trim().slice(-600)}`];
  return [...answer.notDone, ...answer.notVerified];
}
