import assert from 'node:assert/strict';
import type { Uid } from '../../src/objects/key.ts';
import type { AmendStep, CreateStep, OwnerLink, Plan, Step, StepId } from '../../src/plan/plan.ts';
import { handPlan, inOrder } from './hand-plan.ts';
import { handWorld } from './hand-world.ts';

/** The world made by hand, its right plan, and the ways to break it. */
export const world = handWorld();
export const right = handPlan(world);

export const map = (change: (step: Step) => Step, plan = right): Plan => ({ ...plan, steps: plan.steps.map(change) });
export const at = (key: string, change: (step: CreateStep) => CreateStep): Plan =>
  map((step) => (step.kind === 'create' && step.target.key === key ? change(step) : step));
export const amending = (key: string, change: (step: AmendStep) => AmendStep): Plan =>
  map((step) => (step.kind === 'amend' && step.target.key === key ? change(step) : step));
export const without = (gone: (step: Step) => boolean): Plan => {
  const ids = new Set(right.steps.filter(gone).map(({ id }) => id));
  const left = (others: readonly StepId[]): StepId[] => others.filter((id) => !ids.has(id));
  return {
    ...right,
    steps: right.steps
      .filter((step) => !ids.has(step.id))
      .map((step) => ({ ...step, needs: left(step.needs), after: left(step.after) })),
  };
};
export const owners =
  (change: (link: OwnerLink) => OwnerLink) =>
  (step: CreateStep): CreateStep => ({
    ...step,
    writing: { ...step.writing, owners: step.writing.owners.map(change) },
  });
export const edits =
  (keep: (path: string) => boolean) =>
  (step: CreateStep): CreateStep => ({
    ...step,
    writing: { ...step.writing, edits: step.writing.edits.filter(({ path }) => keep(path)) },
  });
export const createOf = (key: string): CreateStep => {
  const found = right.steps.find((step) => step.kind === 'create' && step.target.key === key);
  assert.ok(found?.kind === 'create', key);
  return found;
};
/** A plan that brings back an object which the right plan omits. */
export function bringing(key: string, like: string): Plan {
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

export const asCaptured = (link: OwnerLink): OwnerLink =>
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
export const dropped = (link: OwnerLink): OwnerLink => ({
  kind: 'drop',
  index: link.index,
  owner: 'x',
  was: link.was,
  reason: { code: 'BY-HAND', sentence: 'left out by hand' },
});
export function staleCircle(): Plan {
  return amending('configmaps/team-a/ring-a', (step) => ({ ...step, owners: step.owners.map(asCaptured) }));
}
export function omitting(key: string): Plan {
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
