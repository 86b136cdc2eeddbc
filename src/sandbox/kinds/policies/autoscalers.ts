import type { KubeObject } from '../../../objects/json.ts';
import { forbiddenField, invalidValue, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { keepStatus, rulesOf } from '../plain-rules.ts';
import { type Body, child, count, fill, has, items, made, text } from '../values.ts';

/** Scaling rules are filled up once there is any behavior. */
function defaultBehavior(behavior: Body): void {
  const up = made(behavior, 'scaleUp');
  fill(up, 'stabilizationWindowSeconds', 0);
  fill(up, 'selectPolicy', 'Max');
  if (up.policies === undefined) {
    up.policies = [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ];
  }
  const down = made(behavior, 'scaleDown');
  fill(down, 'selectPolicy', 'Max');
  if (down.policies === undefined) down.policies = [{ type: 'Percent', value: 100, periodSeconds: 15 }];
}
const SOURCES: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};

/** One metric: the source that its type names, with a target. */
function metricProblems(metric: Body, field: string): Problem[] {
  const type = text(metric, 'type');
  const source = SOURCES[type];
  if (type === '') return [required(`${field}.type`, 'must specify a metric source type')];
  if (source === undefined) {
    // Two checks find it.
    const unknown = notSupported(`${field}.type`, type, Object.keys(SOURCES));
    return [unknown, unknown];
  }
  const given = child(metric, source);
  if (given === undefined)
    return [required(`${field}.${source}`, `must populate information for the given metric source`)];
  if (type === 'Pods' && !has(child(given, 'target'), 'averageValue'))
    return [required(`${field}.pods.target.averageValue`, 'must specify a positive target averageValue')];
  if (type !== 'Resource' && type !== 'ContainerResource') return [];
  const place = `${field}.${source}`;
  const found: Problem[] =
    text(given, 'name') === '' ? [required(`${place}.name`, 'must specify a resource name')] : [];
  const target = child(given, 'target');
  const [used, value] = [has(target, 'averageUtilization'), has(target, 'averageValue')];
  if (text(target, 'type') === '') found.push(required(`${place}.target.type`, 'must specify a metric target type'));
  if (used && count(target, 'averageUtilization') < 1)
    found.push(
      invalidValue(`${place}.target.averageUtilization`, count(target, 'averageUtilization'), 'must be greater than 0'),
    );
  if (!used && !value)
    found.push(
      required(`${place}.target.averageUtilization`, 'must set either a target raw value or a target utilization'),
    );
  return found;
}
const LONGEST_WINDOW = 3600;
const LONGEST_PERIOD = 1800;
const SELECTIONS = ['Disabled', 'Max', 'Min'];
const STEPS = ['Percent', 'Pods'];
const POSITIVE = 'must be greater than zero';
const atMost = (most: number): string => `must be less than or equal to ${most}`;

/** Rules for one direction. */
function scalingProblems(rules: Body, field: string): Problem[] {
  const found: Problem[] = [];
  const window = count(rules, 'stabilizationWindowSeconds');
  if (window < 0)
    found.push(invalidValue(`${field}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero'));
  if (window > LONGEST_WINDOW)
    found.push(invalidValue(`${field}.stabilizationWindowSeconds`, window, atMost(LONGEST_WINDOW)));
  const selection = text(rules, 'selectPolicy');
  if (has(rules, 'selectPolicy') && !SELECTIONS.includes(selection))
    found.push(notSupported(`${field}.selectPolicy`, selection, SELECTIONS));
  const policies = items(rules, 'policies');
  if (policies.length === 0) found.push(required(`${field}.policies`, 'must specify at least one Policy'));
  policies.forEach((policy, at) => {
    const place = `${field}.policies[${at}]`;
    const [type, value, period] = [text(policy, 'type'), count(policy, 'value'), count(policy, 'periodSeconds')];
    if (!STEPS.includes(type)) found.push(notSupported(`${place}.type`, type, STEPS));
    if (value <= 0) found.push(invalidValue(`${place}.value`, value, POSITIVE));
    if (period <= 0) found.push(invalidValue(`${place}.periodSeconds`, period, POSITIVE));
    if (period > LONGEST_PERIOD) found.push(invalidValue(`${place}.periodSeconds`, period, atMost(LONGEST_PERIOD)));
  });
  return found;
}

function validateScaler(scaler: KubeObject): Problem[] {
  const spec = child(scaler, 'spec') ?? {};
  const found: Problem[] = [];
  const [low, high] = [count(spec, 'minReplicas'), count(spec, 'maxReplicas')];
  if (has(spec, 'minReplicas') && low < 1)
    found.push(invalidValue('spec.minReplicas', low, 'must be greater than or equal to 1'));
  if (high < 1) found.push(invalidValue('spec.maxReplicas', high, 'must be greater than 0'));
  if (has(spec, 'minReplicas') && high < low) {
    found.push(invalidValue('spec.maxReplicas', high, 'must be greater than or equal to `minReplicas`'));
  }
  const target = child(spec, 'scaleTargetRef');
  for (const key of ['kind', 'name']) if (text(target, key) === '') found.push(required(`spec.scaleTargetRef.${key}`));
  const version = text(target, 'apiVersion');
  if (version === '' && text(target, 'kind') !== 'ReplicationController') {
    found.push(invalidValue('spec.scaleTargetRef.apiVersion', version, 'apiVersion must specify API group'));
  }
  items(spec, 'metrics').forEach((metric, at) => {
    found.push(...metricProblems(metric, `spec.metrics[${at}]`));
  });
  const metrics = items(spec, 'metrics').map((metric) => text(metric, 'type'));
  if (has(spec, 'minReplicas') && low === 0 && !metrics.includes('Object') && !metrics.includes('External')) {
    const said = 'must specify at least one Object or External metric to support scaling to zero replicas';
    found.push(forbiddenField('spec.metrics', said));
  }
  const behavior = child(spec, 'behavior');
  for (const name of ['scaleUp', 'scaleDown']) {
    const one = child(behavior, name);
    if (one !== undefined) found.push(...scalingProblems(one, `spec.behavior.${name}`));
  }
  return found;
}

export const AUTOSCALERS = rulesOf('autoscaling/horizontalpodautoscalers', {
  defaults(scaler) {
    const spec = made(scaler, 'spec');
    fill(spec, 'minReplicas', 1);
    if (items(spec, 'metrics').length === 0) {
      spec.metrics = [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ];
    }
    const behavior = child(spec, 'behavior');
    if (behavior !== undefined) defaultBehavior(behavior);
  },
  prepareCreate(scaler) {
    scaler.status = { currentMetrics: null, desiredReplicas: 0 };
  },
  prepareUpdate: keepStatus,
  validateCreate: validateScaler,
  validateUpdate: validateScaler,
});
