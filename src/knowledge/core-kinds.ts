import { any } from './claims.ts';
import { resources } from './language.ts';

/** The built-in kinds that several rules speak of. */
export const pods = resources('pods');
export const jobs = resources('jobs.batch');
export const volumes = resources('persistentvolumes');
export const claims = resources('persistentvolumeclaims');
export const services = resources('services');
export const roles = resources('clusterroles.rbac.authorization.k8s.io', 'roles.rbac.authorization.k8s.io');
export const bindings = resources(
  'clusterrolebindings.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
);
export const flow = resources(
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
);
export const webhooks = resources(
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
);
export const apiServices = resources('apiservices.apiregistration.k8s.io');
export const finished = any(
  { kind: 'condition', type: 'Complete', status: 'True' },
  { kind: 'condition', type: 'Failed', status: 'True' },
);
