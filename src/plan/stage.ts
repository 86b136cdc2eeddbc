import type { SurveyedObject } from '../knowledge/survey.ts';
import type { Stage } from './plan.ts';

const FOUNDATIONS = new Set([
  'customresourcedefinitions.apiextensions.k8s.io',
  'namespaces',
  'storageclasses.storage.k8s.io',
  'volumeattributesclasses.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'priorityclasses.scheduling.k8s.io',
  'runtimeclasses.node.k8s.io',
  'ingressclasses.networking.k8s.io',
  'serviceaccounts',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
]);
const DATA = new Set(['persistentvolumes', 'persistentvolumeclaims']);
const WORKLOADS = new Set([
  'pods',
  'replicationcontrollers',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'controllerrevisions.apps',
  'jobs.batch',
  'cronjobs.batch',
]);
const ROUTES = new Set([
  'ingresses.networking.k8s.io',
  'horizontalpodautoscalers.autoscaling',
  'poddisruptionbudgets.policy',
  'resourcequotas',
  'limitranges',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'apiservices.apiregistration.k8s.io',
]);

/** Under which heading people find a step; among steps that could come next, the earlier stage comes. The order itself comes from edges. */
export function stageOf(object: SurveyedObject): Stage {
  if (FOUNDATIONS.has(object.resource)) return 'foundations';
  if (DATA.has(object.resource)) return 'data';
  if (WORKLOADS.has(object.resource)) return 'workloads';
  return ROUTES.has(object.resource) ? 'routes' : 'identity';
}
export function isWorkloadResource(object: SurveyedObject): boolean {
  return WORKLOADS.has(object.resource);
}
