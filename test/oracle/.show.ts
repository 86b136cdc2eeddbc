import { judge } from './judge.ts';
import { generate } from './worlds/generate.ts';
import { planned } from './worlds/planned.ts';

const [seed = '1', ...words] = process.argv.slice(2);
const world = generate(+seed);
console.log(world.target.mode, JSON.stringify(world.policy));
const has = (s: string) => words.length === 0 || words.some((w) => s.includes(w));
for (const o of world.objects)
  if (has(o.key) || has(o.text)) {
    const l = world.target.living.find((x) => x.key === o.key);
    console.log(
      'OBJ',
      o.row,
      o.key,
      o.uid.slice(0, 8),
      'owners',
      JSON.stringify(o.body.metadata.ownerReferences?.map((r) => `${r.kind}/${r.name}#${r.uid.slice(0, 8)}`)),
      o.body.metadata.deletionTimestamp ? 'DELETING' : '',
      l
        ? `LIVING ${l.body.metadata.uid} ${l.terminating ? 'terminating' : ''} ${l.agrees} ${JSON.stringify(l.body.metadata.ownerReferences?.map((r) => `${r.kind}/${r.name}`))}`
        : '',
    );
  }
const plan = planned(world);
for (const s of plan.steps)
  if (has(JSON.stringify(s)))
    console.log(
      'STEP',
      s.kind,
      s.id,
      'NEEDS',
      s.needs.join(' | '),
      'AFTER',
      s.after.length > 6 ? s.after.length : s.after.join(' | '),
      'writing' in s
        ? JSON.stringify(
            s.writing.owners.map(
              (o) =>
                `${o.kind}:${o.owner}${o.kind === 'relink' ? `:${o.when}` : o.kind === 'drop' ? `:${o.reason.code}` : ''}`,
            ),
          )
        : '',
    );
for (const s of plan.omissions) if (has(s.key)) console.log('OMIT', s.kind, s.key, s.reason.sentence);
for (const s of plan.refusals) console.log('REFUSAL', s.key, s.reason.sentence);
for (const s of plan.findings) if (has(JSON.stringify(s))) console.log('FINDING', JSON.stringify(s));
for (const v of judge(world, plan, { orders: 3 }).violations) console.log('VIOL', v.invariant, v.sentence);
