import type { BenchInput } from '../bench.ts';
import { type Difference, line } from './compare.ts';
import { knownDifference } from './known-differences.ts';
import { readScripts } from './read-scripts.ts';
import { realAnswers } from './real-answers.ts';
import type { Script } from './script.ts';
import { startSimulated } from './simulated.ts';
import { compareAll, playApart } from './suite.ts';
import type { Transcript } from './transcript.ts';

export const TOPICS = [
  'create-update-patch',
  'server-side-apply',
  'lists-and-paging',
  'watch',
  'status',
  'finalizers-gc',
  'namespaces',
  'crds',
  'conversion',
  'services',
  'pv',
  'admission',
  'rbac',
  'dry-run',
  'discovery-tables',
] as const;
export const LEAST_SCRIPTS_A_TOPIC = 8;
const OWN = new URL('./scripts', import.meta.url).pathname;

export interface TopicCount {
  matched: number;
  differing: number;
}
export interface ScriptsResult {
  readonly topics: ReadonlyMap<string, TopicCount>;
  readonly known: ReadonlyMap<string, number>;
  readonly differences: readonly Difference[];
}

/** The scripts that the options ask for: the bench's own or those of a folder, of one topic, or those whose name holds a text. */
export function chosenScripts({ options, scale }: Pick<BenchInput, 'options' | 'scale'>): Script[] {
  const all = readScripts(options.get('scripts') ?? OWN);
  const topic = options.get('topic');
  const only = options.get('only');
  const chosen = all.filter(
    (script) => (topic === undefined || script.topic === topic) && (only === undefined || script.name.includes(only)),
  );
  return scale < 1 ? thinned(chosen, scale) : chosen;
}

/** A part of the scripts with every topic in it. */
function thinned(scripts: readonly Script[], scale: number): Script[] {
  return [...Map.groupBy(scripts, ({ topic }) => topic).values()].flatMap((group) =>
    group.slice(0, Math.max(1, Math.round(group.length * scale))),
  );
}

export async function playScripts(
  scripts: readonly Script[],
  real?: ReadonlyMap<string, Transcript>,
): Promise<ScriptsResult> {
  const answers = real ?? (await realAnswers(scripts));
  const simulated = await playApart(scripts, (users) => startSimulated(users));
  return judged(compareAll(scripts, answers, simulated));
}

export function judged(compared: ReadonlyMap<Script, readonly Difference[]>): ScriptsResult {
  const topics = new Map<string, TopicCount>();
  const known = new Map<string, number>();
  const differences: Difference[] = [];
  for (const [{ topic }, found] of compared) {
    const count = topics.get(topic) ?? { matched: 0, differing: 0 };
    topics.set(topic, count);
    const unexplained = found.filter((difference) => {
      const why = knownDifference(difference);
      if (why !== undefined) known.set(why.name, (known.get(why.name) ?? 0) + 1);
      return why === undefined;
    });
    count[unexplained.length === 0 ? 'matched' : 'differing']++;
    differences.push(...unexplained);
  }
  return { topics, known, differences };
}

/** The first differences of each script, as lines. */
export function shown(differences: readonly Difference[], most: number): string[] {
  return [...Map.groupBy(differences, ({ script }) => script)].flatMap(([, found]) => [
    ...found.slice(0, most).map(line),
    ...(found.length > most ? [`  ... ${found.length - most} more`] : []),
  ]);
}
