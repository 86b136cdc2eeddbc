import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Uid } from '../../src/objects/key.ts';
import type { AmendStep, CreateStep, OwnerLink, Plan, Step, StepId } from '../../src/plan/plan.ts';
import { handPlan, inOrder } from './hand-plan.ts';
import { handWorld } from './hand-world.ts';
import { INVARIANTS, type Invariant } from './invariants.ts';
import { type Judging, judge } from './judge.ts';

const world = handWorld();
const right = handPlan(world);
/** What the oracle cries, each invariant once. */
const cries = (plan: Plan, judging: Partial<Judging> = {}, of = world): string[] =>
  [...new Set(judge(of, plan, { orders: 6, ...judging }).violations.map(({ invariant }) => invariant))].sort();

const map = (change: (step: Step) => Step, plan = right): Plan => ({ ...plan, steps: plan.steps.map(change) });
const at = (key: string, change: (step: CreateStep) => CreateStep): Plan =>
  map((step) => (step.kind === 'create' && step.target.key === key ? change(step) : step));
const amending = (key: string, change: (step: AmendStep) => AmendStep): Plan =>
  map((step) => (step.kind === 'amend' && step.target.key === key ? change(step) : step));
const without = (gone: (step: Step) => boolean): Plan => {
  const ids = new Set(right.steps.filter(gone).map(({ id }) => id));
  const left = (others: readonly StepId[]): StepId[] => others.filter((id) => !ids.has(id));
  return {
    ...right,
    steps: right.steps
      .filter((step) => !ids.has(step.id))
      .map((step) => ({ ...step, needs: left(step.needs), after: left(step.after) })),
  };
};
const owners =
  (change: (link: OwnerLink) => OwnerLink) =>
  (step: CreateStep): CreateStep => ({
    ...step,
    writing: { ...step.writing, owners: step.writing.owners.map(change) },
  });
const edits =
  (keep: (path: string) => boolean) =>
  (step: CreateStep): CreateStep => ({
    ...step,
    writing: { ...step.writing, edits: step.writing.edits.filter(({ path }) => keep(path)) },
  });
const createOf = (key: string): CreateStep => {
  const found = right.steps.find((step) => step.kind === 'create' && step.target.key === key);
  assert.ok(found?.kind === 'create', key);
  return found;
};
/** A plan that brings back an object which the right plan omits. */
function bringing(key: string, like: string): Plan {
  const object = world.objects.find((one) => one.key === key);
  assert.ok(object !== undefined);
  const { writing, ...step } = createOf(like);
  const extra: CreateStep = {
    ...step,
    id: `create ${key}` as StepId,
    target: { ...step.target, key: object.key, name: object.name, resource: object.resource, kind: object.body.kind },
    source: { ...step.source, row: object.row, digest: object.digest, uid: object.uid },
    writing: {
      ...writing,
      edits: [],
      owners: (object.body.metadata.ownerReferences ?? []).map(({ uid, name }, index) => ({
        kind: 'drop',
        index,
        owner: name,
        was: uid as Uid,
        reason: { code: 'BY-HAND', sentence: 'left out by hand' },
      })),
    },
    after: [],
  };
  return {
    ...right,
    steps: inOrder([
      ...right.steps.map((one) =>
        one.id.includes('resourcequotas') || one.id.startsWith('amend cronjobs')
          ? { ...one, after: [...one.after, extra.id] }
          : one,
      ),
      extra,
    ]),
    omissions: right.omissions.filter((one) => one.key !== key),
  };
}

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

const asCaptured = (link: OwnerLink): OwnerLink =>
  link.kind === 'relink'
    ? {
        kind: 'living',
        index: link.index,
        owner: link.owner,
        was: link.was,
        apiVersion: link.apiVersion,
        uid: link.was,
      }
    : link;
const dropped = (link: OwnerLink): OwnerLink => ({
  kind: 'drop',
  index: link.index,
  owner: 'x',
  was: link.was,
  reason: { code: 'BY-HAND', sentence: 'left out by hand' },
});
function staleCircle(): Plan {
  return amending('configmaps/team-a/ring-a', (step) => ({ ...step, owners: step.owners.map(asCaptured) }));
}
function omitting(key: string): Plan {
  const { row } = createOf(key).source;
  const plan = without(({ id }) => id === `create ${key}`);
  return {
    ...plan,
    omissions: [
      ...plan.omissions,
      {
        kind: 'omitted',
        key: createOf(key).target.key,
        row,
        origin: 'nowhere',
        reason: { code: 'BY-HAND', sentence: 'left out by hand' },
      },
    ],
  };
}

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
