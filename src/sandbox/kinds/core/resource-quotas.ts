import type { KubeObject } from '../../../objects/json.ts';
import { qualifiedName } from '../../schema/metadata/names.ts';
import { each, IMMUTABLE, invalidValue, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { keepStatus, rulesOf } from '../plain-rules.ts';
import { nanoOf } from '../quantity.ts';
import { type Body, child, entries, items, text, texts } from '../values.ts';

const WHOLE = [
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const COMPUTE = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];
const AMOUNTS = [
  ...COMPUTE,
  'ephemeral-storage',
  'requests.ephemeral-storage',
  'limits.ephemeral-storage',
  'requests.storage',
];
const isHuge = (name: string): boolean => name.startsWith('hugepages-') || name.startsWith('requests.hugepages-');
const isOfQuota = (name: string): boolean => WHOLE.includes(name) || AMOUNTS.includes(name) || isHuge(name);
const isStandard = (name: string): boolean => isOfQuota(name) || name === 'storage';

function resourceProblems(name: string, value: unknown, field: string): Problem[] {
  const found = each(field, name, qualifiedName(name));
  if (found.length === 0 && !name.includes('/') && !isStandard(name))
    found.push(invalidValue(field, name, 'must be a standard resource type or fully qualified'));
  if (!name.includes('/') && !isOfQuota(name))
    found.push(invalidValue(field, name, 'must be a standard resource for quota'));
  const nano = nanoOf(String(value));
  if (nano < 0n) found.push(invalidValue(field, value, 'must be greater than or equal to 0'));
  const whole = WHOLE.includes(name) || (name.includes('/') && !name.includes('kubernetes.io/'));
  if (whole && nano % 1_000_000_000n !== 0n) found.push(invalidValue(field, value, 'must be an integer'));
  return found;
}

const OF_PODS = ['Terminating', 'NotTerminating', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity'];
const SCOPES = [...OF_PODS, 'BestEffort', 'VolumeAttributesClass'];

/** Whether a scope can hold of what a limit counts. */
function fits(scope: string, name: string): boolean {
  if (OF_PODS.includes(scope)) return name === 'pods' || COMPUTE.includes(name);
  if (scope === 'BestEffort') return name === 'pods';
  if (scope === 'VolumeAttributesClass') return name === 'persistentvolumeclaims' || name === 'requests.storage';
  return true;
}
const CONFLICTS = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
];

function scopeProblems(spec: Body): Problem[] {
  const scopes = texts(spec, 'scopes');
  const limits = entries(spec, 'hard')
    .map(([name]) => name)
    .sort();
  const found: Problem[] = [];
  for (const scope of scopes) {
    if (!SCOPES.includes(scope)) found.push(invalidValue('spec.scopes', scopes, 'unsupported scope'));
    for (const name of limits)
      if (isOfQuota(name) && !fits(scope, name))
        found.push(invalidValue('spec.scopes', scopes, 'unsupported scope applied to resource'));
  }
  for (const pair of CONFLICTS)
    if (pair.every((scope) => scopes.includes(scope)))
      found.push(invalidValue('spec.scopes', scopes, 'conflicting scopes'));
  return found;
}

function selectorProblems(spec: Body): Problem[] {
  const selector = child(spec, 'scopeSelector');
  if (selector === undefined) return [];
  const field = 'spec.scopeSelector.matchExpressions';
  const limits = entries(spec, 'hard')
    .map(([name]) => name)
    .sort();
  const told = {
    MatchExpressions: items(selector, 'matchExpressions').map((one) => ({
      ScopeName: text(one, 'scopeName'),
      Operator: text(one, 'operator'),
      Values: one.values ?? null,
    })),
  };
  const found: Problem[] = [];
  const scopes: string[] = [];
  for (const one of items(selector, 'matchExpressions')) {
    const [scope, operator, values] = [text(one, 'scopeName'), text(one, 'operator'), texts(one, 'values')];
    scopes.push(scope);
    if (!SCOPES.includes(scope)) found.push(invalidValue(`${field}.scopeName`, scope, 'unsupported scope'));
    for (const name of limits)
      if (isOfQuota(name) && !fits(scope, name))
        found.push(invalidValue(field, told, 'unsupported scope applied to resource'));
    if (
      SCOPES.includes(scope) &&
      scope !== 'PriorityClass' &&
      scope !== 'VolumeAttributesClass' &&
      operator !== 'Exists'
    ) {
      const said =
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
      found.push(invalidValue(`${field}.operator`, operator, said));
    }
    if (operator === 'In' || operator === 'NotIn') {
      const said = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      if (values.length === 0) found.push(required(`${field}.values`, said));
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      const said = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      if (values.length > 0) found.push(invalidValue(`${field}.values`, values, said));
    } else found.push(invalidValue(`${field}.operator`, operator, 'not a valid selector operator'));
  }
  for (const pair of CONFLICTS)
    if (pair.every((scope) => scopes.includes(scope)))
      found.push(invalidValue(field, spec.scopes ?? null, 'conflicting scopes'));
  return found;
}

function validate(quota: KubeObject): Problem[] {
  const spec = child(quota, 'spec') ?? {};
  return [
    ...entries(spec, 'hard').flatMap(([name, value]) => resourceProblems(name, value, `spec.hard[${name}]`)),
    ...scopeProblems(spec),
    ...selectorProblems(spec),
  ];
}

export const RESOURCE_QUOTAS = rulesOf('resourcequotas', {
  prepareCreate(quota) {
    quota.status = {};
  },
  prepareUpdate: keepStatus,
  validateCreate: validate,
  validateUpdate(next, before) {
    const [now, was] = [texts(next.spec, 'scopes'), texts(before.spec, 'scopes')];
    const same = [...now].sort().join() === [...was].sort().join();
    return [
      ...validate(next),
      ...(same ? [] : [invalidValue('spec.scopes', next.spec === undefined ? null : now, IMMUTABLE)]),
    ];
  },
  validateStatus: (next) =>
    ['hard', 'used'].flatMap((key) =>
      entries(child(next, 'status'), key).flatMap(([name, value]) =>
        resourceProblems(name, value, `status.${key}[${name}]`),
      ),
    ),
});
