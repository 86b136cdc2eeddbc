import { type Body, child, deep, fill, fillEmpty, items, text } from '../values.ts';
import { tagOf } from './image.ts';

/** The sources of volumes and their defaults; Pods and PersistentVolumes have most of them in common. */
export function defaultVolume(volume: Body): void {
  if (Object.keys(volume).every((key) => key === 'name')) volume.emptyDir = {};
  defaultSources(volume);
  for (const key of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const source = child(volume, key);
    if (source !== undefined) fill(source, 'defaultMode', 420);
  }
  defaultFieldRefs(child(volume, 'downwardAPI'));
  for (const source of items(child(volume, 'projected'), 'sources')) {
    defaultFieldRefs(child(source, 'downwardAPI'));
    const token = child(source, 'serviceAccountToken');
    if (token !== undefined) fill(token, 'expirationSeconds', 3600);
  }
  const claim = deep(volume, 'ephemeral', 'volumeClaimTemplate', 'spec');
  if (claim !== undefined) fill(claim, 'volumeMode', 'Filesystem');
  const image = child(volume, 'image');
  if (image !== undefined) {
    fillEmpty(image, 'pullPolicy', tagOf(text(image, 'reference')) === 'latest' ? 'Always' : 'IfNotPresent');
  }
}

/** Sources that PersistentVolumes have as well. */
export function defaultSources(holder: Body): void {
  const hostPath = child(holder, 'hostPath');
  if (hostPath !== undefined) fill(hostPath, 'type', '');
  const iscsi = child(holder, 'iscsi');
  if (iscsi !== undefined) fillEmpty(iscsi, 'iscsiInterface', 'default');
  const rbd = child(holder, 'rbd');
  if (rbd !== undefined) {
    fillEmpty(rbd, 'pool', 'rbd');
    fillEmpty(rbd, 'user', 'admin');
    fillEmpty(rbd, 'keyring', '/etc/ceph/keyring');
  }
  const azure = child(holder, 'azureDisk');
  if (azure !== undefined) {
    fill(azure, 'cachingMode', 'ReadWrite');
    fill(azure, 'fsType', 'ext4');
    fill(azure, 'readOnly', false);
    fill(azure, 'kind', 'Shared');
  }
  const scaleIO = child(holder, 'scaleIO');
  if (scaleIO !== undefined) {
    fillEmpty(scaleIO, 'storageMode', 'ThinProvisioned');
    fillEmpty(scaleIO, 'fsType', 'xfs');
  }
}
function defaultFieldRefs(source: Body | undefined): void {
  for (const item of items(source, 'items')) {
    const reference = child(item, 'fieldRef');
    if (reference !== undefined) fillEmpty(reference, 'apiVersion', 'v1');
  }
}
