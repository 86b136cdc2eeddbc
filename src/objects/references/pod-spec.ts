import { itemsOf, mapOf, type ReferenceList } from './list.ts';
import { claimSpec } from './storage.ts';

/** What a Pod's spec names, wherever the spec stands. The default ServiceAccount counts only when it is written down. */
export function podSpec(list: ReferenceList, path: string, value: unknown): void {
  const spec = mapOf(value);
  const account = spec.serviceAccountName === undefined ? 'serviceAccount' : 'serviceAccountName';
  list.inNamespace(`${path}/${account}`, 'serviceaccounts', spec[account], { reason: 'runs as' });
  list.inCluster(`${path}/priorityClassName`, 'scheduling.k8s.io', 'priorityclasses', spec.priorityClassName, {
    reason: 'is scheduled with',
  });
  list.inCluster(`${path}/runtimeClassName`, 'node.k8s.io', 'runtimeclasses', spec.runtimeClassName, {
    reason: 'runs in',
  });
  pullSecrets(list, `${path}/imagePullSecrets`, spec.imagePullSecrets);
  for (const field of ['initContainers', 'containers', 'ephemeralContainers'])
    for (const { item, at } of itemsOf(spec[field], `${path}/${field}`)) environment(list, at, item);
  for (const { item, at } of itemsOf(spec.volumes, `${path}/volumes`)) volume(list, at, item);
  for (const { item, at } of itemsOf(spec.resourceClaims, `${path}/resourceClaims`)) {
    const group = 'resource.k8s.io';
    const phrase = { reason: 'claims devices through' };
    list.add(`${at}/resourceClaimName`, group, 'resourceclaims', list.namespace, item.resourceClaimName, phrase);
    const template = item.resourceClaimTemplateName;
    list.add(`${at}/resourceClaimTemplateName`, group, 'resourceclaimtemplates', list.namespace, template, phrase);
  }
}

/** The kubelet goes on without a pull secret that does not exist. */
export function pullSecrets(list: ReferenceList, path: string, value: unknown): void {
  for (const { item, at } of itemsOf(value, path))
    list.inNamespace(`${at}/name`, 'secrets', item.name, { reason: 'pulls images with', optional: true });
}

function environment(list: ReferenceList, path: string, container: Readonly<Record<string, unknown>>): void {
  for (const { item, at } of itemsOf(container.env, `${path}/env`)) {
    const from = mapOf(item.valueFrom);
    named(list, `${at}/valueFrom/secretKeyRef`, 'secrets', from.secretKeyRef, 'has in its environment');
    named(list, `${at}/valueFrom/configMapKeyRef`, 'configmaps', from.configMapKeyRef, 'has in its environment');
  }
  for (const { item, at } of itemsOf(container.envFrom, `${path}/envFrom`)) {
    named(list, `${at}/secretRef`, 'secrets', item.secretRef, 'has in its environment');
    named(list, `${at}/configMapRef`, 'configmaps', item.configMapRef, 'has in its environment');
  }
}

function named(list: ReferenceList, path: string, resource: string, value: unknown, reason: string): void {
  const { name, optional } = mapOf(value);
  list.inNamespace(`${path}/name`, resource, name, { reason, optional: optional === true });
}

/** Volume sources that name a Secret by `secretRef`. */
const WITH_SECRET_REF = ['cephfs', 'cinder', 'flexVolume', 'iscsi', 'rbd', 'scaleIO', 'storageos'];

function volume(list: ReferenceList, path: string, source: Readonly<Record<string, unknown>>): void {
  const secret = mapOf(source.secret);
  const optional = secret.optional === true;
  list.inNamespace(`${path}/secret/secretName`, 'secrets', secret.secretName, { reason: 'mounts', optional });
  named(list, `${path}/configMap`, 'configmaps', source.configMap, 'mounts');
  const projected = mapOf(source.projected);
  for (const { item, at } of itemsOf(projected.sources, `${path}/projected/sources`)) {
    named(list, `${at}/secret`, 'secrets', item.secret, 'mounts');
    named(list, `${at}/configMap`, 'configmaps', item.configMap, 'mounts');
    const bundle = mapOf(item.clusterTrustBundle);
    const place = `${at}/clusterTrustBundle/name`;
    list.inCluster(place, 'certificates.k8s.io', 'clustertrustbundles', bundle.name, {
      reason: 'mounts',
      optional: bundle.optional === true,
    });
  }
  const claim = mapOf(source.persistentVolumeClaim).claimName;
  list.inNamespace(`${path}/persistentVolumeClaim/claimName`, 'persistentvolumeclaims', claim, { reason: 'mounts' });
  named(list, `${path}/csi/nodePublishSecretRef`, 'secrets', mapOf(source.csi).nodePublishSecretRef, MOUNTS_WITH);
  const azure = mapOf(source.azureFile).secretName;
  list.inNamespace(`${path}/azureFile/secretName`, 'secrets', azure, { reason: MOUNTS_WITH });
  const gluster = mapOf(source.glusterfs).endpoints;
  list.inNamespace(`${path}/glusterfs/endpoints`, 'endpoints', gluster, { reason: MOUNTS_WITH });
  for (const field of WITH_SECRET_REF)
    named(list, `${path}/${field}/secretRef`, 'secrets', mapOf(source[field]).secretRef, MOUNTS_WITH);
  const template = mapOf(mapOf(source.ephemeral).volumeClaimTemplate);
  claimSpec(list, `${path}/ephemeral/volumeClaimTemplate/spec`, template.spec);
}
const MOUNTS_WITH = 'mounts a volume with';
