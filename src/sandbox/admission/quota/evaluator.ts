import type { KubeObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import { type Amounts, addTo, amounts } from '../amounts.ts';
import { podOf } from '../attempts.ts';
import type { Attempt } from '../plugin.ts';
import { podAmounts } from '../pod-amounts.ts';
import { compareQuantity, count, quantity, wholeUnits, ZERO } from '../quantity.ts';
import type { ContainerShape, PodShape } from '../shapes.ts';
import { isTerminating, podInScope, type ScopeSelector, selects } from './scopes.ts';

/** How objects of one resource count against quotas. */
export interface Evaluator {
  /** Whether the write can change what is used. */
  handles(attempt: Attempt): boolean;
  /** Whether a name in `hard` is one that these objects use. */
  counts(name: string): boolean;
  inScope(object: unknown, selector: ScopeSelector): boolean;
  /** What must be said before it can be counted; undefined when nothing is missing. */
  missing(object: unknown, required: readonly string[]): string | undefined;
  usage(object: unknown, now: number): Amounts;
}

const IGNORED =
  /^(bindings|componentstatuses|events|events\.events\.k8s\.io)$|reviews\.auth(entication|orization)\.k8s\.io$/;
/** Old names of simple counts. */
const ALIASES = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets']);

/** Undefined for what no quota counts. */
export function evaluatorOf(resource: ResourceName): Evaluator | undefined {
  if (IGNORED.test(resource)) return undefined;
  return SPECIAL[resource] ?? objectCount(resource);
}
/** The resource that a name in `hard` counts; undefined for names of Pods, Services and claims, and of nothing. */
export function countedResource(name: string): ResourceName | undefined {
  if (name.startsWith('count/')) return name.slice('count/'.length) as ResourceName;
  return ALIASES.has(name) ? (name as ResourceName) : undefined;
}
export const SPECIAL_RESOURCES = ['pods', 'services', 'persistentvolumeclaims'] as ResourceName[];

const create = (attempt: Attempt): boolean => attempt.operation === 'CREATE' && (attempt.subresource ?? '') === '';

function objectCount(resource: ResourceName): Evaluator {
  const names = [`count/${resource}`, ...(ALIASES.has(resource) ? [resource as string] : [])];
  return {
    handles: create,
    counts: (name) => names.includes(name),
    inScope: () => false,
    missing: () => undefined,
    usage: () => new Map(names.map((name) => [name, count(1)])),
  };
}

const POD_NAMES = new Set(
  'count/pods cpu memory ephemeral-storage requests.cpu requests.memory requests.ephemeral-storage limits.cpu limits.memory limits.ephemeral-storage pods'.split(
    ' ',
  ),
);
/** What a quota on CPU or memory makes every container say. */
const MUST_SAY = ['cpu', 'limits.cpu', 'limits.memory', 'memory', 'requests.cpu', 'requests.memory'];
const native = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');

const pods: Evaluator = {
  handles(attempt) {
    if (attempt.subresource === 'resize') return attempt.operation === 'UPDATE';
    if ((attempt.subresource ?? '') !== '') return false;
    const [now, before] = [podOf(attempt.object), podOf(attempt.before)];
    if (attempt.operation === 'UPDATE' && now !== undefined && before !== undefined)
      return isTerminating(now) !== isTerminating(before);
    return attempt.operation === 'CREATE';
  },
  counts: (name) =>
    POD_NAMES.has(name) ||
    /^(requests\.)?hugepages-/.test(name) ||
    (name.startsWith('requests.') && !native(name.slice('requests.'.length))),
  inScope(object, selector) {
    const pod = podOf(object);
    return pod !== undefined && podInScope(pod, selector);
  },
  missing(object, required) {
    const pod = podOf(object);
    if (pod === undefined || pod.spec.resources !== undefined) return undefined;
    const silent = new Map<string, string[]>();
    const look = ({ name, resources }: ContainerShape): void => {
      const said = computed(amounts(resources?.requests), amounts(resources?.limits));
      for (const wanted of MUST_SAY)
        if (required.includes(wanted) && !said.has(wanted)) silent.set(wanted, [...(silent.get(wanted) ?? []), name]);
    };
    for (const container of [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])]) look(container);
    if (silent.size === 0) return undefined;
    const lines = [...silent].sort(([a], [b]) => (a < b ? -1 : 1));
    return `must specify ${lines.map(([name, who]) => `${name} for: ${[...new Set(who)].sort().join(',')}`).join('; ')}`;
  },
  usage(object, now) {
    const total: Amounts = new Map([['count/pods', count(1)]]);
    const pod = podOf(object);
    if (pod === undefined || !counted(pod, now)) return total;
    return addTo(total, computed(podAmounts(pod.spec, 'requests', true), podAmounts(pod.spec, 'limits', true)));
  },
};

/** A Pod that has ended, or should long be gone, uses nothing. */
export function counted(pod: PodShape, now: number): boolean {
  if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return now <= Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function computed(requests: Amounts, limits: Amounts): Amounts {
  const result: Amounts = new Map([['pods', count(1)]]);
  for (const [name, value] of requests) {
    const basic = ['cpu', 'memory', 'ephemeral-storage'].includes(name) || name.startsWith('hugepages-');
    if (basic) result.set(name, value);
    if (basic || !native(name)) result.set(`requests.${name}`, value);
  }
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    const limit = limits.get(name);
    if (limit !== undefined) result.set(`limits.${name}`, limit);
  }
  return result;
}

const SERVICE_NAMES = ['count/services', 'services', 'services.nodeports', 'services.loadbalancers'];
interface ServiceSpec {
  readonly type?: string;
  readonly ports?: readonly { readonly nodePort?: number }[];
  readonly allocateLoadBalancerNodePorts?: boolean;
}
const always = (attempt: Attempt): boolean => attempt.operation !== 'DELETE' && (attempt.subresource ?? '') === '';

const services: Evaluator = {
  handles: always,
  counts: (name) => SERVICE_NAMES.includes(name),
  inScope: () => false,
  missing: () => undefined,
  usage(object) {
    const spec = ((object as KubeObject | undefined)?.spec ?? {}) as ServiceSpec;
    const ports = spec.ports ?? [];
    const balanced = spec.type === 'LoadBalancer';
    const nodePorts =
      balanced && spec.allocateLoadBalancerNodePorts === false
        ? ports.filter(({ nodePort = 0 }) => nodePort !== 0).length
        : balanced || spec.type === 'NodePort'
          ? ports.length
          : 0;
    return new Map([
      ['count/services', count(1)],
      ['services', count(1)],
      ['services.loadbalancers', balanced ? count(1) : ZERO],
      ['services.nodeports', count(nodePorts)],
    ]);
  },
};

const CLASS = '.storageclass.storage.k8s.io/';
const CLAIM_NAMES = ['persistentvolumeclaims', 'requests.storage'];
interface Claim {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly storageClassName?: string;
    readonly volumeAttributesClassName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
  readonly status?: { readonly allocatedResources?: { readonly storage?: string } };
}

const claims: Evaluator = {
  handles: always,
  counts: (name) =>
    name === 'count/persistentvolumeclaims' ||
    CLAIM_NAMES.includes(name) ||
    CLAIM_NAMES.some((known) => name.endsWith(CLASS + known)),
  inScope: (object, selector) =>
    selector.scopeName === 'VolumeAttributesClass' &&
    selects(selector, (object as Claim).spec?.volumeAttributesClassName || undefined),
  missing: () => undefined,
  usage(object) {
    const { metadata, spec, status } = (object ?? {}) as Claim;
    const name = metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '';
    const result: Amounts = new Map([
      ['persistentvolumeclaims', count(1)],
      ['count/persistentvolumeclaims', count(1)],
    ]);
    const asked = spec?.resources?.requests?.storage;
    if (asked !== undefined) {
      let size = wholeUnits(quantity(asked));
      const given = quantity(status?.allocatedResources?.storage);
      if (compareQuantity(given, size) > 0) size = wholeUnits(given);
      result.set('requests.storage', size);
      if (name !== '') result.set(`${name}${CLASS}requests.storage`, size);
    }
    if (name !== '') result.set(`${name}${CLASS}persistentvolumeclaims`, count(1));
    return result;
  },
};

const SPECIAL: Readonly<Record<string, Evaluator>> = { pods, services, persistentvolumeclaims: claims };
