import type { KubeObject } from '../../objects/json.ts';
import { timestamp } from '../clock.ts';
import type { ControllerContext, ControllerMaker } from './controller.ts';
import { type Taint, tolerated } from './daemon-pods.ts';
import { eventName } from './events.ts';
import { handsOf, resource, WriteRefused } from './hands.ts';
import { conditionOf, isFinished } from './pod-facts.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import type { Condition, Pod } from './shapes.ts';
import { BIND_COMPLETED, SELECTED_NODE, type StorageClass, type VolumeClaim } from './volume-facts.ts';
import { WorkQueue } from './work-queue.ts';

const PODS = resource('pods');
const NODES = resource('nodes');
const EVENTS = resource('events');
const REPORTER = 'default-scheduler';
const CLAIMS = resource('persistentvolumeclaims');
const CLASSES = resource('storageclasses.storage.k8s.io');
/** A master: the sandbox binds by PUT, which the scheduler's own role does not cover. */
const SCHEDULER = { name: 'system:kube-scheduler', groups: ['system:masters', 'system:authenticated'] };
const MANAGER = 'kube-scheduler';
/** After a Pod could not be placed, besides every change of nodes and claims. */
const AGAIN_MS = 60_000;

/** Puts Pods on nodes in turn: selectors, taints and claims are heeded, resources are not. */
export const schedulerModel: ControllerMaker = (context) => {
  const { api, clock } = context;
  const queue = new WorkQueue(clock);
  const hands = handsOf(context, SCHEDULER, MANAGER);
  const waiting = new Set<string>();
  let turn = 0;

  async function reconcile(key: string): Promise<void> {
    const [namespace, name] = splitKey(key);
    const pod = api.get(PODS, namespace, name) as Pod | undefined;
    waiting.delete(key);
    if (pod === undefined || pod.spec.nodeName !== undefined || isFinished(pod)) return;
    if ((pod.spec.schedulingGates ?? []).length > 0 || pod.metadata.deletionTimestamp !== undefined) return;
    const nodes = [...api.list(NODES)];
    const fitting = nodes.filter((node) => fits(pod, node));
    const node = fitting[turn % Math.max(fitting.length, 1)];
    const why = node === undefined ? noNode(nodes.length) : await claimsNotReady(pod, node);
    if (node === undefined || why !== undefined) {
      waiting.add(key);
      queue.addAfter(key, AGAIN_MS);
      return unschedulable(pod, why ?? '');
    }
    turn += 1;
    await bind(pod, node);
  }

  async function bind(pod: Pod, node: KubeObject): Promise<void> {
    const nodeName = node.metadata.name ?? '';
    await hands.put(PODS, { ...pod, spec: { ...pod.spec, nodeName } }, 'binding');
    const said = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${nodeName}`;
    await tell(pod, 'Normal', 'Scheduled', 'Binding', said);
    const bound = api.byUid(pod.metadata.uid ?? '') as Pod | undefined;
    if (bound === undefined || conditionOf(bound.status?.conditions, 'PodScheduled')?.status === 'True') return;
    await writeCondition(bound, scheduled('True', clock.now()));
  }

  async function unschedulable(pod: Pod, message: string): Promise<void> {
    const told = conditionOf(pod.status?.conditions, 'PodScheduled');
    if (told?.message === message) return;
    await writeCondition(pod, { ...scheduled('False', clock.now()), reason: 'Unschedulable', message });
    await tell(pod, 'Warning', 'FailedScheduling', 'Scheduling', message);
  }

  /** The real one tells by the newer sort of Events: with an action and a time to the microsecond. */
  async function tell(pod: Pod, type: string, reason: string, action: string, message: string): Promise<void> {
    if (context.events === false) return;
    const { namespace = '', name = '', uid = '', resourceVersion = '' } = pod.metadata;
    try {
      await hands.create(EVENTS, namespace, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: eventName(context, name), namespace },
        eventTime: `${new Date(clock.now()).toISOString().slice(0, -1)}000Z`,
        reportingComponent: REPORTER,
        reportingInstance: `${REPORTER}-sandbox`,
        action,
        reason,
        involvedObject: { kind: 'Pod', namespace, name, uid, apiVersion: 'v1', resourceVersion },
        message,
        type,
      });
    } catch (error) {
      if (!(error instanceof WriteRefused)) throw error;
      context.log(`event: ${error.message}`);
    }
  }

  async function writeCondition(pod: Pod, condition: Condition): Promise<void> {
    const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== condition.type);
    await hands.updateStatus(PODS, { ...pod, status: { ...pod.status, conditions: [...others, condition] } });
  }

  /** Why the Pod's claims keep it waiting; a claim that waits for its first consumer is told the node. */
  async function claimsNotReady(pod: Pod, node: KubeObject): Promise<string | undefined> {
    for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
      if (persistentVolumeClaim === undefined) continue;
      const { claimName } = persistentVolumeClaim;
      const claim = api.get(CLAIMS, pod.metadata.namespace, claimName) as VolumeClaim | undefined;
      if (claim === undefined) return `persistentvolumeclaim "${claimName}" not found`;
      if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) continue;
      if (waitsForConsumer(context, claim) && claim.metadata.annotations?.[SELECTED_NODE] === undefined) {
        const annotations = { ...claim.metadata.annotations, [SELECTED_NODE]: node.metadata.name ?? '' };
        await hands.update(CLAIMS, { ...claim, metadata: { ...claim.metadata, annotations } });
      }
      return `0/${[...api.list(NODES)].length} nodes are available: pod has unbound immediate PersistentVolumeClaims.`;
    }
    return undefined;
  }

  return queuedController({
    name: 'kube-scheduler',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === PODS && change.kind !== 'deleted' && (object as Pod).spec.nodeName === undefined) {
        if (change.kind === 'added' || change.before.object.metadata.generation !== object.metadata.generation)
          queue.add(keyOf(object));
      }
      if (of === NODES || of === CLAIMS) for (const key of waiting) queue.add(key);
    },
    reconcile,
  });
};

const scheduled = (status: string, now: number): Condition => ({
  type: 'PodScheduled',
  status,
  lastProbeTime: null,
  lastTransitionTime: timestamp(now),
});
const noNode = (count: number): string =>
  count === 0
    ? 'no nodes available to schedule pods'
    : `0/${count} nodes are available: ${count} node(s) didn't match.`;

function fits(pod: Pod, node: KubeObject): boolean {
  const { taints = [], unschedulable } = (node.spec ?? {}) as {
    readonly taints?: readonly Taint[];
    readonly unschedulable?: boolean;
  };
  const labels = node.metadata.labels ?? {};
  if (!Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)) return false;
  const name = /"key":"metadata\.name","operator":"In","values":\["([^"]+)"\]/.exec(
    JSON.stringify(pod.spec.affinity ?? {}),
  );
  if (name !== null && name[1] !== node.metadata.name) return false;
  const closed = unschedulable === true ? [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] : [];
  return tolerated([...taints, ...closed], pod.spec.tolerations ?? []);
}

function waitsForConsumer({ api }: ControllerContext, claim: VolumeClaim): boolean {
  const found = api.get(CLASSES, undefined, claim.spec.storageClassName ?? '') as StorageClass | undefined;
  return found?.volumeBindingMode === 'WaitForFirstConsumer';
}
