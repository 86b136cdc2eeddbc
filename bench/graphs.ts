import { Worker } from 'node:worker_threads';
import { INVARIANTS } from '../test/oracle/invariants.ts';
import { judge } from '../test/oracle/judge.ts';
import { generate } from '../test/oracle/worlds/generate.ts';
import { planned } from '../test/oracle/worlds/planned.ts';
import { addTally, brokenIn, emptyTally, type Tally } from '../test/oracle/worlds/tally.ts';
import { type BenchInput, type BenchOutcome, numberOption } from './bench.ts';
import { playedOn } from './graphs-played.ts';

const FULL = 100_000;
const CHUNK = 250;

/**
 * Random worlds through the plan, judged by the oracle of `test/oracle`.
 * `--count N --seed S` play the seeds S to S+N-1; `--seed S --count 1 --show` tells one world; `--workers N` threads (2).
 * `--real N` (500) plays them on real servers instead, `--sandbox N` on sandboxes: see graphs-played.ts.
 */
export async function run(input: BenchInput): Promise<BenchOutcome> {
  for (const where of ['real', 'sandbox'] as const) if (input.options.has(where)) return await playedOn(where, input);
  const count = numberOption(input, 'count', Math.max(1, Math.round(FULL * input.scale)));
  const seed = numberOption(input, 'seed', 1);
  const workers = Math.max(1, numberOption(input, 'workers', 2));
  if (input.options.has('show')) for (let at = seed; at < seed + count; at++) show(at, input.say);
  input.say(`worlds of the seeds ${seed} to ${seed + count - 1}`);
  const began = performance.now();
  const tally = await playAll(seed, count, workers, input.say);
  const seconds = (performance.now() - began) / 1000;
  if (tally.unlinked.missed.length > 0)
    input.say(`without relinking nothing was found in the seeds ${tally.unlinked.missed.join(', ')}`);
  for (const { seed: broken, invariant, sentence } of tally.examples)
    input.say(
      `${invariant} broken by seed ${broken}: ${sentence}\n  npm run bench -- graphs --seed ${broken} --count 1 --show`,
    );
  const byInvariant = Object.keys(INVARIANTS).map((name) => [`violations of ${name}`, tally.broken[name] ?? 0]);
  const figures = {
    'first seed': seed,
    worlds: tally.worlds,
    objects: tally.objects,
    'steps carried out': tally.steps,
    'plans that refuse': tally.refused,
    'plans that could not be made': tally.broken.thrown ?? 0,
    ...(Object.fromEntries(byInvariant) as Record<string, number>),
    violations: brokenIn(tally),
    seconds: Math.round(seconds * 10) / 10,
    'worlds without relinking': tally.unlinked.worlds,
    'of these found out': tally.unlinked.found,
    'of these not found out': tally.unlinked.worlds - tally.unlinked.found,
    'share found out': tally.unlinked.worlds === 0 ? 0 : tally.unlinked.found / tally.unlinked.worlds,
    'violations without relinking': tally.unlinked.violations,
  };
  return {
    name: 'graphs',
    figures,
    targets: [
      { name: 'no invariant is broken', figure: 'violations', op: '==', limit: 0, atAnyScale: true },
      {
        name: 'without relinking the oracle cries',
        figure: 'violations without relinking',
        op: '>=',
        limit: 1,
        atAnyScale: true,
      },
      // A few worlds hide it: what would be written with a stale owner is blocked there, so it is never written.
      { name: 'and misses hardly a world', figure: 'share found out', op: '>=', limit: 0.99, atAnyScale: true },
      { name: 'all worlds were played', figure: 'worlds', op: '==', limit: count, atAnyScale: true },
    ],
    samples: tally.examples,
  };
}

/** Threads take chunks of seeds until none is left. The tally does not depend on which thread took which. */
async function playAll(seed: number, count: number, workers: number, say: (line: string) => void): Promise<Tally> {
  const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, index) => ({
    first: seed + index * CHUNK,
    count: Math.min(CHUNK, count - index * CHUNK),
  }));
  const tallies: Tally[] = [];
  let next = 0;
  let done = 0;
  const thread = async (): Promise<void> => {
    const worker = new Worker(new URL('./graphs-thread.ts', import.meta.url));
    try {
      for (let index = next++; index < chunks.length; index = next++) {
        tallies[index] = await ask(worker, chunks[index]);
        if (++done % 20 === 0) say(`${done * CHUNK} of ${count} worlds`);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, chunks.length) }, thread));
  const all = emptyTally();
  for (const tally of tallies) addTally(all, tally);
  return all;
}

function ask(worker: Worker, chunk: unknown): Promise<Tally> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (tally: Tally) => {
      worker.removeAllListeners('error');
      resolve(tally);
    });
    worker.postMessage(chunk);
  });
}

/** One world, its plan and what the oracle says of it, for people. */
function show(seed: number, say: (line: string) => void): void {
  const world = generate(seed);
  say(
    `seed ${seed}: ${world.objects.length} objects, target ${world.target.mode}, selection ${JSON.stringify(world.policy.selection)}`,
  );
  const living = new Map(world.target.living.map((object) => [object.key, object]));
  for (const { key, uid, body } of world.objects) {
    const owners = (body.metadata.ownerReferences ?? []).map((owner) => `${owner.kind}/${owner.name}`).join(', ');
    const there = living.get(key);
    const state =
      there === undefined
        ? ''
        : there.terminating
          ? ' terminating in the target'
          : ` lives in the target as ${there.body.metadata.uid}`;
    say(
      `  ${key} ${uid}${owners === '' ? '' : ` owned by ${owners}`}${body.metadata.deletionTimestamp === undefined ? '' : ' being deleted'}${state}`,
    );
  }
  const plan = planned(world);
  for (const step of plan.steps)
    say(
      `  ${step.id}${step.needs.length === 0 ? '' : `\n      needs ${step.needs.join(', ')}`}${step.after.length === 0 ? '' : `\n      after ${step.after.join(', ')}`}`,
    );
  for (const { kind, reason } of plan.omissions) say(`  ${kind}: ${reason.code} ${reason.sentence}`);
  for (const { reason } of plan.refusals) say(`  refused: ${reason.code} ${reason.sentence}`);
  for (const { invariant, sentence } of judge(world, plan, { orders: 5 }).violations)
    say(`  BROKEN ${invariant}: ${sentence}`);
}
