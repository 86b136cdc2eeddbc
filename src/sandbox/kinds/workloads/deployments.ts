import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { percent } from '../../schema/metadata/names.ts';
import { forbiddenField, IMMUTABLE, invalidValue, nonNegative, notSupported } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { firstGeneration, nextGeneration } from '../generation.ts';
import { keepStatus, rulesOf } from '../plain-rules.ts';
import { defaultTemplate } from '../pods/pod-template.ts';
import { selectorText } from '../selectors.ts';
import { type Body, child, count, fill, fillEmpty, has, made, text } from '../values.ts';
import { validateCounters, validateIntOrPercent, validateLastingTemplate, validateOwnSelector } from './replicas.ts';

function defaults(deployment: Body): void {
  const spec = made(deployment, 'spec');
  fill(spec, 'replicas', 1);
  fill(spec, 'revisionHistoryLimit', 10);
  fill(spec, 'progressDeadlineSeconds', 600);
  const strategy = made(spec, 'strategy');
  fillEmpty(strategy, 'type', 'RollingUpdate');
  if (strategy.type === 'RollingUpdate') {
    const rolling = made(strategy, 'rollingUpdate');
    fill(rolling, 'maxUnavailable', '25%');
    fill(rolling, 'maxSurge', '25%');
  }
  defaultTemplate(made(spec, 'template'));
}

function validate(deployment: KubeObject): Problem[] {
  const spec = child(deployment, 'spec') ?? {};
  const found = [
    ...nonNegative('spec.replicas', count(spec, 'replicas')),
    ...validateOwnSelector(spec, 'deployment'),
    ...validateLastingTemplate(spec, 'ReplicaSet'),
    ...strategy(child(spec, 'strategy') ?? {}),
    ...nonNegative('spec.minReadySeconds', count(spec, 'minReadySeconds')),
    ...nonNegative('spec.revisionHistoryLimit', count(spec, 'revisionHistoryLimit')),
    ...nonNegative('spec.progressDeadlineSeconds', count(spec, 'progressDeadlineSeconds')),
  ];
  const deadline = count(spec, 'progressDeadlineSeconds');
  if (has(spec, 'progressDeadlineSeconds') && deadline <= count(spec, 'minReadySeconds')) {
    found.push(invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
  }
  return found;
}

function strategy(it: Body): Problem[] {
  const field = 'spec.strategy';
  const type = text(it, 'type');
  if (type === 'Recreate') {
    const said = "may not be specified when strategy `type` is 'Recreate'";
    return has(it, 'rollingUpdate') ? [forbiddenField(`${field}.rollingUpdate`, said)] : [];
  }
  if (type !== 'RollingUpdate') {
    return [
      notSupported(field, { Type: type, RollingUpdate: it.rollingUpdate ?? null }, ['Recreate', 'RollingUpdate']),
    ];
  }
  const rolling = child(it, 'rollingUpdate') ?? {};
  const place = `${field}.rollingUpdate`;
  const found = [
    ...validateIntOrPercent(rolling.maxUnavailable, `${place}.maxUnavailable`, percent),
    ...validateIntOrPercent(rolling.maxSurge, `${place}.maxSurge`, percent),
  ];
  if (amount(rolling.maxUnavailable) === 0 && amount(rolling.maxSurge) === 0) {
    found.push(invalidValue(`${place}.maxUnavailable`, rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  if (typeof rolling.maxUnavailable === 'string' && amount(rolling.maxUnavailable) > 100) {
    found.push(invalidValue(`${place}.maxUnavailable`, rolling.maxUnavailable, 'must not be greater than 100%'));
  }
  return found;
}
const amount = (value: unknown): number =>
  typeof value === 'string' ? Number.parseInt(value, 10) || 0 : Number(value ?? 0);

export function selectorUnchanged(next: KubeObject, before: KubeObject): Problem[] {
  const [now, was] = [child(next.spec, 'selector'), child(before.spec, 'selector')];
  return sameJson((now ?? null) as Json, (was ?? null) as Json)
    ? []
    : [invalidValue('spec.selector', selectorText(now), IMMUTABLE)];
}

const COUNTERS = [
  'observedGeneration',
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'terminatingReplicas',
  'collisionCount',
];

export const DEPLOYMENTS = rulesOf('apps/deployments', {
  statusKeeps: 'labels',
  defaults,
  prepareCreate(deployment) {
    delete deployment.status;
    firstGeneration(deployment);
  },
  prepareUpdate(next, before) {
    keepStatus(next, before);
    if (nextGeneration(next, before)) return;
    const annotations = child(next.metadata, 'annotations') ?? {};
    if (sameJson(annotations, (before.metadata.annotations ?? {}) as Json)) return;
    made(next, 'metadata').generation = (before.metadata.generation ?? 0) + 1;
  },
  prepareStatus(next, before) {
    const meta = made(next, 'metadata');
    const labels = before.metadata.labels;
    if (labels === undefined) delete meta.labels;
    else meta.labels = labels as Body;
  },
  validateCreate: validate,
  validateUpdate: (next, before) => [...validate(next), ...selectorUnchanged(next, before)],
  validateStatus(next, before) {
    const status = child(next, 'status');
    const found = validateCounters(status, COUNTERS, ['updatedReplicas', 'readyReplicas', 'availableReplicas']);
    if (count(status, 'availableReplicas') > count(status, 'readyReplicas')) {
      found.push(
        invalidValue(
          'status.availableReplicas',
          count(status, 'availableReplicas'),
          'cannot be greater than readyReplicas',
        ),
      );
    }
    if (count(status, 'collisionCount') < count(before.status, 'collisionCount')) {
      found.push(invalidValue('status.collisionCount', count(status, 'collisionCount'), 'cannot be decremented'));
    }
    return found;
  },
});
