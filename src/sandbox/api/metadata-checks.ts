import type { Problem } from '../status/problem.ts';
import type { ServedKind } from './served-kind.ts';

/**
 * How often the validation of a kind's update looks at metadata that the common way has looked at before: M at all of it, C at what
 * changed, V stands for the rest of it, N for looking at the object as if it were new. Every look is a cause of its own in the answer. Most kinds look once at each.
 */
const LOOKS: Readonly<Record<string, readonly string[]>> = {
  M: [
    'validatingadmissionpolicies.admissionregistration.k8s.io',
    'validatingadmissionpolicybindings.admissionregistration.k8s.io',
    'mutatingwebhookconfigurations.admissionregistration.k8s.io',
    'validatingwebhookconfigurations.admissionregistration.k8s.io',
    'limitranges',
    'endpointslices.discovery.k8s.io',
    'flowschemas.flowcontrol.apiserver.k8s.io',
    'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  ],
  C: [
    'daemonsets.apps',
    'deployments.apps',
    'replicasets.apps',
    'horizontalpodautoscalers.autoscaling',
    'cronjobs.batch',
    'leases.coordination.k8s.io',
    'events',
    'podtemplates',
    'resourcequotas',
    'services',
    'servicecidrs.networking.k8s.io',
    'resourceslices.resource.k8s.io',
    'priorityclasses.scheduling.k8s.io',
    'csidrivers.storage.k8s.io',
  ],
  MC: [
    'statefulsets.apps',
    'jobs.batch',
    'certificatesigningrequests.certificates.k8s.io',
    'namespaces',
    'nodes',
    'replicationcontrollers',
    'ipaddresses.networking.k8s.io',
    'networkpolicies.networking.k8s.io',
    'runtimeclasses.node.k8s.io',
    'deviceclasses.resource.k8s.io',
    'resourceclaims.resource.k8s.io',
    'resourceclaimtemplates.resource.k8s.io',
    'csistoragecapacities.storage.k8s.io',
    'storageclasses.storage.k8s.io',
  ],
  MM: ['csinodes.storage.k8s.io', 'volumeattachments.storage.k8s.io'],
  MMM: ['persistentvolumes'],
  MCM: ['persistentvolumeclaims', 'volumeattributesclasses.storage.k8s.io'],
  MNMVC: [
    'clusterroles.rbac.authorization.k8s.io',
    'clusterrolebindings.rbac.authorization.k8s.io',
    'roles.rbac.authorization.k8s.io',
    'rolebindings.rbac.authorization.k8s.io',
  ],
  '': ['poddisruptionbudgets.policy'],
};

const lookOf = new Map(Object.entries(LOOKS).flatMap(([look, resources]) => resources.map((one) => [one, look])));
/** Of /status most kinds look at what changed. */
const STATUS_LOOKS: Readonly<Record<string, string>> = {
  'certificatesigningrequests.certificates.k8s.io': 'MC',
  'cronjobs.batch': '',
  'poddisruptionbudgets.policy': '',
};

/** What the validation of a kind finds in an update, metadata included. */
export function updateProblems(
  { resource }: ServedKind,
  status: boolean,
  found: {
    readonly all: readonly Problem[];
    readonly changes: readonly Problem[];
    readonly own: readonly Problem[];
    fresh(): readonly Problem[];
  },
): Problem[] {
  const look = status ? (STATUS_LOOKS[resource] ?? 'C') : (lookOf.get(resource) ?? 'CM');
  return [...(look.includes('V') ? look : `${look}V`)].flatMap((letter) =>
    letter === 'M' ? found.all : letter === 'C' ? found.changes : letter === 'N' ? found.fresh() : found.own,
  );
}
