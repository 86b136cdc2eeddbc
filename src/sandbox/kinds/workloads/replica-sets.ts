import type { KubeObject } from '../../../objects/json.ts';
import { invalidValue, nonNegative, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { withStatus } from '../plain-rules.ts';
import { defaultTemplate, validateTemplate } from '../pods/pod-template.ts';
import { isEmptySelector, sortedMap } from '../selectors.ts';
import { type Body, child, count, deep, entries, fill, made } from '../values.ts';
import { selectorUnchanged } from './deployments.ts';
import { validateCounters, validateLasting, validateLastingTemplate, validateOwnSelector } from './replicas.ts';

const validateSet = (set: KubeObject): Problem[] => {
  const spec = child(set, 'spec') ?? {};
  return [
    ...nonNegative('spec.replicas', count(spec, 'replicas')),
    ...nonNegative('spec.minReadySeconds', count(spec, 'minReadySeconds')),
    ...validateOwnSelector(spec, 'deployment'),
    ...validateLastingTemplate(spec, 'ReplicaSet'),
  ];
};
const COUNTERS = [
  'replicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'availableReplicas',
  'observedGeneration',
  'terminatingReplicas',
];
const validateStatus = (next: KubeObject): Problem[] => {
  const status = child(next, 'status');
  const found = validateCounters(status, COUNTERS, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']);
  if (count(status, 'availableReplicas') > count(status, 'readyReplicas')) {
    found.push(
      invalidValue(
        'status.availableReplicas',
        count(status, 'availableReplicas'),
        'cannot be greater than readyReplicas',
      ),
    );
  }
  return found;
};
const emptyStatus = (set: Body): void => {
  set.status = { replicas: 0 };
};

export const REPLICA_SETS = withStatus('apps/replicasets', {
  defaults(set) {
    const spec = made(set, 'spec');
    fill(spec, 'replicas', 1);
    defaultTemplate(made(spec, 'template'));
  },
  prepareCreate: emptyStatus,
  validateCreate: validateSet,
  validateUpdate: (next, before) => [...validateSet(next), ...selectorUnchanged(next, before)],
  validateStatus,
});

function validateController(controller: KubeObject): Problem[] {
  const spec = child(controller, 'spec') ?? {};
  const selector = child(spec, 'selector');
  const found = [
    ...nonNegative('spec.minReadySeconds', count(spec, 'minReadySeconds')),
    ...(entries(spec, 'selector').length === 0 ? [required('spec.selector')] : []),
    ...nonNegative('spec.replicas', count(spec, 'replicas')),
  ];
  if (child(spec, 'template') === undefined) return [...found, required('spec.template')];
  const labels = deep(spec, 'template', 'metadata', 'labels');
  const told = { matchLabels: selector };
  if (!isEmptySelector(told) && !entries(spec, 'selector').every(([key, value]) => labels?.[key] === value)) {
    found.push(
      invalidValue('spec.template.metadata.labels', sortedMap(labels), '`selector` does not match template `labels`'),
    );
  }
  return [
    ...found,
    ...validateTemplate(child(spec, 'template'), 'spec.template'),
    ...validateLasting(spec, 'ReplicationController'),
  ];
}

export const REPLICATION_CONTROLLERS = withStatus('replicationcontrollers', {
  defaults(controller) {
    const spec = made(controller, 'spec');
    fill(spec, 'replicas', 1);
    const template = child(spec, 'template');
    if (template === undefined) return;
    defaultTemplate(template);
    const labels = child(template.metadata, 'labels');
    if (labels === undefined) return;
    if (entries(spec, 'selector').length === 0) spec.selector = { ...labels };
    const meta = made(controller, 'metadata');
    if (entries(meta, 'labels').length === 0) meta.labels = { ...labels };
  },
  prepareCreate: emptyStatus,
  validateCreate: validateController,
  // Once as a whole object and once as an update: causes come twice.
  validateUpdate: (next) => [...validateController(next), ...validateController(next)],
  validateStatus,
  selectable: (controller) => ({ 'status.replicas': String(count(controller.status, 'replicas')) }),
  defaultPropagation: 'Orphan',
});
