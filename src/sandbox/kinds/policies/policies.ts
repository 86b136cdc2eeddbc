import type { KubeObject } from '../../../objects/json.ts';
import { percent } from '../../schema/metadata/names.ts';
import { forbiddenField, invalidValue, nonNegative, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { firstGeneration } from '../generation.ts';
import { rulesOf, withStatus } from '../plain-rules.ts';
import { validateSelector } from '../selectors.ts';
import { child, count, fill, fillEmpty, has, made, text } from '../values.ts';
import { validateIntOrPercent } from '../workloads/replicas.ts';
import { AUTOSCALERS } from './autoscalers.ts';

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

const PRIORITY_CLASSES = rulesOf('scheduling.k8s.io/priorityclasses', {
  defaults: (it) => fill(it, 'preemptionPolicy', 'PreemptLowerPriority'),
  prepareCreate: firstGeneration,
  validateCreate(it) {
    const policy = text(it, 'preemptionPolicy');
    const policies = ['PreemptLowerPriority', 'Never'];
    const found = policies.includes(policy) ? [] : [notSupported('preemptionPolicy', policy, policies)];
    const [name, value] = [it.metadata.name ?? '', count(it, 'value')];
    if (!name.startsWith('system-')) {
      const said = 'maximum allowed value of a user defined priority is 1000000000';
      return value > 1_000_000_000 ? [forbiddenField('value', said), ...found] : found;
    }
    const known: Readonly<Record<string, number>> = {
      'system-node-critical': 2_000_001_000,
      'system-cluster-critical': 2_000_000_000,
    };
    return known[name] === value
      ? found
      : [
          forbiddenField(
            'metadata.name',
            `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
          ),
          ...found,
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
    validateStatus: ({ status }) =>
      ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'].flatMap((name) =>
        nonNegative(`status.${name}`, count(status, name)),
      ),
  }),
  AUTOSCALERS,
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
