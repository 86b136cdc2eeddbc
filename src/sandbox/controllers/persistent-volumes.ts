import type { KubeObject } from '../../objects/json.ts';
import type { ControllerContext, ControllerMaker } from './controller.ts';
import { type EventRecorder, eventsOf } from './events.ts';
import { type Hands, handsOf, resource } from './hands.ts';
import { keyOf, NotYet, queuedController, splitKey } from './queued-controller.ts';
import { sortedText } from './template-hash.ts';
import { ClaimEvents } from './volume-events.ts';
import {
  annotated,
  asking,
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  bestMatch,
  changedStatus,
  classOf,
  defaultClass,
  hasClass,
  isBoundTo,
  mismatch,
  PROVISIONED_BY,
  SELECTED_NODE,
  type StorageClass,
  sameMode,
  type Volume,
  type VolumeClaim,
} from './volume-facts.ts';
import { reclaim } from './volume-reclaim.ts';
import { WorkQueue } from './work-queue.ts';

const VOLUMES = resource('persistentvolumes');
const CLAIMS = resource('persistentvolumeclaims');
const CLASSES = resource('storageclasses.storage.k8s.io');
const USER = 'persistent-volume-binder';
const CLAIM = 'claim ';
const VOLUME = 'volume ';

/** Binds claims and volumes, tells their phases, reclaims volumes whose claim is gone or another one. */
export const persistentVolumeBinder: ControllerMaker = (context) => {
  const queue = new WorkQueue(context.clock);
  const events = eventsOf(context, USER, { component: 'persistentvolume-controller' });
  const binder = new Binder(context, handsOf(context, USER), events, queue);
  return queuedController({
    name: 'persistentvolume-binder-controller',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === VOLUMES) {
        queue.add(VOLUME + (object.metadata.name ?? ''));
        // The real one looks at waiting claims every 15 s; here they are told at once.
        const { claimRef } = (object as Volume).spec;
        if (claimRef?.name !== undefined) queue.add(`${CLAIM}${claimRef.namespace ?? ''}/${claimRef.name}`);
        binder.wakeWaiting();
      } else if (of === CLAIMS) {
        if (change.kind === 'deleted') binder.forget(object);
        else queue.add(CLAIM + keyOf(object));
        const { volumeName } = (object as VolumeClaim).spec;
        if (volumeName !== undefined && volumeName !== '') queue.add(VOLUME + volumeName);
      } else if (of === CLASSES) binder.wakeWaiting();
    },
    async reconcile(key) {
      if (key.startsWith(VOLUME)) await binder.lookAtVolume(key.slice(VOLUME.length));
      else await binder.lookAtClaim(key.slice(CLAIM.length));
    },
  });
};

class Binder {
  readonly #api: ControllerContext['api'];
  readonly #hands: Hands;
  readonly #events: ClaimEvents;
  readonly #queue: WorkQueue;
  readonly #waiting = new Set<string>();

  constructor(context: ControllerContext, hands: Hands, events: EventRecorder, queue: WorkQueue) {
    this.#api = context.api;
    this.#hands = hands;
    this.#events = new ClaimEvents(context, events);
    this.#queue = queue;
  }

  wakeWaiting(): void {
    for (const key of this.#waiting) this.#queue.add(CLAIM + key);
  }

  forget(claim: KubeObject): void {
    this.#waiting.delete(keyOf(claim));
    this.#events.forget(claim);
  }

  async lookAtClaim(key: string): Promise<void> {
    const [namespace, name] = splitKey(key);
    const claim = this.#api.get(CLAIMS, namespace, name) as VolumeClaim | undefined;
    this.#waiting.delete(key);
    if (claim === undefined) return;
    if (annotated(claim, BIND_COMPLETED)) return this.#lookAtBound(claim);
    const { volumeName = '' } = claim.spec;
    if (volumeName === '') return this.#findVolume(claim);
    const volume = this.#volume(volumeName);
    if (volume !== undefined && volume.spec.claimRef === undefined) {
      const why = mismatch(volume, claim);
      if (why === undefined) return this.#bind(volume, claim);
      await this.#events.mismatch(claim, `Cannot bind to requested volume "${volumeName}": ${why}`);
    }
    if (volume !== undefined && volume.spec.claimRef !== undefined) {
      if (isBoundTo(volume, claim)) return this.#bind(volume, claim);
      await this.#events.taken(claim, volumeName);
      if (annotated(claim, BOUND_BY_CONTROLLER))
        throw new NotYet(`invalid binding of claim "${key}" to volume "${volumeName}": volume already claimed`);
    }
    this.#waiting.add(key);
    await this.#claimStatus(claim, 'Pending', undefined);
  }

  async #lookAtBound(claim: VolumeClaim): Promise<void> {
    const volume = this.#volume(claim.spec.volumeName ?? '');
    const { claimRef } = volume?.spec ?? {};
    if (volume !== undefined && (claimRef === undefined || claimRef.uid === claim.metadata.uid))
      return this.#bind(volume, claim);
    // A volume that appears later makes it Bound again.
    if (volume === undefined) this.#waiting.add(keyOf(claim));
    if (claim.status?.phase === 'Lost') return;
    await this.#claimStatus(claim, 'Lost', undefined);
    await this.#events.lost(claim, volume);
  }

  async #findVolume(claim: VolumeClaim): Promise<void> {
    const storageClass = this.#api.get(CLASSES, undefined, classOf(claim)) as StorageClass | undefined;
    const delayed = storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
    const volume = bestMatch(this.#api.list(VOLUMES) as Iterable<Volume>, claim, delayed);
    if (volume !== undefined) return this.#bind(volume, claim);
    this.#waiting.add(keyOf(claim));
    const byDefault = hasClass(claim) ? undefined : defaultClass(this.#api.list(CLASSES) as Iterable<StorageClass>);
    if (byDefault !== undefined) {
      const storageClassName = byDefault.metadata.name ?? '';
      await this.#hands.update(CLAIMS, { ...claim, spec: { ...claim.spec, storageClassName } });
      return;
    }
    const provisioned = classOf(claim) !== '' && (!delayed || annotated(claim, SELECTED_NODE));
    if (!provisioned) {
      await this.#events.waits(claim, delayed);
      await this.#claimStatus(claim, 'Pending', undefined);
    } else if (storageClass === undefined) await this.#events.noClass(claim, classOf(claim));
    else await this.#askProvisioner(claim, storageClass.provisioner);
  }

  /** Names the provisioner on the claim; making the volume is the provisioner's work, which is none of ours. */
  async #askProvisioner(claim: VolumeClaim, provisioner: string): Promise<void> {
    if (provisioner.startsWith('kubernetes.io/')) return this.#events.noPlugin(claim, provisioner);
    const { annotations: old = {} } = claim.metadata;
    const annotations = { ...old, ...asking(provisioner) };
    if (sortedText(annotations) === sortedText(old)) return this.#events.asked(claim, provisioner);
    const named = await this.#hands.update(CLAIMS, { ...claim, metadata: { ...claim.metadata, annotations } });
    await this.#events.asked(named, provisioner);
  }

  /** Both sides and both phases, in the order of the real one; each write only where something changes. */
  async #bind(volume: Volume, claim: VolumeClaim): Promise<void> {
    const bound = await this.#bindVolume(volume, claim);
    const told = await this.#volumePhase(bound, 'Bound');
    const named = await this.#bindClaim(claim, told);
    await this.#claimStatus(named, 'Bound', told);
  }

  async #bindVolume(volume: Volume, claim: VolumeClaim): Promise<Volume> {
    const { claimRef } = volume.spec;
    const { namespace = '', name = '', uid = '', resourceVersion = '' } = claim.metadata;
    const ours = claimRef?.name === name && claimRef.namespace === namespace && claimRef.uid === uid;
    const byUs = ours || isBoundTo(volume, claim) || annotated(volume, BOUND_BY_CONTROLLER);
    if (ours && byUs) return volume;
    const metadata = byUs
      ? volume.metadata
      : { ...volume.metadata, annotations: { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: 'yes' } };
    const reference = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion };
    return (await this.#hands.update(VOLUMES, {
      ...volume,
      metadata,
      spec: { ...volume.spec, claimRef: reference },
    })) as Volume;
  }

  async #bindClaim(claim: VolumeClaim, volume: Volume): Promise<VolumeClaim> {
    const { name = '' } = volume.metadata;
    const finds = claim.spec.volumeName !== name;
    if (!finds && annotated(claim, BIND_COMPLETED)) return claim;
    const byUs = finds ? { [BOUND_BY_CONTROLLER]: 'yes' } : {};
    const annotations = { ...claim.metadata.annotations, ...byUs, [BIND_COMPLETED]: 'yes' };
    return (await this.#hands.update(CLAIMS, {
      ...claim,
      metadata: { ...claim.metadata, annotations },
      spec: { ...claim.spec, volumeName: name },
    })) as VolumeClaim;
  }

  async #claimStatus(claim: VolumeClaim, phase: string, volume: Volume | undefined): Promise<void> {
    const status = changedStatus(claim, phase, volume);
    if (status !== undefined) await this.#hands.updateStatus(CLAIMS, { ...claim, status });
  }

  async lookAtVolume(name: string): Promise<void> {
    const volume = this.#volume(name);
    if (volume === undefined) return;
    const { claimRef } = volume.spec;
    if (claimRef?.uid === undefined || claimRef.uid === '') {
      await this.#volumePhase(volume, 'Available');
      return;
    }
    const found = this.#api.get(CLAIMS, claimRef.namespace, claimRef.name ?? '') as VolumeClaim | undefined;
    const claim = found?.metadata.uid === claimRef.uid ? found : undefined;
    if (claim === undefined) return this.#release(volume);
    if ((claim.spec.volumeName ?? '') === '') {
      if (sameMode(volume, claim)) this.#queue.add(CLAIM + keyOf(claim));
    } else if (claim.spec.volumeName === name) await this.#volumePhase(volume, 'Bound');
    else if (annotated(volume, PROVISIONED_BY) && volume.spec.persistentVolumeReclaimPolicy === 'Delete')
      await this.#release(volume);
    else await this.#unbind(volume);
  }

  async #release(volume: Volume): Promise<void> {
    const { phase } = volume.status ?? {};
    const released = phase === 'Released' || phase === 'Failed' ? volume : await this.#volumePhase(volume, 'Released');
    const failure = await reclaim(this.#hands, released);
    if (failure === undefined) return;
    if (released.status?.phase !== 'Failed')
      await this.#events.notDeleted(await this.#volumePhase(released, 'Failed', failure), failure);
    throw new NotYet(failure);
  }

  async #unbind(volume: Volume): Promise<void> {
    const { claimRef, ...spec } = volume.spec;
    const { [BOUND_BY_CONTROLLER]: byUs, ...annotations } = volume.metadata.annotations ?? {};
    const { uid: _stale, ...kept } = claimRef ?? {};
    const free =
      byUs === undefined
        ? { ...volume, spec: { ...spec, claimRef: kept } }
        : { ...volume, metadata: { ...volume.metadata, annotations }, spec };
    await this.#volumePhase((await this.#hands.update(VOLUMES, free)) as Volume, 'Available');
  }

  async #volumePhase(volume: Volume, phase: string, message?: string): Promise<Volume> {
    if (volume.status?.phase === phase) return volume;
    const { message: _old, ...status } = volume.status ?? {};
    const told = message === undefined ? {} : { message };
    return (await this.#hands.updateStatus(VOLUMES, { ...volume, status: { ...status, phase, ...told } })) as Volume;
  }

  #volume(name: string): Volume | undefined {
    return this.#api.get(VOLUMES, undefined, name) as Volume | undefined;
  }
}
