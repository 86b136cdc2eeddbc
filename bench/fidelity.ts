/**
 * The sandbox beside the real control plane: scripts of requests, random sequences and sessions of kubectl, played at both and compared;
 * and faults put into the sandbox, each of which must be noticed. `--topic T`, `--only TEXT`, `--scripts DIR` choose scripts;
 * `--random N --seed S`, `--kubectl 1.27,1.33` (with `--session TEXT`: those whose title holds the text; `--transcripts DIR` keeps what was typed and heard), `--faults` choose a part; without any of them everything is played.
 * `--self` plays the scripts at the real control plane twice: a script that differs from itself proves nothing.
 */
import { controlPlaneAvailable } from '../test/control-plane/fixture.ts';
import { type BenchInput, type BenchOutcome, type BenchTarget, numberOption } from './bench.ts';
import { faultsPart } from './fidelity/faults-part.ts';
import { KNOWN_DIFFERENCES, MOST_KNOWN } from './fidelity/known-differences.ts';
import { kubectlPart } from './fidelity/kubectl-part.ts';
import { randomPart } from './fidelity/random-part.ts';
import { PINNED } from './fidelity/real.ts';
import { realAnswers } from './fidelity/real-answers.ts';
import { chosenScripts, judged, LEAST_SCRIPTS_A_TOPIC, playScripts, shown, TOPICS } from './fidelity/scripts-part.ts';
import { compareAll } from './fidelity/suite.ts';

const FULL_RANDOM = 2_000;
const FULL_SCRIPTS = 150;
const KUBECTLS = '1.27,1.30,1.33';
const LINES_A_SCRIPT = 8;

/** What one part of the bench came to. */
export interface Part {
  readonly figures: Record<string, number | string>;
  readonly targets: readonly BenchTarget[];
  readonly samples: readonly unknown[];
}

export async function run(input: BenchInput): Promise<BenchOutcome> {
  const nothing = { name: 'fidelity', figures: {}, targets: [], samples: [] };
  const available = await controlPlaneAvailable();
  if (available.kind === 'unavailable') return { ...nothing, couldNotRun: `${available.why} ${available.hint}` };
  if (available.version !== PINNED)
    return { ...nothing, couldNotRun: `the control plane is ${available.version}; the sandbox imitates ${PINNED}` };
  const { options } = input;
  const chosen = ['random', 'kubectl', 'faults'].filter((name) => options.has(name));
  const scriptsChosen = ['topic', 'only', 'scripts', 'self'].some((name) => options.has(name));
  const all = chosen.length === 0 && !scriptsChosen;
  const parts: Part[] = [];
  if (options.has('self')) parts.push(await selfPart(input));
  else if (all || scriptsChosen) parts.push(await scriptsPart(input, all));
  const sized = (full: number): number => Math.max(5, Math.round(full * input.scale));
  if (all || chosen.includes('random'))
    parts.push(
      await randomPart(numberOption(input, 'random', sized(FULL_RANDOM)), numberOption(input, 'seed', 1), input.say),
    );
  if (all || chosen.includes('kubectl')) {
    const versions = (options.get('kubectl') || KUBECTLS).split(',');
    parts.push(
      await kubectlPart(input.scale < 1 && !options.has('kubectl') ? versions.slice(-1) : versions, input.say, {
        title: options.get('session'),
        transcripts: options.get('transcripts'),
      }),
    );
  }
  if (all || chosen.includes('faults')) parts.push(await faultsPart(input));
  return {
    name: 'fidelity',
    figures: { server: available.version, ...Object.assign({}, ...parts.map(({ figures }) => figures)) },
    targets: parts.flatMap(({ targets }) => targets),
    samples: parts.flatMap(({ samples }) => samples),
  };
}

async function scriptsPart(input: BenchInput, all: boolean): Promise<Part> {
  const scripts = chosenScripts(input);
  input.say(`${scripts.length} scripts at the real control plane, then at the sandbox`);
  const { topics, known, differences } = await playScripts(scripts);
  for (const text of shown(differences, LINES_A_SCRIPT)) input.say(text);
  for (const { name, reason } of KNOWN_DIFFERENCES)
    input.say(`known: ${name}, ${known.get(name) ?? 0} times: ${reason}`);
  const figures: Part['figures'] = {};
  for (const [topic, { matched, differing }] of topics)
    figures[`${topic}`] = `${matched} matched, ${differing} differing`;
  const counts = [...topics.values()];
  const steps = scripts.map(({ steps: list }) => list.filter((step) => 'request' in step || 'watch' in step).length);
  figures.scripts = scripts.length;
  figures.requests = steps.reduce((sum, one) => sum + one, 0);
  figures.scripts_matched = counts.reduce((sum, { matched }) => sum + matched, 0);
  figures.scripts_differing = counts.reduce((sum, { differing }) => sum + differing, 0);
  figures.least_scripts_of_a_topic = Math.min(
    ...TOPICS.map((topic) => scripts.filter((one) => one.topic === topic).length),
  );
  figures.least_requests_of_a_script = Math.min(...steps);
  figures.known_differences = KNOWN_DIFFERENCES.length;
  const targets: BenchTarget[] = [
    { name: 'no script differs', figure: 'scripts_differing', op: '==', limit: 0, atAnyScale: true },
    { name: 'at least one script was compared', figure: 'scripts', op: '>=', limit: 1, atAnyScale: true },
    { name: 'few known differences', figure: 'known_differences', op: '<=', limit: MOST_KNOWN, atAnyScale: true },
  ];
  if (all)
    targets.push(
      { name: 'scripts', figure: 'scripts', op: '>=', limit: FULL_SCRIPTS },
      { name: 'scripts of each topic', figure: 'least_scripts_of_a_topic', op: '>=', limit: LEAST_SCRIPTS_A_TOPIC },
      { name: 'requests of each script', figure: 'least_requests_of_a_script', op: '>=', limit: 6 },
    );
  return { figures, targets, samples: differences.slice(0, 500) };
}

async function selfPart(input: BenchInput): Promise<Part> {
  const scripts = chosenScripts(input);
  input.say(`${scripts.length} scripts, twice at the real control plane`);
  const [once, again] = [await realAnswers(scripts), await realAnswers(scripts)];
  const { differences, topics } = judged(compareAll(scripts, once, again));
  for (const text of shown(differences, LINES_A_SCRIPT)) input.say(text);
  const unsteady = [...topics.values()].reduce((sum, { differing }) => sum + differing, 0);
  const unmet = [...once].flatMap(([name, { said }]) =>
    said.flatMap((one, at) =>
      one.kind === 'broken' || (one.kind === 'wait' && !one.satisfied) ? [`${name} step ${at + 1}`] : [],
    ),
  );
  for (const where of unmet) input.say(`${where}: no answer, or a wait in vain`);
  return {
    figures: { scripts: scripts.length, scripts_unlike_themselves: unsteady, steps_in_vain: unmet.length },
    targets: [
      {
        name: 'every script is like itself',
        figure: 'scripts_unlike_themselves',
        op: '==',
        limit: 0,
        atAnyScale: true,
      },
      { name: 'no step is in vain', figure: 'steps_in_vain', op: '==', limit: 0, atAnyScale: true },
    ],
    samples: differences.slice(0, 100),
  };
}
