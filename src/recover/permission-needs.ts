import type { AccessQuestion } from '../cluster/port.ts';
import { compareText, groupOf } from '../objects/key.ts';
import type { Plan, Target } from '../plan/plan.ts';

/** One thing that the plan must be allowed to do, and an object that needs it. `namespace` absent: in all, or cluster scope. */
export interface PermissionNeed {
  readonly question: AccessQuestion;
  readonly example: string;
}

/** Every verb, group, resource and namespace that the steps of a plan use, each once, sorted. */
export function permissionNeeds(plan: Plan): PermissionNeed[] {
  const needs = new Map<string, PermissionNeed>();
  const need = (verb: string, target: Target, subresource?: string): void => {
    const { group, resource, namespace } = target;
    const text = [group, resource, subresource ?? '', verb, namespace ?? ''].join(' ');
    if (needs.has(text)) return;
    const question = {
      verb,
      group,
      resource,
      ...(subresource === undefined ? {} : { subresource }),
      ...(namespace === undefined ? {} : { namespace }),
    };
    needs.set(text, { question, example: target.key });
  };
  const every = (verbs: readonly string[], target: Target): void => {
    for (const verb of verbs) need(verb, target);
  };
  for (const step of plan.steps) {
    switch (step.kind) {
      case 'create':
      case 'copy':
        every(['create', 'get', 'list'], step.target);
        if (step.writing.fields === 'restore') need('patch', step.target);
        if (step.writing.status === 'after') need('patch', step.target, 'status');
        break;
      case 'adopt':
        every(['get', 'list'], step.target);
        break;
      case 'merge':
        every(['create', 'get', 'list', 'patch'], step.target);
        break;
      case 'amend':
        every(['patch', 'get'], step.target);
        break;
      case 'hold':
        for (const { target } of step.workloads) {
          every(['get', 'patch'], target);
          need('list', { ...target, group: '', resource: 'pods' });
        }
        for (const { target } of step.webhooks) every(['get', 'delete', 'create', 'patch'], target);
        break;
      case 'release':
        for (const { target } of step.workloads) every(['get', 'patch'], target);
        break;
      case 'barrier':
        break;
    }
  }
  for (const target of blockingOwners(plan)) need('update', target, 'finalizers');
  return [...needs.entries()].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one);
}

/**
 * Owners that some object is written with. Where the admission plugin OwnerReferencesPermissionEnforcement is on, a reference that says
 * blockOwnerDeletion needs `update` of the owner's finalizers; whether it says so stands in the body, so every owner is asked for.
 */
function blockingOwners(plan: Plan): Target[] {
  const targets = new Map<string, Target>();
  for (const step of plan.steps)
    if (step.kind === 'create' || step.kind === 'adopt' || step.kind === 'merge')
      targets.set(step.target.key, step.target);
  const owners = new Map<string, Target>();
  for (const step of plan.steps) {
    if (step.kind !== 'create' && step.kind !== 'copy' && step.kind !== 'amend') continue;
    for (const link of step.kind === 'amend' ? step.owners : step.writing.owners) {
      if (link.kind === 'drop') continue;
      const owner = targets.get(link.owner);
      if (owner !== undefined && groupOf(link.apiVersion) === owner.group)
        owners.set(`${owner.group} ${owner.resource} ${owner.namespace ?? ''}`, owner);
    }
  }
  return [...owners.values()];
}
