import type { OwnerLink, Plan, Step } from '../../../src/plan/plan.ts';

/** The same plan with relinking switched off: every owner reference is written with its captured UID. */
export function withoutRelinking(plan: Plan): Plan {
  const steps = plan.steps.map((step): Step => {
    if (step.kind === 'create' || step.kind === 'copy')
      return { ...step, writing: { ...step.writing, owners: step.writing.owners.map(asCaptured) } };
    return step.kind === 'amend' ? { ...step, owners: step.owners.map(asCaptured) } : step;
  });
  return { ...plan, steps };
}

const asCaptured = (link: OwnerLink): OwnerLink =>
  link.kind === 'drop'
    ? link
    : {
        kind: 'living',
        index: link.index,
        owner: link.owner,
        was: link.was,
        apiVersion: link.apiVersion,
        uid: link.was,
      };

/** Whether some owner that is relinked has another UID in the target than it was captured with: what relinking is for. */
export function relinksSomething(plan: Plan): boolean {
  const adopted = new Map(
    plan.steps.flatMap((step) => (step.kind === 'adopt' ? [[step.target.key as string, step.uid]] : [])),
  );
  const created = new Set(plan.steps.flatMap((step) => (step.kind === 'create' ? [step.target.key as string] : [])));
  return plan.steps.some(
    (step) =>
      step.kind === 'create' &&
      step.wait === undefined &&
      step.writing.owners.some(
        (link) =>
          link.kind === 'relink' &&
          link.when === 'create' &&
          (created.has(link.owner) || (adopted.get(link.owner) ?? link.was) !== link.was),
      ),
  );
}
