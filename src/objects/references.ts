import type { KubeObject } from './json.ts';
import { groupOf } from './key.ts';
import { binding, secret, service, webhooks } from './references/access.ts';
import { itemsOf, mapOf, type ObjectReference, ReferenceList, type ResourceOf, textOr } from './references/list.ts';
import { podSpec, pullSecrets } from './references/pod-spec.ts';
import { claimSpec, storageClass, volumeAttachment, volumeSpec } from './references/storage.ts';

export type { ObjectReference, ResourceOf } from './references/list.ts';

type Members = Readonly<Record<string, unknown>>;
type Reader = (list: ReferenceList, object: Members) => void;

const specOf = (object: Members): Members => mapOf(object.spec);
/** A workload whose Pods come from `/spec/template`. */
const template: Reader = (list, object) => podSpec(list, '/spec/template/spec', mapOf(specOf(object).template).spec);

const statefulSet: Reader = (list, object) => {
  template(list, object);
  const spec = specOf(object);
  const name = spec.serviceName;
  list.inNamespace('/spec/serviceName', 'services', name, { reason: 'names its Pods through', optional: true });
  for (const { item, at } of itemsOf(spec.volumeClaimTemplates, '/spec/volumeClaimTemplates'))
    claimSpec(list, `${at}/spec`, item.spec);
};

const cronJob: Reader = (list, object) => {
  const job = mapOf(mapOf(specOf(object).jobTemplate).spec);
  podSpec(list, '/spec/jobTemplate/spec/template/spec', mapOf(job.template).spec);
};

const serviceAccount: Reader = (list, object) => {
  for (const { item, at } of itemsOf(object.secrets, '/secrets'))
    list.inNamespace(`${at}/name`, 'secrets', item.name, { reason: 'may use', optional: true });
  pullSecrets(list, '/imagePullSecrets', object.imagePullSecrets);
};

const ingress: Reader = (list, object) => {
  const spec = specOf(object);
  const backend = (path: string, value: unknown): void => {
    const { service, resource } = mapOf(value);
    list.inNamespace(`${path}/service/name`, 'services', mapOf(service).name, { reason: 'routes to' });
    const { apiGroup, kind, name } = mapOf(resource);
    const phrase = { reason: 'routes to' };
    list.byKind(`${path}/resource/name`, textOr(apiGroup, ''), kind, list.namespace, name, phrase);
  };
  backend('/spec/defaultBackend', spec.defaultBackend);
  for (const { item, at } of itemsOf(spec.rules, '/spec/rules'))
    for (const path of itemsOf(mapOf(item.http).paths, `${at}/http/paths`))
      backend(`${path.at}/backend`, path.item.backend);
  for (const { item, at } of itemsOf(spec.tls, '/spec/tls'))
    list.inNamespace(`${at}/secretName`, 'secrets', item.secretName, { reason: 'serves TLS with' });
  const name = spec.ingressClassName;
  list.inCluster('/spec/ingressClassName', 'networking.k8s.io', 'ingressclasses', name, { reason: 'is served by' });
};

const ingressClass: Reader = (list, object) => {
  const { apiGroup, kind, name, namespace, scope } = mapOf(specOf(object).parameters);
  const where = scope === 'Namespace' ? textOr(namespace, '') : undefined;
  list.byKind('/spec/parameters/name', textOr(apiGroup, ''), kind, where, name, { reason: 'is set up by' });
};

const autoscaler: Reader = (list, object) => {
  const named = (path: string, value: unknown, reason: string, optional: boolean): void => {
    const { apiVersion, kind, name } = mapOf(value);
    list.byKind(`${path}/name`, groupOf(textOr(apiVersion, '')), kind, list.namespace, name, { reason, optional });
  };
  const spec = specOf(object);
  named('/spec/scaleTargetRef', spec.scaleTargetRef, 'scales', false);
  for (const { item, at } of itemsOf(spec.metrics, '/spec/metrics'))
    named(`${at}/object/describedObject`, mapOf(item.object).describedObject, 'measures', true);
};

const policyBinding =
  (policies: string): Reader =>
  (list, object) => {
    const name = specOf(object).policyName;
    list.inCluster('/spec/policyName', 'admissionregistration.k8s.io', policies, name, { reason: 'enforces' });
  };

const claimOfDevices =
  (path: string, spec: (object: Members) => unknown): Reader =>
  (list, object) => {
    const requests = mapOf(mapOf(spec(object)).devices).requests;
    const deviceClass = (place: string, value: unknown): void =>
      list.inCluster(place, 'resource.k8s.io', 'deviceclasses', value, { reason: 'asks for a device of' });
    for (const { item, at } of itemsOf(requests, `${path}/devices/requests`)) {
      deviceClass(`${at}/deviceClassName`, item.deviceClassName);
      deviceClass(`${at}/exactly/deviceClassName`, mapOf(item.exactly).deviceClassName);
      for (const choice of itemsOf(item.firstAvailable, `${at}/firstAvailable`))
        deviceClass(`${choice.at}/deviceClassName`, choice.item.deviceClassName);
    }
  };

const ipAddress: Reader = (list, object) => {
  const { group, resource, namespace, name } = mapOf(specOf(object).parentRef);
  if (typeof resource !== 'string') return;
  const where = textOr(namespace, '') === '' ? undefined : textOr(namespace, '');
  list.add('/spec/parentRef/name', textOr(group, ''), resource, where, name, { reason: 'is taken by' });
};

const ADMISSION = 'admissionregistration.k8s.io';
/** `group/Kind`, whatever the version. Kinds that name no object (NetworkPolicy, EndpointSlice, ResourceQuota, ...) are absent. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['/Pod', (list, object) => podSpec(list, '/spec', object.spec)],
  ['/PodTemplate', (list, object) => podSpec(list, '/template/spec', mapOf(object.template).spec)],
  ['/ReplicationController', template],
  ['apps/Deployment', template],
  ['apps/ReplicaSet', template],
  ['apps/DaemonSet', template],
  ['apps/StatefulSet', statefulSet],
  ['batch/Job', template],
  ['batch/CronJob', cronJob],
  ['/Secret', secret],
  ['/ServiceAccount', serviceAccount],
  ['/PersistentVolumeClaim', (list, object) => claimSpec(list, '/spec', object.spec)],
  ['/PersistentVolume', (list, object) => volumeSpec(list, '/spec', object.spec)],
  ['storage.k8s.io/StorageClass', storageClass],
  ['storage.k8s.io/VolumeAttachment', volumeAttachment],
  ['rbac.authorization.k8s.io/RoleBinding', binding],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', binding],
  ['networking.k8s.io/Ingress', ingress],
  ['networking.k8s.io/IngressClass', ingressClass],
  ['networking.k8s.io/IPAddress', ipAddress],
  ['autoscaling/HorizontalPodAutoscaler', autoscaler],
  [`${ADMISSION}/MutatingWebhookConfiguration`, webhooks],
  [`${ADMISSION}/ValidatingWebhookConfiguration`, webhooks],
  [`${ADMISSION}/ValidatingAdmissionPolicyBinding`, policyBinding('validatingadmissionpolicies')],
  [`${ADMISSION}/MutatingAdmissionPolicyBinding`, policyBinding('mutatingadmissionpolicies')],
  [
    'apiregistration.k8s.io/APIService',
    (list, object) => service(list, '/spec/service', specOf(object).service, 'is served by'),
  ],
  [
    'apiextensions.k8s.io/CustomResourceDefinition',
    (list, object) => {
      const webhook = mapOf(mapOf(specOf(object).conversion).webhook);
      const path = '/spec/conversion/webhook/clientConfig/service';
      service(list, path, mapOf(webhook.clientConfig).service, 'converts through');
    },
  ],
  [
    'flowcontrol.apiserver.k8s.io/FlowSchema',
    (list, object) => {
      const level = mapOf(specOf(object).priorityLevelConfiguration);
      const path = '/spec/priorityLevelConfiguration/name';
      const phrase = { reason: 'queues in', optional: true };
      list.inCluster(path, 'flowcontrol.apiserver.k8s.io', 'prioritylevelconfigurations', level.name, phrase);
    },
  ],
  ['resource.k8s.io/ResourceClaim', claimOfDevices('/spec', (object) => object.spec)],
  ['resource.k8s.io/ResourceClaimTemplate', claimOfDevices('/spec/spec', (object) => specOf(object).spec)],
]);

const UNKNOWN: ResourceOf = () => undefined;

/**
 * The objects that an object of a built-in kind names, in the order of its fields; an empty list for other kinds (theirs are
 * knowledge). `resourceOf` gives the plural of custom kinds that built-in ones can name (a scale target, a data source);
 * what it does not know is left out.
 */
export function referencesOf(object: KubeObject, resourceOf: ResourceOf = UNKNOWN): readonly ObjectReference[] {
  const read = READERS.get(`${groupOf(object.apiVersion)}/${object.kind}`);
  if (read === undefined) return [];
  const list = new ReferenceList(object.metadata.namespace, resourceOf);
  read(list, object);
  return list.found;
}
