import { annotation, has, is, where } from './claims.ts';
import { fields } from './core-fields.ts';
import { apiServices, claims, jobs, volumes, webhooks } from './core-kinds.ts';
import { notWritten } from './core-minted.ts';
import { type Rule, resources, system } from './language.ts';

/** What stands for another object's UID. Owner references and their managed fields are relinked without a rule. */
const mentions: readonly Rule[] = [
  {
    kind: 'mention',
    on: { resources: [...(volumes.resources ?? []), ...(claims.resources ?? [])] },
    path: '/**',
    action: 'keep',
    code: 'VOLUME-NAME',
    why: 'volume names and handles hold the uid of the first claim and name a thing outside the cluster',
  },
  {
    kind: 'mention',
    on: jobs,
    path: '/**',
    action: 'keep',
    code: 'JOB-SELECTOR',
    why: 'a manual selector is the choice of its author',
  },
  {
    kind: 'mention',
    on: { groups: [''], where: has(annotation('kubectl.kubernetes.io/last-applied-configuration')) },
    path: annotation('kubectl.kubernetes.io/last-applied-configuration'),
    action: 'keep',
    code: 'LAST-APPLIED',
    why: 'it is the text that someone applied, byte for byte',
  },
];

/** Order that no reference tells. */
const order: readonly Rule[] = [
  {
    kind: 'judges',
    on: resources('resourcequotas', 'limitranges'),
    scope: 'namespace',
    code: 'JUDGES-THE-NAMESPACE',
    why: 'it would refuse or change what was accepted before it came',
  },
  {
    kind: 'judges',
    on: resources(
      'validatingadmissionpolicybindings.admissionregistration.k8s.io',
      'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
    ),
    scope: 'cluster',
    code: 'JUDGES-THE-CLUSTER',
    why: 'it would refuse or change what was accepted before it came',
  },
  {
    kind: 'judges',
    on: webhooks,
    scope: 'cluster',
    code: 'JUDGES-THE-CLUSTER',
    why: 'it would refuse or change what was accepted before it came',
  },
  {
    kind: 'judges',
    on: where(apiServices, has('/spec/service')),
    scope: 'cluster',
    code: 'AGGREGATED-API',
    why: 'without its backend discovery is incomplete and the garbage collector stops',
  },
  {
    kind: 'backend',
    on: webhooks,
    paths: ['/webhooks/*/clientConfig/service'],
    code: 'WEBHOOK-WITHOUT-BACKEND',
    why: 'without its backend every write that it judges fails (lab 5)',
  },
  {
    kind: 'backend',
    on: where(apiServices, has('/spec/service')),
    paths: ['/spec/service'],
    code: 'API-WITHOUT-BACKEND',
    why: 'without its backend its group does not answer',
  },
];

/** What ready means. */
const readiness: readonly Rule[] = [
  {
    kind: 'ready',
    on: resources('customresourcedefinitions.apiextensions.k8s.io'),
    ready: { kind: 'condition', type: 'Established', status: 'True' },
    needsKubelet: false,
    code: 'CRD-ESTABLISHED',
    why: 'its resources are served only then',
  },
  {
    kind: 'ready',
    on: resources('namespaces'),
    ready: is('/status/phase', 'Active'),
    needsKubelet: false,
    code: 'NAMESPACE-ACTIVE',
    why: 'nothing can be made in it otherwise',
  },
  {
    kind: 'ready',
    on: where(claims, is('/status/phase', 'Bound')),
    ready: is('/status/phase', 'Bound'),
    needsKubelet: false,
    code: 'CLAIM-BOUND',
    why: 'it was bound when captured',
  },
  {
    kind: 'ready',
    on: where(resources('deployments.apps'), { kind: 'condition', type: 'Available', status: 'True' }),
    ready: { kind: 'condition', type: 'Available', status: 'True' },
    needsKubelet: true,
    code: 'DEPLOYMENT-AVAILABLE',
    why: 'it was available when captured',
  },
];

export const core = system({
  id: 'core',
  title: 'Kubernetes itself',
  tried: ['1.34.4'],
  facts: ['lab 2', 'lab 8', 'kube-api 1.4'],
  members: [],
  rules: [...notWritten, ...fields, ...mentions, ...order, ...readiness],
});
