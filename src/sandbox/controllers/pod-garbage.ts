import { timestamp } from '../clock.ts';
import type { ControllerMaker } from './controller.ts';
import { handsOf, resource } from './hands.ts';
import { isFinished } from './pod-facts.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import type { Condition, Pod } from './shapes.ts';
import { WorkQueue } from './work-queue.ts';

const PODS = resource('pods');
const NODES = resource('nodes');
/** A node may be missing for so long before its Pods are given up. */
const QUARANTINE_MS = 40_000;
/** The real one looks every 20 s. */
const PERIOD_MS = 20_000;

/** Removes Pods whose node does not exist, and Pods that are being deleted and never had one. */
export const podGarbageCollector: ControllerMaker = (context) => {
  const { api, clock } = context;
  const queue = new WorkQueue(clock);
  const hands = handsOf(context, 'pod-garbage-collector');
  const missingSince = new Map<string, number>();

  async function fail(pod: Pod): Promise<void> {
    if (isFinished(pod)) return;
    const now = timestamp(clock.now());
    const condition: Condition = {
      type: 'DisruptionTarget',
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: now,
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
    };
    const conditions = [...(pod.status?.conditions ?? []).filter(({ type }) => type !== condition.type), condition];
    await hands.updateStatus(PODS, { ...pod, status: { ...pod.status, phase: 'Failed', conditions } });
  }

  return queuedController({
    name: 'pod-garbage-collector-controller',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === NODES && change.kind === 'deleted')
        for (const pod of api.list(PODS) as Iterable<Pod>)
          if (pod.spec.nodeName === object.metadata.name) queue.addAfter(keyOf(pod), PERIOD_MS);
      if (of !== PODS || change.kind === 'deleted') return;
      const { spec, metadata } = object as Pod;
      const orphan = spec.nodeName !== undefined && api.get(NODES, undefined, spec.nodeName) === undefined;
      if (orphan || metadata.deletionTimestamp !== undefined) queue.addAfter(keyOf(object), PERIOD_MS);
    },
    async reconcile(key) {
      const [namespace, name] = splitKey(key);
      const pod = api.get(PODS, namespace, name) as Pod | undefined;
      const { uid = '' } = pod?.metadata ?? {};
      const node = pod?.spec.nodeName;
      if (pod === undefined) return;
      if (node === undefined) {
        if (pod.metadata.deletionTimestamp !== undefined) await hands.remove(PODS, pod, { graceSeconds: 0, uid });
        return;
      }
      if (api.get(NODES, undefined, node) !== undefined) {
        missingSince.delete(node);
        return;
      }
      const since = missingSince.get(node) ?? clock.now();
      missingSince.set(node, since);
      if (clock.now() < since + QUARANTINE_MS) return queue.addAt(key, since + QUARANTINE_MS);
      await fail(pod);
      await hands.remove(PODS, pod, { graceSeconds: 0, uid });
    },
  });
};
