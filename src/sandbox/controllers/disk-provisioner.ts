import type { KubeObject } from '../../objects/json.ts';
import type { Controller, ControllerMaker } from './controller.ts';
import { handsOf, refusedAs, resource } from './hands.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import { WorkQueue } from './work-queue.ts';

const CLAIMS = resource('persistentvolumeclaims');
const VOLUMES = resource('persistentvolumes');
const CLASSES = resource('storageclasses.storage.k8s.io');
const ASKED = 'volume.kubernetes.io/storage-provisioner';
const MADE = 'pv.kubernetes.io/provisioned-by';

interface Claim extends KubeObject {
  readonly spec: {
    readonly volumeName?: string;
    readonly storageClassName?: string;
    readonly accessModes?: readonly string[];
    readonly volumeMode?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
}
interface Volume extends KubeObject {
  readonly spec: { readonly persistentVolumeReclaimPolicy?: string };
  readonly status?: { readonly phase?: string };
}

/** A CSI driver in small: a volume for each claim that names it, and the end of volumes that are released under `Delete`. */
export const diskProvisioner =
  (provisioner: string): ControllerMaker =>
  (context): Controller => {
    const { api } = context;
    const queue = new WorkQueue(context.clock);
    const user = {
      name: `system:serviceaccount:kube-system:${provisioner}`,
      groups: ['system:masters', 'system:authenticated'],
    };
    const hands = handsOf(context, user, provisioner);

    async function provide(claim: Claim): Promise<void> {
      if (claim.spec.volumeName !== undefined || claim.metadata.annotations?.[ASKED] !== provisioner) return;
      const kind = api.get(CLASSES, undefined, claim.spec.storageClassName ?? '');
      const { reclaimPolicy = 'Delete' } = (kind ?? {}) as { reclaimPolicy?: string };
      const { namespace, name, uid } = claim.metadata;
      const volume = `pvc-${uid}`;
      if (api.get(VOLUMES, undefined, volume) !== undefined) return;
      await hands.create(VOLUMES, undefined, {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: volume, annotations: { [MADE]: provisioner } },
        spec: {
          capacity: { storage: claim.spec.resources?.requests?.storage ?? '1Gi' },
          accessModes: claim.spec.accessModes ?? ['ReadWriteOnce'],
          volumeMode: claim.spec.volumeMode ?? 'Filesystem',
          persistentVolumeReclaimPolicy: reclaimPolicy,
          storageClassName: claim.spec.storageClassName,
          claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
          csi: { driver: provisioner, volumeHandle: volume },
        },
      });
    }

    return queuedController({
      name: `provisioner ${provisioner}`,
      queue,
      context,
      noted({ kind, now }) {
        if (kind !== 'deleted' && (now.resource === CLAIMS || now.resource === VOLUMES))
          queue.add(`${now.resource}:${keyOf(now.object)}`);
      },
      async reconcile(key) {
        const colon = key.indexOf(':');
        const [namespace, name] = splitKey(key.slice(colon + 1));
        if (key.startsWith(`${CLAIMS}:`)) {
          const claim = api.get(CLAIMS, namespace, name) as Claim | undefined;
          if (claim !== undefined) await provide(claim);
          return;
        }
        const volume = api.get(VOLUMES, undefined, name) as Volume | undefined;
        if (volume?.metadata.annotations?.[MADE] !== provisioner || volume.metadata.deletionTimestamp !== undefined)
          return;
        if (volume.status?.phase !== 'Released' || volume.spec.persistentVolumeReclaimPolicy !== 'Delete') return;
        try {
          await hands.remove(VOLUMES, volume);
        } catch (error) {
          if (!refusedAs(error, 'NotFound')) throw error;
        }
      },
    });
  };
