/** `bench -- graphs --real N` and `--sandbox N`: random worlds planned, recovered and judged on whole servers. */
import { controlPlaneAvailable } from '../test/control-plane/fixture.ts';
import { INVARIANTS } from '../test/oracle/invariants.ts';
import { type PlayedTally, playOnRealServers, playOnSandboxes } from '../test/oracle/played/tally.ts';
import { type BenchInput, type BenchOutcome, numberOption } from './bench.ts';

const FULL = 500;

/** Without a number after the option: 500 worlds at full size. */
export async function playedOn(where: 'real' | 'sandbox', input: BenchInput): Promise<BenchOutcome> {
  const bare = input.options.get(where) === '';
  const count = bare ? Math.max(1, Math.round(FULL * input.scale)) : numberOption(input, where, FULL);
  const seed = numberOption(input, 'seed', 1);
  const available = where === 'real' ? await controlPlaneAvailable() : undefined;
  if (available?.kind === 'unavailable') {
    const couldNotRun = `${available.why} ${available.hint}`;
    return { name: 'graphs', figures: {}, targets: [], samples: [], couldNotRun };
  }
  const began = performance.now();
  const tally = where === 'real' ? await playOnRealServers(seed, count, input.say) : await playOnSandboxes(seed, count);
  for (const { seed: broken, invariant, sentence } of tally.broken.slice(0, 30))
    input.say(`${invariant} broken by seed ${broken}: ${sentence}`);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  return {
    name: 'graphs',
    figures: { where, 'first seed': seed, ...figuresOf(tally), seconds },
    targets: targetsOf(tally, count),
    samples: tally.broken.slice(0, 30),
  };
}

function figuresOf(tally: PlayedTally): Record<string, number> {
  const broken = (name: string): number => tally.broken.filter(({ invariant }) => invariant === name).length;
  return {
    worlds: tally.worlds,
    objects: tally.objects,
    'steps carried out': tally.steps,
    'objects created': tally.created,
    'plans that refuse': tally.refused,
    'worlds that could not be played to their end': broken('thrown'),
    ...Object.fromEntries(Object.keys(INVARIANTS).map((name) => [`violations of ${name}`, broken(name)])),
    violations: tally.broken.length,
    'worlds of which something cannot be played': tally.worldsWithSomethingLeftOut,
    ...Object.fromEntries(Object.entries(tally.leftOut).map(([what, times]) => [`left out: ${what}`, times])),
    'worlds without relinking': tally.unlinked.worlds,
    'of these found out': tally.unlinked.found,
    'objects collected without relinking': tally.unlinked.collected,
  };
}

function targetsOf(tally: PlayedTally, count: number): BenchOutcome['targets'] {
  const always = { op: '==', atAnyScale: true } as const;
  const found = { op: '>=', limit: 1, atAnyScale: true } as const;
  return [
    { name: 'no invariant is broken', figure: 'violations', limit: 0, ...always },
    { name: 'all worlds were played', figure: 'worlds', limit: count, ...always },
    // A handful of worlds may have nothing to relink.
    ...(tally.unlinked.worlds === 0 && count < 30
      ? []
      : [{ name: 'without relinking objects are collected', figure: 'objects collected without relinking', ...found }]),
  ];
}
