import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Uid } from '../../src/objects/key.ts';
import type { Plan, StepId } from '../../src/plan/plan.ts';
import {
  asCaptured,
  at,
  bringing,
  dropped,
  edits,
  map,
  omitting,
  owners,
  right,
  staleCircle,
  without,
  world,
} from './breaking.ts';
import { INVARIANTS, type Invariant } from './invariants.ts';
import { type Judging, judge } from './judge.ts';

/** What the oracle cries, each invariant once. */
const cries = (plan: Plan, judging: Partial<Judging> = {}, of = world): string[] =>
  [...new Set(judge(of, plan, { orders: 6, ...judging }).violations.map(({ invariant }) => invariant))].sort();

test('the right plan breaks nothing, in its own order and in others', () => {
  assert.deepEqual(judge(world, right, { orders: 20, again: [right] }).violations, []);
});

/** For each invariant the plan that breaks it, and what else breaks by necessity. */
const BROKEN: Readonly<Record<Invariant, readonly [string, () => string[], ...Invariant[]]>> = {
  I1: ['an object is forgotten', () => cries(without(({ id }) => id === 'create configmaps/team-a/child'))],
  I2: [
    'a child does not wait for its owner',
    () =>
      cries(
        at('configmaps/team-a/child', (step) => ({
          ...step,
          needs: step.needs.filter((id) => !id.endsWith('parent')),
        })),
      ),
  ],
  I3: [
    'an object does not wait for its namespace',
    () => cries(at('configmaps/team-a/parent', (step) => ({ ...step, needs: [] }))),
  ],
  I4: [
    'a custom resource does not wait for its definition',
    () =>
      cries(
        at('widgets.example.org/team-a/widget', (step) => ({
          ...step,
          needs: step.needs.filter((id) => !id.includes('definitions')),
        })),
      ),
  ],
  I5: ['a circle is closed with a captured UID', () => cries(staleCircle()), 'I6', 'I7'],
  I6: [
    'an owner is written with its captured UID',
    () => cries(at('configmaps/team-a/child', owners(asCaptured))),
    'I5',
    'I16',
  ],
  I7: ['an owner that comes back is dropped', () => cries(at('configmaps/team-a/child', owners(dropped)))],
  I8: [
    'an object that was under deletion is written',
    () => cries(bringing('configmaps/team-a/doomed', 'configmaps/team-a/parent')),
    'I7',
  ],
  I9: ['the list has a child before its owner', () => cries({ ...right, steps: [...right.steps].reverse() }), 'I17'],
  I10: [
    'another order of the inputs gives another plan',
    () => cries(right, { again: [{ ...right, notHeld: ['x'] }] }),
  ],
  I11: [
    'a volume is written with its policy',
    () =>
      cries(
        at(
          'persistentvolumes/pv-data',
          edits((path) => !path.endsWith('Policy')),
        ),
      ),
  ],
  I12: [
    'a finished Job is written runnable',
    () =>
      cries(
        at(
          'jobs.batch/team-a/done',
          edits(() => false),
        ),
      ),
  ],
  I13: [
    'a quota comes before what it judges',
    () => cries(at('resourcequotas/team-a/quota', (step) => ({ ...step, after: [] }))),
  ],
  I14: [
    'a step needs one that is not there',
    () => cries(at('configmaps/team-a/parent', (step) => ({ ...step, after: ['create nothing' as StepId] }))),
  ],
  I15: [
    'a Pod of a ReplicaSet is written',
    () => cries(bringing('pods/team-a/web-1-x', 'configmaps/team-a/parent')),
    'I7',
  ],
  I16: [
    'a living owner gets another UID',
    () =>
      cries(
        map((step) =>
          step.kind === 'adopt' && step.target.name === 'shared'
            ? { ...step, uid: 'cccccccc-0000-4000-8000-000000000000' as Uid }
            : step,
        ),
      ),
    'I17',
  ],
  I17: [
    'an object is blocked by one that it does not depend on',
    () =>
      cries(
        at('configmaps/team-a/child', (step) => ({
          ...step,
          needs: [...step.needs, 'create secrets/common/dying' as StepId],
        })),
      ),
  ],
  I18: [
    'what differs is adopted',
    () =>
      cries(
        right,
        {},
        {
          ...world,
          target: {
            ...world.target,
            living: world.target.living.map((one) => (one.key.endsWith('shared') ? { ...one, agrees: false } : one)),
          },
        },
      ),
  ],
  I19: ['a connection Secret is not copied', () => cries(without(({ kind }) => kind === 'copy')), 'I23'],
  I20: [
    'an operator acts before its objects are there',
    () =>
      cries(
        map((step) =>
          step.kind === 'release'
            ? { ...step, needs: step.needs.filter((id) => !/databases/.test(id) || /definitions/.test(id)) }
            : step,
        ),
      ),
  ],
  I21: ['an object is omitted without a cause', () => cries(omitting('configmaps/team-a/child'))],
  I22: [
    'a schedule stays suspended',
    () => cries(without((step) => step.kind === 'amend' && step.target.kind === 'CronJob')),
  ],
  I23: [
    'a captured UID stays and nobody says so',
    () => cries({ ...right, findings: right.findings.filter(({ key }) => !key?.endsWith('noted')) }),
  ],
  I24: [
    'an omission says nothing',
    () =>
      cries({ ...right, omissions: right.omissions.map((one) => ({ ...one, reason: { code: 'x', sentence: '' } })) }),
  ],
  I25: [
    'a step writes from another row',
    () => cries(at('configmaps/team-a/ring-b', (step) => ({ ...step, source: { ...step.source, digest: 'other' } }))),
  ],
  I26: [
    'the bytes sent are others',
    () => cries(right, { compare: ({ step }) => (step.kind === 'release' ? 'other bytes' : undefined) }),
  ],
};

for (const [invariant, [story, heard, ...besides]] of Object.entries(BROKEN))
  test(`${invariant} cries when ${story}`, () => {
    const found = heard();
    assert.ok(found.includes(invariant), `heard ${found.join(', ')}`);
    assert.deepEqual(
      found.filter((one) => one !== invariant && !besides.some((other) => other === one)),
      [],
    );
  });

test('the README says what each invariant promises', () => {
  const text = readFileSync(new URL('./README.md', import.meta.url), 'utf8').replace(/ +/g, ' ');
  for (const [name, sentence] of Object.entries(INVARIANTS))
    assert.ok(text.includes(`| ${name} | ${sentence} |`), name);
});

test('the oracle takes nothing but types from the product; only its worlds use it', () => {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const taken = files.flatMap((name) =>
    [
      ...readFileSync(new URL(name, folder), 'utf8').matchAll(
        /^(import(?: type)?) [^;]*? from '(\.\.\/\.\.\/src\/[^']+)'/gm,
      ),
    ].map(([, how = '', what = '']) => ({ name, how, what })),
  );
  assert.ok(taken.length > 5);
  assert.deepEqual(
    taken.filter(({ how }) => how !== 'import type'),
    [],
  );
  const allowed = /src\/(plan\/plan|knowledge\/edit|objects\/(json|key))\.ts$/;
  assert.deepEqual(
    taken.filter(({ what }) => !allowed.test(what)),
    [],
  );
});
