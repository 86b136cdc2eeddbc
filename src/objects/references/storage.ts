import { entriesOf, mapOf, type ReferenceList, textOr } from './list.ts';

const STORAGE = 'storage.k8s.io';

/** A PersistentVolumeClaim's spec, also inside a template. A claim that names its volume is bound without its class. */
export function claimSpec(list: ReferenceList, path: string, value: unknown): void {
  const spec = mapOf(value);
  const volume = spec.volumeName;
  list.inCluster(`${path}/storageClassName`, STORAGE, 'storageclasses', spec.storageClassName, {
    reason: 'gets its volume through',
    optional: textOr(volume, '') !== '',
  });
  const attributes = spec.volumeAttributesClassName;
  list.inCluster(`${path}/volumeAttributesClassName`, STORAGE, 'volumeattributesclasses', attributes, {
    reason: 'gets the attributes of its volume through',
  });
  list.inCluster(`${path}/volumeName`, '', 'persistentvolumes', volume, { reason: 'is bound to' });
  // The server writes both fields alike; dataSourceRef is the one that can name another namespace.
  const field = spec.dataSourceRef === undefined || spec.dataSourceRef === null ? 'dataSource' : 'dataSourceRef';
  const { apiGroup, kind, name, namespace } = mapOf(spec[field]);
  const where = textOr(namespace, list.namespace ?? '');
  list.byKind(`${path}/${field}/name`, textOr(apiGroup, ''), kind, where, name, { reason: 'starts as a copy of' });
}

const CSI_SECRETS = [
  'controllerExpandSecretRef',
  'controllerPublishSecretRef',
  'nodeExpandSecretRef',
  'nodePublishSecretRef',
  'nodeStageSecretRef',
];
const WITH_SECRET_REF = ['cephfs', 'cinder', 'flexVolume', 'iscsi', 'rbd', 'scaleIO', 'storageos'];

/** A PersistentVolume's spec: it exists without its claim and its class, and is worked with through its Secrets. */
export function volumeSpec(list: ReferenceList, path: string, value: unknown): void {
  const spec = mapOf(value);
  list.inCluster(`${path}/storageClassName`, STORAGE, 'storageclasses', spec.storageClassName, {
    reason: 'belongs to',
    optional: true,
  });
  const attributes = spec.volumeAttributesClassName;
  list.inCluster(`${path}/volumeAttributesClassName`, STORAGE, 'volumeattributesclasses', attributes, {
    reason: 'gets its attributes through',
    optional: true,
  });
  const claim = mapOf(spec.claimRef);
  const claimed = { reason: 'is bound to', optional: true };
  list.inNamespace(`${path}/claimRef/name`, 'persistentvolumeclaims', claim.name, claimed, claim.namespace);
  const phrase = { reason: 'is worked with through' };
  const secretAt = (place: string, ref: unknown): void => {
    const { name, namespace } = mapOf(ref);
    list.inNamespace(`${place}/name`, 'secrets', name, phrase, namespace ?? claim.namespace);
  };
  for (const field of CSI_SECRETS) secretAt(`${path}/csi/${field}`, mapOf(spec.csi)[field]);
  for (const field of WITH_SECRET_REF) secretAt(`${path}/${field}/secretRef`, mapOf(spec[field]).secretRef);
  const azure = mapOf(spec.azureFile);
  const home = azure.secretNamespace ?? claim.namespace;
  list.inNamespace(`${path}/azureFile/secretName`, 'secrets', azure.secretName, phrase, home);
  const { endpoints, endpointsNamespace } = mapOf(spec.glusterfs);
  const nodes = endpointsNamespace ?? claim.namespace;
  list.inNamespace(`${path}/glusterfs/endpoints`, 'endpoints', endpoints, phrase, nodes);
}

/** `csi.storage.k8s.io/<what>-secret-name` beside `...-secret-namespace`; a name made from a template (`${...}`) names none. */
export function storageClass(list: ReferenceList, object: Readonly<Record<string, unknown>>): void {
  const parameters = mapOf(object.parameters);
  for (const { key, value, at } of entriesOf(parameters, '/parameters')) {
    const namespace = parameters[`${key.slice(0, -'name'.length)}namespace`];
    if (!/^csi\.storage\.k8s\.io\/.*secret-name$/.test(key) || `${value}${namespace}`.includes('${')) continue;
    list.inNamespace(at, 'secrets', value, { reason: 'provisions with' }, namespace);
  }
  list.inCluster('/provisioner', STORAGE, 'csidrivers', object.provisioner, {
    reason: 'provisions through',
    optional: true,
  });
}

export function volumeAttachment(list: ReferenceList, object: Readonly<Record<string, unknown>>): void {
  const spec = mapOf(object.spec);
  const source = mapOf(spec.source);
  list.inCluster('/spec/nodeName', '', 'nodes', spec.nodeName, { reason: 'attaches to' });
  const volume = source.persistentVolumeName;
  list.inCluster('/spec/source/persistentVolumeName', '', 'persistentvolumes', volume, { reason: 'attaches' });
  list.inCluster('/spec/attacher', STORAGE, 'csidrivers', spec.attacher, {
    reason: 'attaches through',
    optional: true,
  });
  volumeSpec(list, '/spec/source/inlineVolumeSpec', source.inlineVolumeSpec);
}
