import type { ResourceName } from '../../objects/key.ts';
import { controllerOf } from '../../objects/owners.ts';
import { timestamp } from '../clock.ts';
import { claim } from './claims.ts';
import type { ControllerContext, ControllerMaker } from './controller.ts';
import { eventsOf } from './events.ts';
import { type Hands, handsOf, namespaceTerminates, refusedAs, resource, WriteRefused } from './hands.ts';
import { OwnedObjects } from './owned-objects.ts';
import { PodControl } from './pod-control.ts';
import { availableAt, deletionOrder, isActive, isReady, podFromTemplate } from './pod-facts.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import { type Selects, selects, selectsPairs } from './selectors.ts';
import type { Condition, Pod, ReplicaSet } from './shapes.ts';
import { WorkQueue } from './work-queue.ts';

const PODS = resource('pods');
/** The real one creates and deletes at most so many Pods of one set in one go. */
const BURST = 500;

interface Sort {
  readonly name: string;
  readonly user: string;
  readonly resource: ResourceName;
  readonly apiVersion: string;
  readonly kind: string;
  readonly selects: (set: ReplicaSet) => Selects;
}

/** Keeps as many Pods as a ReplicaSet says; adopts and releases by selector. */
export const replicaSetController: ControllerMaker = (context) =>
  replicas(context, {
    name: 'replicaset-controller',
    user: 'replicaset-controller',
    resource: resource('replicasets.apps'),
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    selects: ({ spec }) => selects(spec.selector),
  });

/** The same for ReplicationControllers, whose selector is a plain map. */
export const replicationController: ControllerMaker = (context) =>
  replicas(context, {
    name: 'replication-controller',
    user: 'replication-controller',
    resource: resource('replicationcontrollers'),
    apiVersion: 'v1',
    kind: 'ReplicationController',
    selects: ({ spec }) => selectsPairs(spec.selector as Readonly<Record<string, string>> | undefined),
  });

function replicas(context: ControllerContext, sort: Sort) {
  const queue = new WorkQueue(context.clock);
  const hands = handsOf(context, sort.user);
  const control = new PodControl(hands, eventsOf(context, sort.user, { component: sort.name }));
  const pods = new OwnedObjects<Pod>(PODS);
  const ownerKey = (pod: Pod): void => {
    const owner = controllerOf(pod);
    if (owner !== undefined) {
      if (owner.kind === sort.kind) queue.add(`${pod.metadata.namespace}/${owner.name}`);
      return;
    }
    for (const set of context.api.list(sort.resource, pod.metadata.namespace) as Iterable<ReplicaSet>)
      if (sort.selects(set)(pod.metadata.labels)) queue.add(keyOf(set));
  };
  return queuedController({
    name: sort.name,
    queue,
    context,
    noted(change) {
      if (change.now.resource === sort.resource) queue.add(keyOf(change.now.object));
      if (change.now.resource !== PODS) return;
      pods.note(change);
      if (change.kind === 'modified' && controllerOf(change.before.object) !== undefined)
        ownerKey(change.before.object as Pod);
      ownerKey(change.now.object as Pod);
    },
    async reconcile(key) {
      const [namespace, name] = splitKey(key);
      const set = context.api.get(sort.resource, namespace, name) as ReplicaSet | undefined;
      if (set === undefined) return;
      const mayAdopt = (): boolean =>
        context.api.byUid(set.metadata.uid ?? '')?.metadata.deletionTimestamp === undefined;
      const claimant = { apiVersion: sort.apiVersion, kind: sort.kind, object: set, mayAdopt };
      const active = await claim(hands, PODS, claimant, sort.selects(set), pods, isActive);
      const failure = set.metadata.deletionTimestamp === undefined ? await manage(control, set, active) : undefined;
      const written = await writeStatus(context, hands, sort.resource, set, active, failure);
      const { minReadySeconds = 0 } = set.spec;
      const soon = minReadySeconds === 0 ? undefined : nextAvailable(active, minReadySeconds, context.clock.now());
      if (soon !== undefined) queue.addAt(key, soon);
      if (written && Math.abs(active.length - (set.spec.replicas ?? 1)) > BURST) queue.add(key);
      if (failure !== undefined) throw failure.error;
    },
  });
}

interface Failure {
  readonly reason: 'FailedCreate' | 'FailedDelete';
  readonly error: WriteRefused;
}

async function manage(control: PodControl, set: ReplicaSet, active: readonly Pod[]): Promise<Failure | undefined> {
  const missing = Math.min((set.spec.replicas ?? 1) - active.length, BURST);
  if (missing > 0) {
    const body = podFromTemplate(set.spec.template, set);
    for (let made = 0; made < missing; made += 1) {
      try {
        await control.create(set, body);
      } catch (error) {
        if (namespaceTerminates(error)) return undefined;
        if (error instanceof WriteRefused) return { reason: 'FailedCreate', error };
        throw error;
      }
    }
  } else if (missing < 0) {
    const doomed = [...active].sort(deletionOrder).slice(0, Math.min(-missing, BURST));
    for (const pod of doomed) {
      try {
        await control.remove(set, pod);
      } catch (error) {
        if (error instanceof WriteRefused) return { reason: 'FailedDelete', error };
        throw error;
      }
    }
  }
  return undefined;
}

function nextAvailable(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  const times = pods.map((pod) => availableAt(pod, minReadySeconds)).filter((at) => at !== undefined && at > now);
  return times.length === 0 ? undefined : Math.min(...times.map((at) => at ?? 0));
}

async function writeStatus(
  context: ControllerContext,
  hands: Hands,
  resource: ResourceName,
  set: ReplicaSet,
  active: readonly Pod[],
  failure: Failure | undefined,
): Promise<boolean> {
  const { minReadySeconds = 0, template } = set.spec;
  const now = context.clock.now();
  const templateLabels = Object.entries(template.metadata?.labels ?? {});
  const labeled = active.filter(({ metadata }) =>
    templateLabels.every(([key, value]) => metadata.labels?.[key] === value),
  ).length;
  const ready = active.filter(isReady).length;
  const available = active.filter((pod) => (availableAt(pod, minReadySeconds) ?? Infinity) <= now).length;
  const old = set.status;
  const oldFailure = old?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  let conditions: readonly Condition[] | undefined = old?.conditions;
  if (failure !== undefined && oldFailure === undefined) {
    const { reason, error } = failure;
    const condition = { type: 'ReplicaFailure', status: 'True', reason, message: error.message };
    conditions = [...(conditions ?? []), { ...condition, lastTransitionTime: timestamp(now) }];
  } else if (failure === undefined && oldFailure !== undefined) {
    conditions = conditions?.filter(({ type }) => type !== 'ReplicaFailure');
  }
  const unchanged =
    old !== undefined &&
    old.replicas === active.length &&
    (old.fullyLabeledReplicas ?? 0) === labeled &&
    (old.readyReplicas ?? 0) === ready &&
    (old.availableReplicas ?? 0) === available &&
    set.metadata.generation === old.observedGeneration &&
    conditions === old.conditions;
  if (unchanged) return true;
  const positive = (value: number): number | undefined => (value === 0 ? undefined : value);
  const status = {
    replicas: active.length,
    fullyLabeledReplicas: positive(labeled),
    readyReplicas: positive(ready),
    availableReplicas: positive(available),
    observedGeneration: set.metadata.generation,
    conditions: conditions?.length === 0 ? undefined : conditions,
  };
  const latest = context.api.byUid(set.metadata.uid ?? '');
  if (latest === undefined) return false;
  try {
    await hands.updateStatus(resource, { ...latest, status });
  } catch (error) {
    if (!refusedAs(error, 'NotFound')) throw error;
  }
  return true;
}
