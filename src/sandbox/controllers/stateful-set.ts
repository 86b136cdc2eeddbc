import { controllerOf } from '../../objects/owners.ts';
import { isEmptySelector } from '../../objects/selector-shape.ts';
import { claim } from './claims.ts';
import type { ControllerMaker } from './controller.ts';
import { scaled } from './deployment-facts.ts';
import { eventsOf } from './events.ts';
import { handsOf, namespaceTerminates, resource } from './hands.ts';
import { OwnedObjects } from './owned-objects.ts';
import { availableAt, isFinished, isReady } from './pod-facts.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import { Revisions } from './revisions.ts';
import { selects } from './selectors.ts';
import type { ControllerRevision, Pod, StatefulSet, StatefulSetStatus } from './shapes.ts';
import {
  createClaims,
  createStatefulPod,
  ordinalOf,
  ownClaims,
  removeStatefulPod,
  revisionLabelOf,
  type StatefulTools,
} from './stateful-pods.ts';
import { sortedText } from './template-hash.ts';
import { WorkQueue } from './work-queue.ts';

const SETS = resource('statefulsets.apps');
const PODS = resource('pods');
const REVISIONS = resource('controllerrevisions.apps');

/** StatefulSets: Pods with names, in order or at once, their claims, revisions and updates from the end. */
export const statefulSetController: ControllerMaker = (context) => {
  const { api, clock } = context;
  const queue = new WorkQueue(clock);
  const hands = handsOf(context, 'statefulset-controller');
  const events = eventsOf(context, 'statefulset-controller', { component: 'statefulset-controller' });
  const pods = new OwnedObjects<Pod>(PODS);
  const owned = new OwnedObjects<ControllerRevision>(REVISIONS);
  const revisions = new Revisions(context, hands, owned, 'controller.kubernetes.io/hash');

  const notePod = (pod: Pod): void => {
    const owner = controllerOf(pod);
    if (owner?.kind === 'StatefulSet') queue.add(`${pod.metadata.namespace}/${owner.name}`);
    if (owner !== undefined) return;
    for (const set of api.list(SETS, pod.metadata.namespace) as Iterable<StatefulSet>)
      if (selects(set.spec.selector)(pod.metadata.labels)) queue.add(keyOf(set));
  };

  async function reconcile(key: string): Promise<void> {
    const [namespace, name] = splitKey(key);
    const set = api.get(SETS, namespace, name) as StatefulSet | undefined;
    if (set === undefined || isEmptySelector(set.spec.selector)) return;
    const { uid = '' } = set.metadata;
    const mayAdopt = (): boolean => api.byUid(uid)?.metadata.deletionTimestamp === undefined;
    const claimant = { apiVersion: 'apps/v1', kind: 'StatefulSet', object: set, mayAdopt };
    const selected = selects(set.spec.selector);
    const known = await revisions.of({ ...claimant, releases: false }, selected);
    const mine = await claim(hands, PODS, claimant, selected, pods, (pod) => ordinalOf(pod, set) >= 0);
    const update = await revisions.current(set, 'StatefulSet', known, set.status?.collisionCount ?? 0);
    const all = known.some(({ metadata }) => metadata.name === update.metadata.name) ? known : [...known, update];
    const current = all.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
    const round = new Round({ context, hands, events }, set, mine, current, update);
    if (set.metadata.deletionTimestamp === undefined) await round.act();
    await round.writeStatus(pods.ownedBy(uid));
    const live = new Set([current, update].map(({ metadata }) => metadata.name ?? ''));
    for (const pod of mine) live.add(revisionLabelOf(pod));
    await revisions.truncate(all, live, set.spec.revisionHistoryLimit ?? 10);
    const { minReadySeconds = 0 } = set.spec;
    for (const pod of minReadySeconds === 0 ? [] : mine) {
      const at = availableAt(pod, minReadySeconds) ?? 0;
      if (at > clock.now()) queue.addAt(key, at);
    }
  }

  return queuedController({
    name: 'statefulset-controller',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === SETS) queue.add(keyOf(object));
      if (of === REVISIONS) owned.note(change);
      if (of !== PODS) return;
      pods.note(change);
      if (change.kind === 'modified' && controllerOf(change.before.object) !== undefined)
        notePod(change.before.object as Pod);
      notePod(object as Pod);
    },
    reconcile,
  });
};

/** One look at one set and its Pods. */
class Round {
  readonly #tools: StatefulTools;
  readonly #set: StatefulSet;
  readonly #pods: ReadonlyMap<number, Pod>;
  readonly #current: ControllerRevision;
  readonly #update: ControllerRevision;
  readonly #first: number;
  readonly #end: number;
  readonly #inOrder: boolean;

  constructor(
    tools: StatefulTools,
    set: StatefulSet,
    pods: readonly Pod[],
    current: ControllerRevision,
    update: ControllerRevision,
  ) {
    this.#tools = tools;
    this.#set = set;
    this.#pods = new Map(pods.map((pod) => [ordinalOf(pod, set), pod]));
    this.#current = current;
    this.#update = update;
    this.#first = set.spec.ordinals?.start ?? 0;
    this.#end = this.#first + (set.spec.replicas ?? 1);
    this.#inOrder = set.spec.podManagementPolicy !== 'Parallel';
  }

  async act(): Promise<void> {
    for (const pod of this.#pods.values()) await ownClaims(this.#tools.context, this.#tools.hands, this.#set, pod);
    for (let ordinal = this.#first; ordinal < this.#end; ordinal += 1)
      if (!(await this.#keep(ordinal)) && this.#inOrder) return;
    if (await this.#condemn()) await this.#replaceOld();
  }

  /** Whether the Pod of this ordinal is as it should be, so that the next may follow. */
  async #keep(ordinal: number): Promise<boolean> {
    const pod = this.#pods.get(ordinal);
    if (pod === undefined) {
      try {
        await createStatefulPod(this.#tools, this.#set, ordinal, this.#revisionFor(ordinal));
      } catch (error) {
        if (!namespaceTerminates(error)) throw error;
      }
      return false;
    }
    if (isFinished(pod)) {
      if (pod.metadata.deletionTimestamp === undefined) await removeStatefulPod(this.#tools, this.#set, pod);
      return false;
    }
    if (pod.status?.phase === 'Pending') await createClaims(this.#tools, this.#set, ordinal);
    return this.#isHealthy(pod) && this.#isAvailable(pod);
  }

  #revisionFor(ordinal: number): ControllerRevision {
    const { type, rollingUpdate } = this.#set.spec.updateStrategy ?? {};
    if (type === 'OnDelete') return this.#update;
    const old = this.#set.status?.currentReplicas ?? 0;
    const before = rollingUpdate === undefined ? old : (rollingUpdate.partition ?? 0);
    return ordinal < this.#first + before ? this.#current : this.#update;
  }

  #isHealthy(pod: Pod): boolean {
    return pod.metadata.deletionTimestamp === undefined && pod.status?.phase === 'Running' && isReady(pod);
  }

  #isAvailable(pod: Pod): boolean {
    const at = availableAt(pod, this.#set.spec.minReadySeconds ?? 0);
    return at !== undefined && at <= this.#tools.context.clock.now();
  }

  /** Removes what is beyond the size, the last first; true when updates may go on. */
  async #condemn(): Promise<boolean> {
    const condemned = [...this.#pods].filter(([ordinal]) => ordinal < this.#first || ordinal >= this.#end);
    condemned.sort(([a], [b]) => b - a);
    const firstUnhealthy = [...this.#pods].sort(([a], [b]) => a - b).find(([, pod]) => !this.#isHealthy(pod))?.[1];
    for (const [, pod] of condemned) {
      const terminating = pod.metadata.deletionTimestamp !== undefined;
      if (terminating && this.#inOrder) return false;
      if (terminating) continue;
      if (this.#inOrder && !this.#isHealthy(pod) && pod !== firstUnhealthy) return false;
      await removeStatefulPod(this.#tools, this.#set, pod);
      if (this.#inOrder) return false;
    }
    return true;
  }

  async #replaceOld(): Promise<void> {
    const { type, rollingUpdate } = this.#set.spec.updateStrategy ?? {};
    if (type === 'OnDelete') return;
    const least = this.#first + (rollingUpdate?.partition ?? 0);
    const unavailable = Math.max(scaled(rollingUpdate?.maxUnavailable ?? 1, this.#end - this.#first, true), 1);
    let away = 0;
    for (let ordinal = this.#end - 1; ordinal >= least && away < unavailable; ordinal -= 1) {
      const pod = this.#pods.get(ordinal);
      if (pod === undefined || !this.#isHealthy(pod)) {
        const old = pod !== undefined && revisionLabelOf(pod) !== this.#update.metadata.name;
        if (old && pod.metadata.deletionTimestamp === undefined) await removeStatefulPod(this.#tools, this.#set, pod);
        away += 1;
      } else if (revisionLabelOf(pod) !== this.#update.metadata.name) {
        await removeStatefulPod(this.#tools, this.#set, pod);
        away += 1;
      }
    }
  }

  /** `present`: its Pods as they are after the acts. */
  async writeStatus(present: Iterable<Pod>): Promise<void> {
    const set = this.#set;
    const count = { ready: 0, available: 0, current: 0, updated: 0, all: 0 };
    const [current, update] = [this.#current.metadata.name ?? '', this.#update.metadata.name ?? ''];
    for (const pod of present) {
      count.all += 1;
      if (pod.metadata.deletionTimestamp !== undefined) {
        if (pod.status?.phase === 'Running' && isReady(pod)) count.ready += 1;
        continue;
      }
      if (pod.status?.phase === 'Running' && isReady(pod)) {
        count.ready += 1;
        if (this.#isAvailable(pod)) count.available += 1;
      }
      if (revisionLabelOf(pod) === current) count.current += 1;
      if (revisionLabelOf(pod) === update) count.updated += 1;
    }
    const wanted = set.spec.replicas ?? 1;
    const rolling = set.spec.updateStrategy?.type !== 'OnDelete';
    const complete = rolling && count.updated === wanted && count.ready === wanted && count.all === wanted;
    const positive = (value: number): number | undefined => (value === 0 ? undefined : value);
    const { conditions, collisionCount = 0 } = set.status ?? {};
    const status = {
      observedGeneration: set.metadata.generation,
      replicas: count.all,
      readyReplicas: positive(count.ready),
      currentReplicas: positive(complete ? count.updated : count.current),
      updatedReplicas: positive(count.updated),
      currentRevision: complete ? update : current,
      updateRevision: update,
      collisionCount,
      availableReplicas: count.available,
      conditions,
    };
    const latest = this.#tools.context.api.byUid(set.metadata.uid ?? '') as StatefulSet | undefined;
    if (latest === undefined || sortedText(status) === sortedText(latest.status ?? {})) return;
    await this.#tools.hands.updateStatus(SETS, { ...latest, status: status as StatefulSetStatus });
  }
}
