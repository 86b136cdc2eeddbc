import type { KubeObject } from '../../../objects/json.ts';
import { percent } from '../../schema/metadata/names.ts';
import { forbiddenField, invalidValue, nonNegative, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { firstGeneration } from '../generation.ts';
import { keepStatus, rulesOf, withStatus } from '../plain-rules.ts';
import { validateSelector } from '../selectors.ts';
import { type Body, child, count, fill, fillEmpty, has, items, made, text } from '../values.ts';
import { validateIntOrPercent } from '../workloads/replicas.ts';

function validateBudget(budget: KubeObject): Problem[] {
  const spec = child(budget, 'spec') ?? {};
  const found: Problem[] = [];
  if (has(spec, 'minAvailable') && has(spec, 'maxUnavailable')) {
    const told = {
      MinAvailable: spec.minAvailable,
      Selector: spec.selector ?? null,
      MaxUnavailable: spec.maxUnavailable,
      UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
    };
    found.push(invalidValue('spec', told, 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const key of ['minAvailable', 'maxUnavailable']) {
    if (!has(spec, key)) continue;
    found.push(...validateIntOrPercent(spec[key], `spec.${key}`, percent));
    if (typeof spec[key] === 'string' && Number.parseInt(String(spec[key]), 10) > 100) {
      found.push(invalidValue(`spec.${key}`, spec[key], 'must not be greater than 100%'));
    }
  }
  found.push(...validateSelector(child(spec, 'selector'), 'spec.selector'));
  const policy = text(spec, 'unhealthyPodEvictionPolicy');
  const policies = ['AlwaysAllow', 'IfHealthyBudget'];
  if (has(spec, 'unhealthyPodEvictionPolicy') && !policies.includes(policy))
    found.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, policies));
  return found;
}

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
  return found;
}

const PRIORITY_CLASSES = rulesOf('scheduling.k8s.io/priorityclasses', {
  defaults: (it) => fill(it, 'preemptionPolicy', 'PreemptLowerPriority'),
  prepareCreate: firstGeneration,
  validateCreate(it) {
    const policy = text(it, 'preemptionPolicy');
    const policies = ['PreemptLowerPriority', 'Never'];
    if (!policies.includes(policy)) return [notSupported('preemptionPolicy', policy, policies)];
    const [name, value] = [it.metadata.name ?? '', count(it, 'value')];
    if (!name.startsWith('system-')) {
      const said = 'maximum allowed value of a user defined priority is 1000000000';
      return value > 1_000_000_000 ? [forbiddenField('value', said)] : [];
    }
    const known: Readonly<Record<string, number>> = {
      'system-node-critical': 2_000_001_000,
      'system-cluster-critical': 2_000_000_000,
    };
    return known[name] === value
      ? []
      : [
          forbiddenField(
            'metadata.name',
            `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
          ),
        ];
  },
  validateUpdate(next, before) {
    const found: Problem[] = [];
    if (count(next, 'value') !== count(before, 'value'))
      found.push(forbiddenField('value', 'may not be changed in an update.'));
    if (text(next, 'preemptionPolicy') !== text(before, 'preemptionPolicy')) {
      found.push(invalidValue('preemptionPolicy', next.preemptionPolicy, 'field is immutable'));
    }
    return found;
  },
});

function validateLease(lease: KubeObject): Problem[] {
  const spec = child(lease, 'spec');
  const found: Problem[] = [];
  if (has(spec, 'leaseDurationSeconds') && count(spec, 'leaseDurationSeconds') <= 0) {
    found.push(
      invalidValue('spec.leaseDurationSeconds', count(spec, 'leaseDurationSeconds'), 'must be greater than 0'),
    );
  }
  return [...found, ...nonNegative('spec.leaseTransitions', count(spec, 'leaseTransitions'))];
}
const RUNTIME_CLASSES = rulesOf('node.k8s.io/runtimeclasses', {
  createOnUpdate: true,
  unconditionalUpdate: false,
  validateCreate: (it) => (text(it, 'handler') === '' ? [required('handler')] : []),
  validateUpdate: (next, before) =>
    text(next, 'handler') === text(before, 'handler')
      ? []
      : [invalidValue('handler', text(next, 'handler'), 'field is immutable')],
});

const FLOW_SCHEMAS = withStatus('flowcontrol.apiserver.k8s.io/flowschemas', {
  statusKeeps: 'metadata',
  defaults: (it) => fillEmpty(made(it, 'spec'), 'matchingPrecedence', 1000),
  prepareCreate(it) {
    it.status = {};
  },
});
const PRIORITY_LEVELS = withStatus('flowcontrol.apiserver.k8s.io/prioritylevelconfigurations', {
  statusKeeps: 'metadata',
  defaults(it) {
    const spec = made(it, 'spec');
    const exempt = child(spec, 'exempt');
    if (exempt !== undefined) {
      fill(exempt, 'nominalConcurrencyShares', 0);
      fill(exempt, 'lendablePercent', 0);
    }
    const limited = child(spec, 'limited');
    if (limited === undefined) return;
    fill(limited, 'nominalConcurrencyShares', 30);
    fill(limited, 'lendablePercent', 0);
    const queuing = child(child(limited, 'limitResponse'), 'queuing');
    if (queuing === undefined) return;
    fillEmpty(queuing, 'handSize', 8);
    fillEmpty(queuing, 'queues', 64);
    fillEmpty(queuing, 'queueLengthLimit', 50);
  },
  prepareCreate(it) {
    it.status = {};
  },
});

export const POLICY_KINDS = [
  withStatus('policy/poddisruptionbudgets', {
    unconditionalUpdate: false,
    prepareCreate(budget) {
      budget.status = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
    },
    validateCreate: validateBudget,
    validateUpdate: validateBudget,
  }),
  rulesOf('autoscaling/horizontalpodautoscalers', {
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
  }),
  PRIORITY_CLASSES,
  rulesOf('coordination.k8s.io/leases', {
    createOnUpdate: true,
    unconditionalUpdate: false,
    validateCreate: validateLease,
    validateUpdate: validateLease,
  }),
  RUNTIME_CLASSES,
  FLOW_SCHEMAS,
  PRIORITY_LEVELS,
];
