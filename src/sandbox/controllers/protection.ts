import type { KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import type { ControllerContext, ControllerMaker } from './controller.ts';
import { handsOf, resource } from './hands.ts';
import { isFinished } from './pod-facts.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import type { Pod } from './shapes.ts';
import { WorkQueue } from './work-queue.ts';

const PODS = resource('pods');

interface Guarded {
  readonly name: string;
  readonly user: string;
  readonly resource: ResourceName;
  readonly finalizer: string;
  inUse(object: KubeObject): boolean;
}

/** A claim that is being deleted stays as long as a Pod on a node uses it. */
export const claimProtection: ControllerMaker = (context) =>
  protection(context, {
    name: 'persistentvolumeclaim-protection-controller',
    user: 'pvc-protection-controller',
    resource: resource('persistentvolumeclaims'),
    finalizer: 'kubernetes.io/pvc-protection',
    inUse({ metadata }) {
      for (const pod of context.api.list(PODS, metadata.namespace) as Iterable<Pod>)
        if (pod.spec.nodeName !== undefined && claimsOf(pod).includes(metadata.name ?? '')) return true;
      return false;
    },
  });

/** A volume that is being deleted stays as long as it is bound. */
export const volumeProtection: ControllerMaker = (context) =>
  protection(context, {
    name: 'persistentvolume-protection-controller',
    user: 'pv-protection-controller',
    resource: resource('persistentvolumes'),
    finalizer: 'kubernetes.io/pv-protection',
    inUse: (volume) => (volume as { readonly status?: { readonly phase?: string } }).status?.phase === 'Bound',
  });

function claimsOf(pod: Pod): readonly string[] {
  return (pod.spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim !== undefined) return [persistentVolumeClaim.claimName];
    return ephemeral !== undefined && !isFinished(pod) ? [`${pod.metadata.name}-${name}`] : [];
  });
}

function protection(context: ControllerContext, guarded: Guarded) {
  const queue = new WorkQueue(context.clock);
  const hands = handsOf(context, guarded.user);
  return queuedController({
    name: guarded.name,
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === guarded.resource && change.kind !== 'deleted') queue.add(keyOf(object));
      if (of !== PODS || change.kind === 'added') return;
      for (const claim of claimsOf(object as Pod)) queue.add(`${object.metadata.namespace}/${claim}`);
    },
    async reconcile(key) {
      const [namespace, name] = splitKey(key);
      const object = context.api.get(guarded.resource, namespace, name);
      if (object === undefined) return;
      const { deletionTimestamp, finalizers = [] } = object.metadata;
      const held = finalizers.includes(guarded.finalizer);
      if (deletionTimestamp === undefined) {
        if (!held) await write(object, [...finalizers, guarded.finalizer]);
      } else if (held && !guarded.inUse(object)) {
        await write(
          object,
          finalizers.filter((finalizer) => finalizer !== guarded.finalizer),
        );
      }
    },
  });

  async function write(object: KubeObject, finalizers: readonly string[]): Promise<void> {
    await hands.update(guarded.resource, { ...object, metadata: { ...object.metadata, finalizers } });
  }
}
