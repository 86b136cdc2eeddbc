import { type ResourceName, resourceName } from '../../../src/objects/key.ts';

/** Path of a kind's collection, as the tests write it. */
export interface Served {
  readonly resource: ResourceName;
  readonly namespaced: boolean;
  readonly root: string;
  readonly plural: string;
}
const CLUSTER = new Set(
  'Namespace Node PersistentVolume StorageClass CSIDriver CSINode VolumeAttachment IngressClass ClusterRole ClusterRoleBinding PriorityClass RuntimeClass ValidatingWebhookConfiguration MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding APIService FlowSchema PriorityLevelConfiguration CertificateSigningRequest IPAddress ServiceCIDR CustomResourceDefinition'.split(
    ' ',
  ),
);
const pluralOf = (kind: string): string => {
  const lower = kind.toLowerCase();
  if (lower === 'endpoints') return lower;
  if (/(s|x|ch)$/.test(lower)) return `${lower}es`;
  return lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`;
};
export function served(apiVersion: string, kind: string): Served {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const plural = pluralOf(kind);
  return {
    resource: resourceName(group, plural),
    namespaced: !CLUSTER.has(kind),
    root: group === '' ? `/api/${apiVersion}` : `/apis/${apiVersion}`,
    plural,
  };
}
export const collectionPath = ({ root, namespaced, plural }: Served, namespace: string): string =>
  namespaced ? `${root}/namespaces/${namespace}/${plural}` : `${root}/${plural}`;
