import type { KubeObject } from '../../objects/json.ts';
import {
  checksCoreFinalizers,
  type MetaRules,
  validateCoreFinalizers,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '../schema/metadata/object-meta.ts';
import type { Problem } from '../status/problem.ts';

/**
 * How often an update checks the metadata beyond the two times that are common to all kinds; every finding stands once
 * among the causes for each. `finalizers`: whether these times ask for a domain in the names of finalizers.
 */
interface Times {
  readonly extra: number;
  readonly finalizers: boolean;
}
const ONCE: Times = { extra: 1, finalizers: true };
const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
const TIMES: ReadonlyMap<string, Times> = new Map([
  ...words(
    `configmaps secrets namespaces serviceaccounts pods replicationcontrollers controllerrevisions.apps jobs.batch
     persistentvolumes storageclasses.storage.k8s.io csinodes.storage.k8s.io volumeattachments.storage.k8s.io
     ingresses.networking.k8s.io ingressclasses.networking.k8s.io networkpolicies.networking.k8s.io endpoints nodes`,
  ).map((resource): [string, Times] => [resource, { extra: 2, finalizers: true }]),
  ...words(
    `persistentvolumeclaims roles.rbac.authorization.k8s.io clusterroles.rbac.authorization.k8s.io
     rolebindings.rbac.authorization.k8s.io clusterrolebindings.rbac.authorization.k8s.io`,
  ).map((resource): [string, Times] => [resource, { extra: 3, finalizers: true }]),
  ...words(
    `runtimeclasses.node.k8s.io leases.coordination.k8s.io
     mutatingwebhookconfigurations.admissionregistration.k8s.io validatingwebhookconfigurations.admissionregistration.k8s.io
     validatingadmissionpolicies.admissionregistration.k8s.io validatingadmissionpolicybindings.admissionregistration.k8s.io`,
  ).map((resource): [string, Times] => [resource, { extra: 2, finalizers: false }]),
  ...words('poddisruptionbudgets.policy events').map((resource): [string, Times] => [
    resource,
    { extra: 0, finalizers: false },
  ]),
]);
const NO_STATUS_CHECK = ['cronjobs.batch', 'poddisruptionbudgets.policy'];

/**
 * Findings about the metadata of a write of a built-in kind, each as often as the server's causes have it (its message
 * has each once). They come before what the rules of the kind find. `before` is absent on create.
 */
export function metadataProblems(
  next: KubeObject,
  before: KubeObject | undefined,
  rules: MetaRules,
  subresource?: string,
): Problem[] {
  if (before === undefined) return validateObjectMeta(next, rules);
  const finalizers = checksCoreFinalizers(rules.resource) ? validateCoreFinalizers(next.metadata) : [];
  const common = validateObjectMeta(next, rules).filter(
    (problem) => !finalizers.some((it) => it.field === problem.field),
  );
  const update = validateObjectMetaUpdate(next, before);
  if (common.length + update.length + finalizers.length === 0) return [];
  const found = [...common, ...update];
  const status = subresource === 'status';
  if (status && NO_STATUS_CHECK.includes(rules.resource)) return found;
  const times = status ? ONCE : (TIMES.get(rules.resource) ?? ONCE);
  for (let time = 0; time < times.extra; time += 1) {
    // The first time checks the change, the others what it changed to.
    found.push(...(time === 0 ? update : common), ...(times.finalizers ? finalizers : []));
  }
  return found;
}
