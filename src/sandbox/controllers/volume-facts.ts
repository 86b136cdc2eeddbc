import type { KubeObject } from '../../objects/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import type { SelectorShape } from '../../objects/selector-shape.ts';
import { selects } from './selectors.ts';

export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const OLD_CLASS = 'volume.beta.kubernetes.io/storage-class';

export interface ClaimRef {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
}
export interface Volume extends KubeObject {
  readonly spec: {
    readonly capacity?: Readonly<Record<string, string>>;
    readonly accessModes?: readonly string[];
    readonly claimRef?: ClaimRef;
    readonly persistentVolumeReclaimPolicy?: string;
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly volumeAttributesClassName?: string;
    readonly csi?: object;
    readonly hostPath?: { readonly path: string };
    readonly [source: string]: unknown;
  };
  readonly status?: { readonly phase?: string; readonly message?: string; readonly [field: string]: unknown };
}
export interface VolumeClaim extends KubeObject {
  readonly spec: {
    readonly volumeName?: string;
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly volumeAttributesClassName?: string;
    readonly selector?: SelectorShape;
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
  readonly status?: {
    readonly phase?: string;
    readonly accessModes?: readonly string[];
    readonly capacity?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
}
export interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
}

/** The class, from the old annotation or the spec; '' for none. */
export const classOf = ({ metadata, spec }: Volume | VolumeClaim): string =>
  metadata.annotations?.[OLD_CLASS] ?? spec.storageClassName ?? '';
export const hasClass = ({ metadata, spec }: VolumeClaim): boolean =>
  metadata.annotations?.[OLD_CLASS] !== undefined || spec.storageClassName !== undefined;
export const annotated = ({ metadata }: KubeObject, name: string): boolean =>
  metadata.annotations?.[name] !== undefined;

/** How a claim names who is asked to make its volume. */
export const asking = (provisioner: string): Readonly<Record<string, string>> => ({
  'volume.beta.kubernetes.io/storage-provisioner': provisioner,
  'volume.kubernetes.io/storage-provisioner': provisioner,
});

/** The status of a claim in a phase, with what its volume offers; undefined when it says so already. */
export function changedStatus(claim: VolumeClaim, phase: string, volume: Volume | undefined): object | undefined {
  const { accessModes, capacity, currentVolumeAttributesClassName, ...rest } = claim.status ?? {};
  const modes = volume?.spec.accessModes;
  const same = claim.status?.phase === phase && JSON.stringify(accessModes) === JSON.stringify(modes);
  if (same && (volume !== undefined || (capacity === undefined && currentVolumeAttributesClassName === undefined)))
    return undefined;
  const size = claim.status?.phase === phase ? capacity : volume?.spec.capacity;
  const attributes = volume?.spec.volumeAttributesClassName ?? currentVolumeAttributesClassName;
  const offered =
    volume === undefined ? {} : { accessModes: modes, capacity: size, currentVolumeAttributesClassName: attributes };
  return { ...rest, phase, ...offered };
}

/** The newest of the classes that say they are it. */
export function defaultClass(classes: Iterable<StorageClass>): StorageClass | undefined {
  const said = [...classes].filter(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true');
  return said.sort((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? 1 : -1))[0];
}

const modeOf = ({ spec }: Volume | VolumeClaim): string => spec.volumeMode ?? 'Filesystem';
const sizeOf = (quantities: Readonly<Record<string, string>> | undefined): bigint =>
  parseQuantity(String(quantities?.storage))?.nano ?? 0n;

/** Whether the claimRef is the claim's: by name, and by uid where it has one. */
export function isBoundTo({ spec }: Volume, { metadata }: VolumeClaim): boolean {
  const { claimRef } = spec;
  if (claimRef === undefined || claimRef.name !== metadata.name || claimRef.namespace !== metadata.namespace)
    return false;
  return claimRef.uid === undefined || claimRef.uid === '' || claimRef.uid === metadata.uid;
}

/** Why the volume cannot serve the claim that names it; undefined when it can. */
export function mismatch(volume: Volume, claim: VolumeClaim): string | undefined {
  if (sizeOf(volume.spec.capacity) < sizeOf(claim.spec.resources?.requests)) return 'requested PV is too small';
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match';
  if (modeOf(volume) !== modeOf(claim)) return 'incompatible volumeMode';
  if (!offersModes(volume, claim)) return 'incompatible accessMode';
  return undefined;
}
export const sameMode = (volume: Volume, claim: VolumeClaim): boolean => modeOf(volume) === modeOf(claim);

function offersModes(volume: Volume, claim: VolumeClaim): boolean {
  return (claim.spec.accessModes ?? []).every((mode) => (volume.spec.accessModes ?? []).includes(mode));
}

/** The smallest free volume that fits, or one that names the claim already. `delayed`: only the latter. */
export function bestMatch(volumes: Iterable<Volume>, claim: VolumeClaim, delayed: boolean): Volume | undefined {
  const wanted = sizeOf(claim.spec.resources?.requests);
  const selected = claim.spec.selector === undefined ? () => true : selects(claim.spec.selector);
  let best: Volume | undefined;
  for (const volume of volumes) {
    if (!offersModes(volume, claim) || !sameMode(volume, claim) || volume.metadata.deletionTimestamp !== undefined)
      continue;
    const size = sizeOf(volume.spec.capacity);
    if (size < wanted) continue;
    if (isBoundTo(volume, claim)) return volume;
    if (delayed || volume.spec.claimRef !== undefined || volume.status?.phase !== 'Available') continue;
    if (!selected(volume.metadata.labels) || classOf(volume) !== classOf(claim)) continue;
    if ((volume.spec.volumeAttributesClassName ?? '') !== (claim.spec.volumeAttributesClassName ?? '')) continue;
    if (best === undefined || size < sizeOf(best.spec.capacity)) best = volume;
  }
  return best;
}
