import type { KubeObject } from '../../objects/json.ts';
import { controllerOf } from '../../objects/owners.ts';
import { isEmptySelector } from '../../objects/selector-shape.ts';
import { claim } from './claims.ts';
import type { ControllerMaker } from './controller.ts';
import { daemonPod, shouldRun } from './daemon-pods.ts';
import { scaled } from './deployment-facts.ts';
import { eventsOf } from './events.ts';
import { handsOf, namespaceTerminates, resource } from './hands.ts';
import { OwnedObjects } from './owned-objects.ts';
import { PodControl } from './pod-control.ts';
import { availableAt, byCreation, isFinished, isReady } from './pod-facts.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import { Revisions } from './revisions.ts';
import { selects } from './selectors.ts';
import type { ControllerRevision, DaemonSet, Pod } from './shapes.ts';
import { REVISION_LABEL, revisionLabelOf } from './stateful-pods.ts';
import { sortedText } from './template-hash.ts';
import { WorkQueue } from './work-queue.ts';

const SETS = resource('daemonsets.apps');
const PODS = resource('pods');
const NODES = resource('nodes');
const REVISIONS = resource('controllerrevisions.apps');

/** DaemonSets: one Pod on every node that it may run on; updates as many at a time as may be away. */
export const daemonSetController: ControllerMaker = (context) => {
  const { api, clock } = context;
  const queue = new WorkQueue(clock);
  const hands = handsOf(context, 'daemon-set-controller');
  const events = eventsOf(context, 'daemon-set-controller', { component: 'daemonset-controller' });
  const control = new PodControl(hands, events);
  const pods = new OwnedObjects<Pod>(PODS);
  const owned = new OwnedObjects<ControllerRevision>(REVISIONS);
  const revisions = new Revisions(context, hands, owned, REVISION_LABEL);

  const noteOwned = (pod: KubeObject): void => {
    const owner = controllerOf(pod);
    if (owner?.kind === 'DaemonSet') queue.add(`${pod.metadata.namespace}/${owner.name}`);
    if (owner !== undefined) return;
    for (const set of api.list(SETS, pod.metadata.namespace) as Iterable<DaemonSet>)
      if (selects(set.spec.selector)(pod.metadata.labels)) queue.add(keyOf(set));
  };

  async function reconcile(key: string): Promise<void> {
    const [namespace, name] = splitKey(key);
    const set = api.get(SETS, namespace, name) as DaemonSet | undefined;
    if (set === undefined || isEmptySelector(set.spec.selector)) return;
    if (set.metadata.deletionTimestamp !== undefined) return;
    const { uid = '' } = set.metadata;
    const mayAdopt = (): boolean => api.byUid(uid)?.metadata.deletionTimestamp === undefined;
    const claimant = { apiVersion: 'apps/v1', kind: 'DaemonSet', object: set, mayAdopt };
    const selected = selects(set.spec.selector);
    const known = await revisions.of(claimant, selected);
    const current = await revisions.current(set, 'DaemonSet', known, Number(set.status?.collisionCount ?? 0));
    const hash = current.metadata.labels?.[REVISION_LABEL] ?? '';
    const mine = await claim(hands, PODS, claimant, selected, pods);
    const nodes = [...api.list(NODES)];
    const onNode = new Map<string, Pod[]>();
    for (const pod of mine) {
      const node = nodeOf(pod);
      onNode.set(node, [...(onNode.get(node) ?? []), pod]);
    }
    await manage(set, nodes, onNode, hash);
    if (set.spec.updateStrategy?.type !== 'OnDelete') await roll(set, nodes, onNode, hash);
    const live = new Set(mine.map(revisionLabelOf));
    const all = known.includes(current) ? known : [...known, current];
    const unused = new Set(all.filter((one) => live.has(one.metadata.labels?.[REVISION_LABEL] ?? '')).map(keyless));
    unused.add(keyless(current));
    await revisions.truncate(all, unused, set.spec.revisionHistoryLimit ?? 10);
    await writeStatus(set, nodes, [...pods.ownedBy(uid)], hash);
  }

  async function manage(
    set: DaemonSet,
    nodes: readonly KubeObject[],
    onNode: ReadonlyMap<string, Pod[]>,
    hash: string,
  ) {
    for (const node of nodes) {
      const name = node.metadata.name ?? '';
      const here = [...(onNode.get(name) ?? [])].sort(byCreation);
      if (!shouldRun(set, node)) {
        for (const pod of here) if (pod.metadata.deletionTimestamp === undefined) await control.remove(set, pod);
        continue;
      }
      for (const pod of here) {
        if (pod.status?.phase !== 'Failed' || pod.metadata.deletionTimestamp !== undefined) continue;
        const found = `Found failed daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${name}`;
        await events.warning(set, 'FailedDaemonPod', `${found}, will try to kill it`);
        await control.remove(set, pod);
      }
      const alive = here.filter((pod) => !isFinished(pod));
      for (const pod of alive.slice(1))
        if (pod.metadata.deletionTimestamp === undefined) await control.remove(set, pod);
      if (here.length > 0) continue;
      try {
        await control.create(set, daemonPod(set, name, hash));
      } catch (error) {
        if (!namespaceTerminates(error)) throw error;
      }
    }
  }

  async function roll(set: DaemonSet, nodes: readonly KubeObject[], onNode: ReadonlyMap<string, Pod[]>, hash: string) {
    const running = nodes.filter((node) => shouldRun(set, node));
    const { maxUnavailable = 1 } = set.spec.updateStrategy?.rollingUpdate ?? {};
    let free = Math.max(scaled(maxUnavailable, running.length, true), 1);
    const old: Pod[] = [];
    for (const node of running) {
      const pod = onNode.get(node.metadata.name ?? '')?.[0];
      const away = pod === undefined || !isReady(pod) || pod.metadata.deletionTimestamp !== undefined;
      if (away) free -= 1;
      if (pod === undefined || revisionLabelOf(pod) === hash || pod.metadata.deletionTimestamp !== undefined) continue;
      if (away) await control.remove(set, pod);
      else old.push(pod);
    }
    for (const pod of old.slice(0, Math.max(free, 0))) await control.remove(set, pod);
  }

  async function writeStatus(set: DaemonSet, nodes: readonly KubeObject[], mine: readonly Pod[], hash: string) {
    const { minReadySeconds = 0 } = set.spec;
    const count = { desired: 0, scheduled: 0, wrong: 0, ready: 0, updated: 0, available: 0 };
    for (const node of nodes) {
      const here = mine.filter((pod) => nodeOf(pod) === node.metadata.name).sort(byCreation);
      const pod = here[0];
      if (!shouldRun(set, node)) {
        if (pod !== undefined) count.wrong += 1;
        continue;
      }
      count.desired += 1;
      if (pod === undefined) continue;
      count.scheduled += 1;
      if (isReady(pod)) count.ready += 1;
      if ((availableAt(pod, minReadySeconds) ?? Infinity) <= clock.now()) count.available += 1;
      if (revisionLabelOf(pod) === hash) count.updated += 1;
    }
    const positive = (value: number): number | undefined => (value === 0 ? undefined : value);
    const status = {
      currentNumberScheduled: count.scheduled,
      numberMisscheduled: count.wrong,
      desiredNumberScheduled: count.desired,
      numberReady: count.ready,
      observedGeneration: set.metadata.generation,
      updatedNumberScheduled: positive(count.updated),
      numberAvailable: positive(count.available),
      numberUnavailable: positive(count.desired - count.available),
      collisionCount: set.status?.collisionCount,
      conditions: set.status?.conditions,
    };
    const latest = api.byUid(set.metadata.uid ?? '');
    if (latest === undefined || sortedText(status) === sortedText(set.status ?? {})) return;
    await hands.updateStatus(SETS, { ...latest, status });
  }

  return queuedController({
    name: 'daemonset-controller',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === SETS) queue.add(keyOf(object));
      if (of === REVISIONS) {
        owned.note(change);
        if (change.kind === 'modified') noteOwned(change.before.object);
        noteOwned(object);
      }
      if (of === NODES) for (const set of api.list(SETS)) queue.add(keyOf(set));
      if (of !== PODS) return;
      pods.note(change);
      if (change.kind === 'modified' && controllerOf(change.before.object) !== undefined)
        noteOwned(change.before.object);
      noteOwned(object);
    },
    reconcile,
  });
};

const keyless = ({ metadata }: ControllerRevision): string => metadata.name ?? '';

/** The node a daemon's Pod is on or meant for. */
function nodeOf({ spec }: Pod): string {
  if (spec.nodeName !== undefined) return spec.nodeName;
  const text = JSON.stringify(spec.affinity ?? {});
  return /"key":"metadata\.name","operator":"In","values":\["([^"]+)"\]/.exec(text)?.[1] ?? '';
}
