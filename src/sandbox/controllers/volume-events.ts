import type { KubeObject } from '../../objects/json.ts';
import type { ControllerContext } from './controller.ts';
import type { EventRecorder } from './events.ts';
import { resource } from './hands.ts';
import { isFinished } from './pod-facts.ts';
import type { Pod } from './shapes.ts';

const PODS = resource('pods');
/** Provisioners of the tree that the real one knows still, or asks elsewhere for under another name. */
const KNOWN: ReadonlySet<string> = new Set(
  ['aws-ebs', 'azure-disk', 'azure-file', 'cinder', 'gce-pd', 'host-path', 'portworx-volume', 'vsphere-volume'].map(
    (name) => `kubernetes.io/${name}`,
  ),
);

/**
 * What the binder tells of claims and volumes. It looks at waiting claims more often than the real one, which looks every
 * 15 s: the same is told once of one version of a claim.
 */
export class ClaimEvents {
  readonly #context: ControllerContext;
  readonly #events: EventRecorder;
  /** By uid: the version and the message that was told last. */
  readonly #told = new Map<string, string>();

  constructor(context: ControllerContext, events: EventRecorder) {
    this.#context = context;
    this.#events = events;
  }

  forget(claim: KubeObject): void {
    this.#told.delete(claim.metadata.uid ?? '');
  }

  mismatch = (claim: KubeObject, message: string): Promise<void> =>
    this.#tell('warning', claim, 'VolumeMismatch', message);

  taken = (claim: KubeObject, volume: string): Promise<void> =>
    this.#tell('warning', claim, 'FailedBinding', `volume "${volume}" already bound to a different claim.`);

  noClass = (claim: KubeObject, name: string): Promise<void> =>
    this.#tell('warning', claim, 'ProvisioningFailed', `storageclass.storage.k8s.io "${name}" not found`);

  async noPlugin(claim: KubeObject, provisioner: string): Promise<void> {
    if (KNOWN.has(provisioner)) return;
    await this.#tell('warning', claim, 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`);
  }

  asked = (claim: KubeObject, provisioner: string): Promise<void> =>
    this.#tell(
      'normal',
      claim,
      'ExternalProvisioning',
      `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the ` +
        'system administrator. If volume creation is delayed, please verify that the provisioner is running and ' +
        'correctly registered.',
    );

  /** No volume fits and none is made: no class, or nobody uses the claim yet. */
  async waits(claim: KubeObject, delayed: boolean): Promise<void> {
    if (this.#context.events === false) return;
    if (!delayed) {
      const message = 'no persistent volumes available for this claim and no storage class is set';
      return this.#tell('normal', claim, 'FailedBinding', message);
    }
    const pods = this.#unscheduled(claim);
    if (pods.length === 0) {
      const message = 'waiting for first consumer to be created before binding';
      return this.#tell('normal', claim, 'WaitForFirstConsumer', message);
    }
    const which = `${pods.length > 1 ? 'pods' : 'pod'} ${pods.join(',')}`;
    return this.#tell('normal', claim, 'WaitForPodScheduled', `waiting for ${which} to be scheduled`);
  }

  async lost(claim: KubeObject, volume: KubeObject | undefined): Promise<void> {
    const named = ((claim.spec as { readonly volumeName?: string } | undefined)?.volumeName ?? '') !== '';
    const [reason, message] =
      volume !== undefined
        ? ['ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly']
        : named
          ? ['ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!']
          : ['ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!'];
    await this.#events.warning(claim, reason ?? '', message ?? '');
  }

  async notDeleted(volume: KubeObject, message: string): Promise<void> {
    await this.#events.warning(volume, 'VolumeFailedDelete', message);
  }

  #unscheduled({ metadata: { namespace, name } }: KubeObject): readonly string[] {
    const found = [...(this.#context.api.list(PODS, namespace) as Iterable<Pod>)].filter(
      (pod) =>
        (pod.spec.nodeName ?? '') === '' &&
        !isFinished(pod) &&
        (pod.spec.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === name),
    );
    return found.map(({ metadata }) => metadata.name ?? '');
  }

  async #tell(type: 'normal' | 'warning', claim: KubeObject, reason: string, message: string): Promise<void> {
    const { uid = '', resourceVersion = '' } = claim.metadata;
    const what = `${resourceVersion} ${message}`;
    if (this.#told.get(uid) === what) return;
    this.#told.set(uid, what);
    await this.#events[type](claim, reason, message);
  }
}
