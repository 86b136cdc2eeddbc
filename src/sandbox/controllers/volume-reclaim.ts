import { type Hands, resource } from './hands.ts';
import { PROVISIONED_BY, type Volume } from './volume-facts.ts';

const VOLUMES = resource('persistentvolumes');

/**
 * What becomes of a released volume. `Retain` and everything that an outside provisioner made: nothing here. `Delete`:
 * hostPath below /tmp is deleted with its object (lab 8), other kinds have no deleter in kube-controller-manager.
 * Gives the message of a failure.
 */
export async function reclaim(hands: Hands, volume: Volume): Promise<string | undefined> {
  const { spec, metadata } = volume;
  if (spec.persistentVolumeReclaimPolicy !== 'Delete') return undefined;
  if (metadata.annotations?.['pv.kubernetes.io/migrated-to'] !== undefined) return undefined;
  const provisioner = metadata.annotations?.[PROVISIONED_BY] ?? '';
  if (provisioner !== '' && !provisioner.startsWith('kubernetes.io/')) return undefined;
  if (provisioner === '' && spec.csi !== undefined) return undefined;
  if (spec.hostPath === undefined)
    return `error getting deleter volume plugin for volume "${metadata.name}": no deletable volume plugin matched`;
  const { path } = spec.hostPath;
  if (!/\/tmp\/.+/.test(path)) return `host_path deleter only supports /tmp/.+ but received provided ${path}`;
  await hands.remove(VOLUMES, volume);
  return undefined;
}
