import type { Plan } from '../../../src/plan/plan.ts';
import type { Violation } from '../invariants.ts';
import { judge } from '../judge.ts';
import { Random } from '../random.ts';
import type { World } from '../world.ts';
import { generate, type Sizes } from './generate.ts';
import { planned } from './planned.ts';
import { compareBytes } from './product-bytes.ts';
import { relinksSomething, withoutRelinking } from './relinking.ts';

/** A world that broke something. `invariant` is `thrown` when planning itself failed. */
export interface Broken {
  readonly seed: number;
  readonly invariant: string;
  readonly object: string;
  readonly sentence: string;
}
/** What many worlds gave. Plain data: it travels between threads. */
export interface Tally {
  worlds: number;
  objects: number;
  steps: number;
  refused: number;
  /** Violations by invariant. */
  readonly broken: Record<string, number>;
  /** The first of each invariant, and up to a few more. */
  readonly examples: Broken[];
  /** The same worlds with relinking switched off: how many had owners to relink, how many were found, violations. */
  unlinked: { worlds: number; found: number; violations: number; readonly missed: number[] };
}

export const emptyTally = (): Tally => ({
  worlds: 0,
  objects: 0,
  steps: 0,
  refused: 0,
  broken: {},
  examples: [],
  unlinked: { worlds: 0, found: 0, violations: 0, missed: [] },
});

const EXAMPLES = 3;
/** One world in so many is planned a second time from shuffled inputs, and one judged without relinking. */
const AGAIN = 4;
const UNLINKED = 10;

/** Plays the worlds of the seeds `first` to `first + count - 1`. */
export function tallyOf(first: number, count: number, sizes: Sizes = {}): Tally {
  const tally = emptyTally();
  for (let seed = first; seed < first + count; seed++) playOne(tally, seed, sizes);
  return tally;
}

function playOne(tally: Tally, seed: number, sizes: Sizes): void {
  const world = generate(seed, sizes);
  tally.worlds++;
  tally.objects += world.objects.length;
  const plan = planOf(tally, world);
  if (plan === undefined) return;
  const again = seed % AGAIN === 0 ? [planned(world, new Random(seed))] : [];
  const { violations, steps, refused } = judge(world, plan, { orders: 2, again, compare: compareBytes });
  tally.steps += steps;
  if (refused) tally.refused++;
  for (const violation of violations) note(tally, seed, violation);
  const dying = world.target.living.some(({ terminating }) => terminating);
  if (seed % UNLINKED !== 0 || refused || dying || !relinksSomething(plan)) return;
  const stale = judge(world, withoutRelinking(plan), { orders: 1 }).violations.filter(isOfRelinking);
  tally.unlinked.worlds++;
  tally.unlinked.violations += stale.length;
  if (stale.length > 0) tally.unlinked.found++;
  else tally.unlinked.missed.push(seed);
}

const isOfRelinking = ({ invariant }: Violation): boolean => ['I5', 'I6'].includes(invariant);

function planOf(tally: Tally, world: World): Plan | undefined {
  try {
    return planned(world);
  } catch (error) {
    note(tally, world.seed, {
      invariant: 'thrown',
      object: 'the plan',
      sentence: error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
}

function note(tally: Tally, seed: number, what: Omit<Broken, 'seed'>): void {
  tally.broken[what.invariant] = (tally.broken[what.invariant] ?? 0) + 1;
  if ((tally.broken[what.invariant] ?? 0) <= EXAMPLES) tally.examples.push({ seed, ...what });
}

export function addTally(into: Tally, part: Tally): void {
  for (const field of ['worlds', 'objects', 'steps', 'refused'] as const) into[field] += part[field];
  for (const [invariant, count] of Object.entries(part.broken))
    into.broken[invariant] = (into.broken[invariant] ?? 0) + count;
  for (const example of part.examples)
    if (into.examples.filter(({ invariant }) => invariant === example.invariant).length < EXAMPLES)
      into.examples.push(example);
  for (const field of ['worlds', 'found', 'violations'] as const) into.unlinked[field] += part.unlinked[field];
  into.unlinked.missed.push(...part.unlinked.missed);
}

export const brokenIn = (tally: Tally): number => Object.values(tally.broken).reduce((sum, count) => sum + count, 0);
