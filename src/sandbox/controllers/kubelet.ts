import type { ControllerMaker } from './controller.ts';
import { type EventRecorder, eventsOf } from './events.ts';
import { handsOf, refusedAs, resource } from './hands.ts';
import { endedStatus, nodeBody, nodeStatus, runningStatus, runsToCompletion } from './node-words.ts';
import { isFinished } from './pod-facts.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import type { Pod } from './shapes.ts';
import { WorkQueue } from './work-queue.ts';

const PODS = resource('pods');
const NODES = resource('nodes');
const MANAGER = 'kubelet';
/** From the binding to ready, and to the end where a Pod runs to completion; and from a delete to gone. */
const READY_MS = 1000;
const DONE_MS = 1000;
const STOP_MS = 1000;

export interface KubeletOptions {
  /** Names of the nodes that are made when they are missing. Default: `node-1`, where there is no node at all. */
  readonly nodes?: readonly string[];
  /** What a Pod that runs to completion comes to; default: every one succeeds. */
  readonly outcome?: (pod: Pod) => 'Succeeded' | 'Failed';
}

/**
 * Nodes on which every Pod becomes ready after a second; those of Jobs end a second later. Readiness gates, probes and
 * images are not looked at.
 */
export const kubeletModel =
  ({ nodes, outcome = () => 'Succeeded' }: KubeletOptions = {}): ControllerMaker =>
  (context) => {
    const { api, clock } = context;
    const queue = new WorkQueue(clock);
    const userOf = (node: string) => ({
      name: `system:node:${node}`,
      groups: ['system:nodes', 'system:masters', 'system:authenticated'],
    });
    const handsOn = (node: string) => handsOf(context, userOf(node), MANAGER);
    const recorders = new Map<string, EventRecorder>();
    function eventsOn(node: string): EventRecorder {
      const known =
        recorders.get(node) ?? eventsOf(context, userOf(node), { component: MANAGER, host: node, manager: MANAGER });
      recorders.set(node, known);
      return known;
    }
    const addresses = new Map<string, string>();

    function addressOf(pod: Pod): string {
      const uid = pod.metadata.uid ?? '';
      const number = addresses.size + 2;
      const address = addresses.get(uid) ?? `10.244.${(number >> 8) & 255}.${number & 255}`;
      addresses.set(uid, address);
      return address;
    }

    async function reconcile(key: string): Promise<void> {
      const [namespace, name] = splitKey(key);
      const pod = api.get(PODS, namespace, name) as Pod | undefined;
      const node = pod?.spec.nodeName;
      if (pod === undefined || node === undefined || api.get(NODES, undefined, node) === undefined) return;
      const hands = handsOn(node);
      const { deletionTimestamp, uid = '' } = pod.metadata;
      if (deletionTimestamp !== undefined) {
        await hands.remove(PODS, pod, { graceSeconds: 0, uid });
        return;
      }
      if (isFinished(pod)) return;
      if (pod.status?.phase !== 'Running') {
        await hands.updateStatus(PODS, { ...pod, status: runningStatus(pod, addressOf(pod), clock.now()) });
        for (const { name: container } of pod.spec.containers)
          await eventsOn(node).normal(
            pod,
            'Started',
            `Started container ${container}`,
            `spec.containers{${container}}`,
          );
        if (runsToCompletion(pod)) queue.addAfter(key, DONE_MS);
      } else if (runsToCompletion(pod)) {
        await hands.updateStatus(PODS, { ...pod, status: endedStatus(pod, outcome(pod), clock.now()) });
      }
    }

    return queuedController({
      name: 'kubelet',
      queue,
      context,
      async start() {
        const none = [...api.list(NODES)].length === 0;
        for (const name of nodes ?? (none ? ['node-1'] : [])) {
          if (api.get(NODES, undefined, name) !== undefined) continue;
          const hands = handsOn(name);
          try {
            await hands.create(NODES, undefined, nodeBody(name));
          } catch (error) {
            if (!refusedAs(error, 'AlreadyExists')) throw error;
          }
          const made = api.get(NODES, undefined, name);
          if (made === undefined) continue;
          const told = await hands.updateStatus(NODES, { ...made, status: nodeStatus(clock.now()) });
          // The node lifecycle controller's part: the server taints what is new, a node that is ready loses the taint.
          await hands.update(NODES, { ...told, spec: { ...(told.spec as object), taints: undefined } });
        }
      },
      noted(change) {
        if (change.now.resource !== PODS) return;
        const pod = change.now.object as Pod;
        if (change.kind === 'deleted') addresses.delete(pod.metadata.uid ?? '');
        else if (pod.metadata.deletionTimestamp !== undefined) queue.addAfter(keyOf(pod), STOP_MS);
        else if (pod.spec.nodeName !== undefined && !isFinished(pod)) {
          const known = change.kind === 'modified' && (change.before.object as Pod).spec.nodeName !== undefined;
          if (!known) queue.addAfter(keyOf(pod), READY_MS);
        }
      },
      reconcile,
    });
  };
