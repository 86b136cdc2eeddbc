import { realPlane } from '../../scenarios/real-plane.ts';
import { sandboxPlane } from '../../scenarios/sandbox-plane.ts';
import type { World } from '../world.ts';
import { generate } from '../worlds/generate.ts';
import { SharedStage } from './ground.ts';
import { type Played, playWorld } from './play-world.ts';
import { type LeftOut, realWorld } from './real-world.ts';

/** A world that broke something on a server. `thrown`: it could not be played to its end. */
export interface BrokenWorld {
  readonly seed: number;
  readonly invariant: string;
  readonly sentence: string;
}
/** What worlds gave on servers. */
export interface PlayedTally {
  worlds: number;
  objects: number;
  created: number;
  steps: number;
  refused: number;
  readonly broken: BrokenWorld[];
  /** Worlds of which something had to be left out, by what; and how much of it. */
  readonly leftOut: Record<string, number>;
  worldsWithSomethingLeftOut: number;
  /** With relinking switched off: worlds, created objects that are gone, worlds in which some are. */
  readonly unlinked: { worlds: number; collected: number; found: number };
}

const UNLINKED = 5;
/** Worlds that share one real server. */
const SHARED = 25;

export const emptyPlayed = (): PlayedTally => ({
  worlds: 0,
  objects: 0,
  created: 0,
  steps: 0,
  refused: 0,
  broken: [],
  leftOut: {},
  worldsWithSomethingLeftOut: 0,
  unlinked: { worlds: 0, collected: 0, found: 0 },
});

/** The seeds on sandboxes of their own, in this process. */
export async function playOnSandboxes(first: number, count: number): Promise<PlayedTally> {
  const tally = emptyPlayed();
  for (let seed = first; seed < first + count; seed++) {
    await onSandbox(tally, seed, true);
    if (seed % UNLINKED === 0) await onSandbox(tally, seed, false);
  }
  return tally;
}

async function onSandbox(tally: PlayedTally, seed: number, linked: boolean): Promise<void> {
  let given = 9;
  const made = realWorld(generate(seed), `w${seed}`, () => `10.0.0.${++given}`);
  const plane = await sandboxPlane();
  const cluster = await plane.open();
  try {
    await playInto(tally, seed, made, linked, () => playWorld({ cluster, time: plane.time }, made.world, linked));
  } finally {
    await cluster.close();
    await plane.stop();
  }
}

/** The seeds on real servers, some of them sharing one; `say` is told now and then. */
export async function playOnRealServers(
  first: number,
  count: number,
  say: (line: string) => void,
): Promise<PlayedTally> {
  const tally = emptyPlayed();
  for (let seed = first; seed < first + count; ) {
    const plane = await realPlane({ serviceCidr: '10.0.0.0/16' });
    const cluster = await plane.open();
    const stage = new SharedStage(plane, cluster);
    try {
      let usable = true;
      for (let shared = 0; usable && shared < SHARED && seed < first + count; shared++, seed++)
        usable = await onStage(tally, seed, stage);
      for (const { world, key } of await stage.lateLosses())
        tally.broken.push({ seed: world.seed, invariant: 'I6', sentence: `${key} was collected later` });
    } finally {
      await cluster.close();
      await plane.stop();
    }
    say(`${seed - first} of ${count} worlds on real servers, ${tally.broken.length} violations`);
  }
  return tally;
}

/** False when the server cannot be trusted with another world. */
async function onStage(tally: PlayedTally, seed: number, stage: SharedStage): Promise<boolean> {
  for (const linked of seed % UNLINKED === 0 ? [true, false] : [true]) {
    const made = realWorld(generate(seed), `w${seed}${linked ? '' : '0'}`, () => stage.address());
    const played = await playInto(tally, seed, made, linked, () => playWorld(stage, made.world, linked));
    if (played === undefined) return false;
    if (!(await stage.leave(linked ? played : { ...played, created: new Map() }))) return false;
  }
  return true;
}

async function playInto(
  tally: PlayedTally,
  seed: number,
  made: { readonly world: World; readonly leftOut: LeftOut },
  linked: boolean,
  play: () => Promise<Played>,
): Promise<Played | undefined> {
  let played: Played;
  try {
    played = await play();
  } catch (error) {
    const sentence = error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : String(error);
    tally.broken.push({ seed, invariant: 'thrown', sentence });
    return undefined;
  }
  if (played.pointless) return played;
  if (!linked) {
    tally.unlinked.worlds++;
    tally.unlinked.collected += played.collected.length;
    if (played.collected.length > 0) tally.unlinked.found++;
    return played;
  }
  tally.worlds++;
  tally.objects += made.world.objects.length;
  tally.steps += played.steps;
  tally.created += played.created.size;
  if (played.refused) tally.refused++;
  for (const { invariant, sentence } of played.violations) tally.broken.push({ seed, invariant, sentence });
  if (Object.keys(made.leftOut).length > 0) tally.worldsWithSomethingLeftOut++;
  for (const [what, times] of Object.entries(made.leftOut)) tally.leftOut[what] = (tally.leftOut[what] ?? 0) + times;
  return played;
}
