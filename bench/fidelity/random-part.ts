import type { Part } from '../fidelity.ts';
import { compare, type Difference, line } from './compare.ts';
import { knownDifference } from './known-differences.ts';
import { play } from './player.ts';
import { randomScript } from './random-script.ts';
import { type RealServer, startReal } from './real.ts';
import type { Script } from './script.ts';
import { type SimulatedServer, startSimulated } from './simulated.ts';

const AT_ONCE = 10;
/** Sequences that one sandbox serves, each in a namespace of its own, before a fresh one takes over. */
const A_SANDBOX = 100;
const SHRUNK = 3;
const SHOWN = 10;

/** Random sequences of requests at both servers. The first that differ are shrunk to the fewest steps that still do. */
export async function randomPart(count: number, seed: number, say: (text: string) => void): Promise<Part> {
  const real = await startReal([]);
  const differing: Script[] = [];
  let compared = 0;
  try {
    const left = Array.from({ length: count }, (_, at) => seed * 1_000_000 + at);
    const work = async (): Promise<void> => {
      let server = await startSimulated([]);
      let served = 0;
      for (let one = left.shift(); one !== undefined; one = left.shift()) {
        if (++served % A_SANDBOX === 0) {
          await server.close();
          server = await startSimulated([]);
        }
        const script = randomScript(one);
        const found = await differencesBetween(script, real, server);
        compared++;
        if (compared % 200 === 0) say(`${compared} of ${count} sequences, ${differing.length} differ`);
        if (found.length > 0) differing.push(script);
      }
      await server.close();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const samples: unknown[] = [];
    for (const [at, script] of differing
      .sort((one, other) => one.name.localeCompare(other.name))
      .slice(0, SHOWN)
      .entries()) {
      const least = at < SHRUNK ? await shrunk(script, real) : script;
      const found = await differencesOf(least, real);
      const told = found.find(({ pointer }) => pointer === '/body/message');
      for (const difference of [...found.slice(0, 1), ...(told === undefined ? [] : [told])]) say(line(difference));
      samples.push({ seed: script.title, steps: least.steps, differences: found.slice(0, 10) });
    }
    return {
      figures: { sequences: compared, sequences_differing: differing.length },
      targets: [
        { name: 'no random sequence differs', figure: 'sequences_differing', op: '==', limit: 0, atAnyScale: true },
        { name: 'every sequence was compared', figure: 'sequences', op: '==', limit: count, atAnyScale: true },
      ],
      samples,
    };
  } finally {
    await real.close();
  }
}

let plays = 0;

async function differencesOf(script: Script, real: RealServer): Promise<Difference[]> {
  const server = await startSimulated([]);
  try {
    return await differencesBetween(script, real, server);
  } finally {
    await server.close();
  }
}

async function differencesBetween(script: Script, real: RealServer, server: SimulatedServer): Promise<Difference[]> {
  plays++;
  // A namespace of its own for every play: the shrinker plays one script often.
  const how = { id: `r${plays.toString(36)}x`, calm: true };
  const [there, here] = await Promise.all([play(script, real, how), play(script, server, how)]);
  return compare(script, how.id, there, here).filter((difference) => knownDifference(difference) === undefined);
}

/** Leaves out steps as long as the rest still differs. */
async function shrunk(script: Script, real: RealServer): Promise<Script> {
  let least = script;
  for (let at = least.steps.length - 1; at >= 0; at--) {
    const fewer = { ...least, steps: least.steps.filter((_, index) => index !== at) };
    if (fewer.steps.length > 0 && (await differencesOf(fewer, real)).length > 0) least = fewer;
  }
  return least;
}
