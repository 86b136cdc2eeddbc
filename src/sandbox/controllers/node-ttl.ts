import type { ControllerMaker } from './controller.ts';
import { handsOf, resource } from './hands.ts';
import { queuedController } from './queued-controller.ts';
import { WorkQueue } from './work-queue.ts';

const NODES = resource('nodes');
const TTL = 'node.alpha.kubernetes.io/ttl';
/** Seconds a kubelet may cache what it read, by the number of nodes. */
const STEPS: readonly (readonly [most: number, seconds: number])[] = [
  [100, 0],
  [500, 15],
  [1000, 30],
  [2000, 60],
  [Infinity, 300],
];

/** Tells nodes how long their kubelets may cache Secrets and ConfigMaps. */
export const nodeTtlController: ControllerMaker = (context) => {
  const queue = new WorkQueue(context.clock);
  const hands = handsOf(context, 'ttl-controller');
  return queuedController({
    name: 'ttl-controller',
    queue,
    context,
    noted(change) {
      if (change.now.resource === NODES && change.kind !== 'deleted') queue.add(change.now.object.metadata.name ?? '');
    },
    async reconcile(name) {
      const nodes = [...context.api.list(NODES)];
      const node = nodes.find(({ metadata }) => metadata.name === name);
      const seconds = STEPS.find(([most]) => nodes.length <= most)?.[1] ?? 0;
      if (node === undefined || node.metadata.annotations?.[TTL] === String(seconds)) return;
      await hands.patch(NODES, node, 'strategic', { metadata: { annotations: { [TTL]: String(seconds) } } });
    },
  });
};
