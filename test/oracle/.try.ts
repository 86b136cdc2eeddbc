import { judge } from './judge.ts';
import { Random } from './random.ts';
import { generate } from './worlds/generate.ts';
import { planned } from './worlds/planned.ts';

const [from = '1', count = '100', only] = process.argv.slice(2);
const seen = new Map<string, string[]>();
let objects = 0,
  steps = 0,
  refused = 0;
const t = performance.now();
let tg = 0,
  tp = 0,
  tj = 0;
const thrown = new Map<string, string[]>();
for (let seed = +from; seed < +from + +count; seed++) {
  const t0 = performance.now();
  const world = generate(seed);
  objects += world.objects.length;
  const t1 = performance.now();
  tg += t1 - t0;
  try {
    const plan = planned(world);
    const again = [planned(world, new Random(seed))];
    const t2 = performance.now();
    tp += t2 - t1;
    const v = judge(world, plan, { orders: 3, again });
    tj += performance.now() - t2;
    steps += v.steps;
    if (v.refused) refused++;
    for (const x of v.violations) {
      const k = x.invariant;
      if (only !== undefined && k !== only) continue;
      seen.set(k, [...(seen.get(k) ?? []), `${seed}[${world.target.mode}] ${x.sentence}`]);
    }
  } catch (e) {
    const k = (e as Error).stack?.split('\n').slice(0, 4).join('|') ?? '';
    thrown.set(k, [...(thrown.get(k) ?? []), String(seed)]);
  }
}
console.log({ objects, steps, refused, ms: performance.now() - t, tg, tp, tj });
for (const [k, v] of [...thrown]) console.log('THROWN', v.length, v.slice(0, 3).join(), k);
for (const [k, v] of [...seen].sort()) {
  console.log(k, v.length);
  for (const s of v.slice(0, only ? 30 : 4)) console.log('    ', s.slice(0, 400));
}
