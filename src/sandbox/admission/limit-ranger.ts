import type { ResourceName } from '../../objects/key.ts';
import { type Quantity, quantityText } from '../../objects/quantity.ts';
import { type Amounts, amounts } from './amounts.ts';
import { aggregate, createdPod, forbiddenAttempt, isCore, podOf } from './attempts.ts';
import type { AdmissionPlugin, Attempt } from './plugin.ts';
import { podAmounts } from './pod-amounts.ts';
import { compareQuantity, quantity } from './quantity.ts';
import type { ContainerShape, PodShape, Quantities } from './shapes.ts';

const RANGES = 'limitranges' as ResourceName;
const NOTE = 'kubernetes.io/limit-ranger';

interface Limit {
  readonly type: string;
  readonly default?: Quantities;
  readonly defaultRequest?: Quantities;
  readonly min?: Quantities;
  readonly max?: Quantities;
  readonly maxLimitRequestRatio?: Quantities;
}

function* limitsOf(attempt: Attempt): Generator<readonly Limit[]> {
  if (attempt.before?.metadata.deletionTimestamp !== undefined || attempt.namespace === undefined) return;
  for (const range of attempt.context.store.list(RANGES, attempt.namespace))
    yield ((range.spec as { limits?: readonly Limit[] } | undefined)?.limits ?? []) as readonly Limit[];
}

/** Default amounts of containers, and the bounds of containers, Pods and claims. */
export const LIMIT_RANGER: AdmissionPlugin = {
  name: 'LimitRanger',
  mutate(attempt) {
    const pod = createdPod(attempt);
    if (pod === undefined) return;
    for (const limits of limitsOf(attempt)) fillIn(pod, limits);
  },
  validate(attempt) {
    const resized = attempt.plural === 'pods' && attempt.subresource === 'resize' && attempt.operation === 'UPDATE';
    const pod = resized ? podOf(attempt.object) : createdPod(attempt);
    const claim = isCore(attempt, 'persistentvolumeclaims') && attempt.operation !== 'DELETE';
    if (pod === undefined && !claim) return;
    for (const limits of limitsOf(attempt)) {
      const found = aggregate(pod === undefined ? claimProblems(attempt, limits) : podProblems(pod, limits));
      if (found !== undefined) throw forbiddenAttempt(attempt, found);
    }
  },
};

function fillIn(pod: PodShape, limits: readonly Limit[]): void {
  const [requests, most]: [Quantities, Quantities] = [{}, {}];
  for (const limit of limits) {
    if (limit.type !== 'Container') continue;
    Object.assign(requests, limit.defaultRequest);
    Object.assign(most, limit.default);
  }
  const notes: string[] = [];
  const fill = (container: ContainerShape, what: string): void => {
    const add = (kind: 'requests' | 'limits', word: string, given: Quantities): void => {
      const missing = Object.keys(given).filter((name) => container.resources?.[kind]?.[name] === undefined);
      if (missing.length === 0) return;
      const added = Object.fromEntries(missing.map((name) => [name, quantityText(quantity(given[name]))]));
      container.resources = { ...container.resources, [kind]: { ...container.resources?.[kind], ...added } };
      notes.push(`${missing.sort().join(', ')} ${word} for ${what} ${container.name}`);
    };
    add('requests', 'request', requests);
    add('limits', 'limit', most);
  };
  for (const container of pod.spec.containers ?? []) fill(container, 'container');
  for (const container of pod.spec.initContainers ?? []) fill(container, 'init container');
  if (notes.length > 0)
    pod.metadata.annotations = { ...pod.metadata.annotations, [NOTE]: `LimitRanger plugin set: ${notes.join('; ')}` };
}

function podProblems(pod: PodShape, limits: readonly Limit[]): string[] {
  return limits.flatMap((limit) => {
    if (limit.type === 'Container')
      return [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])].flatMap(({ resources }) =>
        problems(limit, amounts(resources?.requests), amounts(resources?.limits)),
      );
    if (limit.type !== 'Pod') return [];
    return problems(limit, podAmounts(pod.spec, 'requests', false), podAmounts(pod.spec, 'limits', false));
  });
}

function problems(limit: Limit, requests: Amounts, most: Amounts): string[] {
  const found: string[] = [];
  const each = (list: Quantities | undefined, test: (name: string, bound: Quantity) => string | undefined): void => {
    for (const name of Object.keys(list ?? {}).sort()) {
      const problem = test(name, quantity(list?.[name]));
      if (problem !== undefined) found.push(problem);
    }
  };
  each(limit.min, (name, bound) => below(limit.type, name, bound, requests.get(name), most.get(name)));
  each(limit.max, (name, bound) => above(limit.type, name, bound, requests.get(name), most.get(name)));
  each(limit.maxLimitRequestRatio, (name, bound) => ratio(limit.type, name, bound, requests.get(name), most.get(name)));
  return found;
}

type Bound = (
  type: string,
  name: string,
  bound: Quantity,
  request: Quantity | undefined,
  limit: Quantity | undefined,
) => string | undefined;

const below: Bound = (type, name, bound, request, limit) => {
  const rule = `minimum ${name} usage per ${type} is ${quantityText(bound)}`;
  if (request === undefined) return `${rule}.  No request is specified`;
  if (compareQuantity(request, bound) < 0) return `${rule}, but request is ${quantityText(request)}`;
  if (limit !== undefined && compareQuantity(limit, bound) < 0) return `${rule}, but limit is ${quantityText(limit)}`;
  return undefined;
};

const above: Bound = (type, name, bound, request, limit) => {
  const rule = `maximum ${name} usage per ${type} is ${quantityText(bound)}`;
  if (limit === undefined) return `${rule}.  No limit is specified`;
  if (compareQuantity(limit, bound) > 0) return `${rule}, but limit is ${quantityText(limit)}`;
  if (request !== undefined && compareQuantity(request, bound) > 0)
    return `${rule}, but request is ${quantityText(request)}`;
  return undefined;
};

const ratio: Bound = (type, name, bound, request, limit) => {
  const rule = `${name} max limit to request ratio per ${type} is ${quantityText(bound)}`;
  if (request === undefined || request.nano === 0n) return `${rule}, but no request is specified or request is 0`;
  if (limit === undefined || limit.nano === 0n) return `${rule}, but no limit is specified or limit is 0`;
  const observed = Number(limit.nano) / Number(request.nano);
  return observed * 1e9 > Number(bound.nano) ? `${rule}, but provided ratio is ${observed.toFixed(6)}` : undefined;
};

function claimProblems(attempt: Attempt, limits: readonly Limit[]): string[] {
  const spec = attempt.object?.spec as { resources?: { requests?: Quantities } } | undefined;
  const requests = amounts(spec?.resources?.requests);
  return limits
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap((limit) => [
      ...problems({ type: limit.type, ...(limit.min === undefined ? {} : { min: limit.min }) }, requests, new Map()),
      ...Object.keys(limit.max ?? {})
        .sort()
        .flatMap((name) => {
          const bound = quantity(limit.max?.[name]);
          const request = requests.get(name);
          const rule = `maximum ${name} usage per ${limit.type} is ${quantityText(bound)}`;
          if (request === undefined) return [`${rule}.  No request is specified`];
          return compareQuantity(request, bound) > 0 ? [`${rule}, but request is ${quantityText(request)}`] : [];
        }),
    ]);
}
