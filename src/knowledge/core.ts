import type { KeyText } from '../objects/key.ts';
import { apiServer, controllerManager } from './core-managers.ts';
import { named, type Pick, type Rule, resources, system, type Where } from './language.ts';

const label = (name: string): string => `/metadata/labels/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
const annotation = (name: string): string =>
  `/metadata/annotations/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
const has = (path: string): Where => ({ kind: 'has', path });
const is = (path: string, value: string | boolean): Where => ({ kind: 'equals', path, value });
const matches = (path: string, pattern: string): Where => ({ kind: 'matches', path, pattern });
const not = (of: Where): Where => ({ kind: 'not', of });
const any = (...of: Where[]): Where => ({ kind: 'any', of });
const all = (...of: Where[]): Where => ({ kind: 'all', of });
const where = (pick: Pick, claim: Where): Pick => ({ ...pick, where: claim });

const pods = resources('pods');
const jobs = resources('jobs.batch');
const volumes = resources('persistentvolumes');
const claims = resources('persistentvolumeclaims');
const services = resources('services');
const roles = resources('clusterroles.rbac.authorization.k8s.io', 'roles.rbac.authorization.k8s.io');
const bindings = resources('clusterrolebindings.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io');
const flow = resources(
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
);
const webhooks = resources(
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
);
const apiServices = resources('apiservices.apiregistration.k8s.io');
const finished = any(
  { kind: 'condition', type: 'Complete', status: 'True' },
  { kind: 'condition', type: 'Failed', status: 'True' },
);

/** What the target makes by itself, and objects whose makers make them again. */
const notWritten: readonly Rule[] = [
  {
    kind: 'minted',
    on: named('namespaces', 'default', 'kube-system', 'kube-public', 'kube-node-lease'),
    by: [apiServer],
    code: 'NAMESPACE-OF-THE-SYSTEM',
    why: 'the API server makes it at its first start; labels and annotations that people added are merged',
  },
  {
    kind: 'minted',
    on: named('serviceaccounts', 'default'),
    by: [controllerManager],
    except: ['/secrets'],
    code: 'DEFAULT-SERVICE-ACCOUNT',
    why: 'every namespace gets its own; imagePullSecrets and annotations that people added are merged (kube-api 1.4)',
  },
  {
    kind: 'minted',
    on: named('configmaps', 'kube-root-ca.crt'),
    by: [controllerManager],
    except: ['/data'],
    code: 'CLUSTER-CA',
    why: 'holds the certificate of the cluster that it lives in: the lost one would break every Pod of the new one',
  },
  {
    kind: 'omit',
    on: where(
      resources('configmaps'),
      all(
        is('/metadata/namespace', 'kube-system'),
        any(
          is('/metadata/name', 'extension-apiserver-authentication'),
          is('/metadata/name', 'kube-apiserver-legacy-service-account-token-tracking'),
        ),
      ),
    ),
    origin: 'target',
    code: 'API-SERVER-RECORD',
    why: 'the API server writes it for itself',
  },
  {
    kind: 'omit',
    on: where(
      resources('configmaps'),
      all(is('/metadata/namespace', 'kube-public'), is('/metadata/name', 'cluster-info')),
    ),
    origin: 'target',
    code: 'CLUSTER-INFO',
    why: 'holds the address and the certificate of the lost cluster',
  },
  {
    kind: 'minted',
    on: where(
      { resources: [...(roles.resources ?? []), ...(bindings.resources ?? [])] },
      is(label('kubernetes.io/bootstrapping'), 'rbac-defaults'),
    ),
    by: [apiServer, '^clusterrole-aggregation-controller$', controllerManager],
    code: 'RBAC-DEFAULT',
    why: 'the API server makes its default roles at every start; rules, subjects and labels that people added are merged',
  },
  {
    kind: 'omit',
    on: where(apiServices, has(label('kube-aggregator.kubernetes.io/automanaged'))),
    origin: 'target',
    code: 'AUTOMANAGED-API-SERVICE',
    why: 'the API server registers its own groups and those of CustomResourceDefinitions',
  },
  {
    kind: 'minted',
    on: where(flow, has(annotation('apf.kubernetes.io/autoupdate-spec'))),
    by: ['^api-priority-and-fairness-config-(producer|consumer)-v1', apiServer],
    except: ['/status'],
    code: 'FLOW-CONTROL-DEFAULT',
    why: 'the API server maintains its suggested flow control; what people changed in it is merged',
  },
  {
    kind: 'minted',
    on: where(
      resources('priorityclasses.scheduling.k8s.io'),
      matches('/metadata/name', '^system-(cluster|node)-critical$'),
    ),
    by: [apiServer],
    code: 'SYSTEM-PRIORITY-CLASS',
    why: 'the API server makes it',
  },
  {
    kind: 'minted',
    on: where(
      {
        resources: [
          ...(services.resources ?? []),
          ...(resources('endpoints', 'endpointslices.discovery.k8s.io').resources ?? []),
        ],
      },
      all(is('/metadata/namespace', 'default'), is('/metadata/name', 'kubernetes')),
    ),
    by: [apiServer],
    except: ['/spec', '/subsets', '/endpoints', '/ports', '/addressType', '/metadata/labels'],
    code: 'API-SERVER-SERVICE',
    why: 'the API server announces itself by it',
  },
  {
    kind: 'minted',
    on: named('servicecidrs.networking.k8s.io', 'kubernetes'),
    by: [apiServer, controllerManager, 'service-cidr-controller$'],
    except: ['/status', '/spec'],
    code: 'SERVICE-CIDR',
    why: "the API server's own flag says it",
  },
  {
    kind: 'omit',
    on: resources('ipaddresses.networking.k8s.io'),
    origin: 'controller',
    code: 'IP-ADDRESS',
    why: 'the API server makes it with the Service that holds the address',
  },
  {
    kind: 'omit',
    on: resources(
      'nodes',
      'csinodes.storage.k8s.io',
      'resourceslices.resource.k8s.io',
      'volumeattachments.storage.k8s.io',
      'csistoragecapacities.storage.k8s.io',
    ),
    origin: 'target',
    code: 'OF-THE-MACHINES',
    why: 'it describes machines of the lost cluster; kubelets and drivers of the target report their own',
  },
  {
    kind: 'omit',
    on: resources(
      'storageversions.internal.apiserver.k8s.io',
      'storageversionmigrations.storagemigration.k8s.io',
      'leasecandidates.coordination.k8s.io',
      'leases.coordination.k8s.io',
      'events',
      'events.events.k8s.io',
    ),
    origin: 'target',
    code: 'BOOKKEEPING',
    why: 'it records what the components of one cluster are doing at one moment',
  },
  {
    kind: 'omit',
    on: resources('certificatesigningrequests.certificates.k8s.io'),
    origin: 'nowhere',
    code: 'CREATION-IS-A-COMMAND',
    why: 'creating it asks a signer for a certificate',
  },
  {
    kind: 'omit',
    on: where(
      resources('endpoints'),
      any(
        has(label('endpoints.kubernetes.io/managed-by')),
        has(annotation('endpoints.kubernetes.io/last-change-trigger-time')),
        has(annotation('control-plane.alpha.kubernetes.io/leader')),
      ),
    ),
    origin: 'controller',
    code: 'MADE-BY-ENDPOINTS-CONTROLLER',
    why: 'the controller makes it again from the Service and its Pods',
  },
  {
    kind: 'omit',
    on: where(
      resources('endpointslices.discovery.k8s.io'),
      matches(label('endpointslice.kubernetes.io/managed-by'), '^endpointslice(mirroring)?-controller\\.k8s\\.io$'),
    ),
    origin: 'controller',
    code: 'MADE-BY-ENDPOINTS-CONTROLLER',
    why: 'the controller makes it again from the Service and its Pods',
  },
  {
    kind: 'omit',
    on: where(pods, has(annotation('kubernetes.io/config.mirror'))),
    origin: 'target',
    code: 'MIRROR-POD',
    why: 'a kubelet makes it from a file of its machine',
  },
  {
    kind: 'omit',
    on: { ...pods, controlled: true },
    origin: 'controller',
    code: 'POD-OF-CONTROLLER',
    why: 'its owner makes it again',
  },
  {
    kind: 'omit',
    on: where(pods, matches('/status/phase', '^(Succeeded|Failed)$')),
    origin: 'nowhere',
    code: 'FINISHED-POD',
    why: 'it has ended; written again it would run again',
  },
  {
    kind: 'omit',
    on: where(resources('secrets'), is('/type', 'kubernetes.io/service-account-token')),
    origin: 'target',
    report: 'referrers',
    code: 'SERVICE-ACCOUNT-TOKEN',
    why: 'signed for the lost cluster; with a stale uid the token controller deletes it (lab 8)',
  },
  {
    kind: 'omit',
    on: where(resources('secrets'), is('/type', 'bootstrap.kubernetes.io/token')),
    origin: 'target',
    code: 'BOOTSTRAP-TOKEN',
    why: 'lets a machine join the lost cluster',
  },
];

/** Fields that the target says, or that must wait. */
const fields: readonly Rule[] = [
  {
    kind: 'remove',
    on: volumes,
    path: '/spec/claimRef/uid',
    code: 'VOLUME-UNBOUND',
    why: 'a claimRef with a stale uid makes the volume Released; with Delete it is destroyed within 8 s (lab 8)',
  },
  {
    kind: 'remove',
    on: volumes,
    path: '/spec/claimRef/resourceVersion',
    code: 'VOLUME-UNBOUND',
    why: 'belongs to the claim of the lost cluster (lab 8)',
  },
  {
    kind: 'later',
    on: where(volumes, has('/spec/claimRef')),
    path: '/spec/persistentVolumeReclaimPolicy',
    value: 'Retain',
    until: 'bound',
    code: 'VOLUME-RETAINED',
    why: 'until it is bound nothing may delete the volume behind it (lab 8)',
  },
  {
    kind: 'remove',
    on: claims,
    path: annotation('pv.kubernetes.io/bind-completed'),
    code: 'CLAIM-UNBOUND',
    why: 'with it the binder takes the claim for bound and, finding no match, for Lost',
  },
  {
    kind: 'remove',
    on: claims,
    path: annotation('pv.kubernetes.io/bound-by-controller'),
    code: 'CLAIM-UNBOUND',
    why: 'the binder writes it anew',
  },
  {
    kind: 'remove',
    on: claims,
    path: annotation('volume.kubernetes.io/selected-node'),
    code: 'OF-THE-MACHINES',
    why: 'names a machine of the lost cluster',
  },
  {
    kind: 'remove',
    on: where(jobs, not(is('/spec/manualSelector', true))),
    path: '/spec/selector',
    code: 'JOB-SELECTOR',
    why: "the server makes it from the Job's own uid and refuses another",
  },
  ...['/metadata/labels', '/spec/template/metadata/labels'].flatMap((labels): Rule[] =>
    ['controller-uid', 'batch.kubernetes.io~1controller-uid'].map((name) => ({
      kind: 'remove',
      on: where(jobs, not(is('/spec/manualSelector', true))),
      path: `${labels}/${name}`,
      code: 'JOB-SELECTOR',
      why: "the server makes it from the Job's own uid and refuses another",
    })),
  ),
  {
    kind: 'later',
    on: where(jobs, finished),
    path: '/spec/suspend',
    value: true,
    until: 'status',
    code: 'FINISHED-JOB',
    why: 'written without its status a finished Job runs again (lab 8)',
  },
  {
    kind: 'status',
    on: where(jobs, finished),
    keep: true,
    code: 'FINISHED-JOB',
    why: 'the final condition is what keeps it from running, and what GitOps tools look at',
  },
  {
    kind: 'later',
    on: resources('cronjobs.batch'),
    path: '/spec/suspend',
    value: true,
    until: 'released',
    code: 'SCHEDULE-HELD',
    why: 'nothing may be started by the clock before everything is back',
  },
  {
    kind: 'later',
    on: resources('deployments.apps'),
    path: '/spec/paused',
    value: true,
    until: 'children',
    code: 'ROLLOUT-HELD',
    why: 'its captured ReplicaSets must be there before it looks for one (lab 8: else one Pod too many)',
  },
  {
    kind: 'remove',
    on: pods,
    path: '/spec/nodeName',
    code: 'OF-THE-MACHINES',
    why: 'names a machine of the lost cluster; the scheduler chooses',
  },
  {
    kind: 'remove',
    on: pods,
    path: '/spec/ephemeralContainers',
    code: 'EPHEMERAL-CONTAINERS',
    why: 'refused at creation',
  },
  {
    kind: 'unlist',
    on: resources('serviceaccounts'),
    path: '/secrets',
    to: 'secrets' as never,
    code: 'TOKEN-OF-SERVICE-ACCOUNT',
    why: 'the token it names is not brought back',
  },
  {
    kind: 'yield',
    on: services,
    path: '/spec/clusterIP',
    code: 'SERVICE-IP-TAKEN',
    why: 'the address is not free in the target: it gets another',
  },
  {
    kind: 'yield',
    on: services,
    path: '/spec/clusterIPs',
    code: 'SERVICE-IP-TAKEN',
    why: 'the address is not free in the target: it gets another',
  },
  {
    kind: 'yield',
    on: services,
    path: '/spec/ports/*/nodePort',
    code: 'NODE-PORT-TAKEN',
    why: 'the port is not free in the target: it gets another',
  },
  {
    kind: 'yield',
    on: services,
    path: '/spec/healthCheckNodePort',
    code: 'NODE-PORT-TAKEN',
    why: 'the port is not free in the target: it gets another',
  },
  {
    kind: 'ignore',
    on: resources('controllerrevisions.apps'),
    path: '/revision',
    code: 'REVISION-NUMBER',
    why: 'a controller that was faster numbers it from 1 and renumbers it by itself',
  },
  {
    kind: 'ignore',
    on: resources('deployments.apps', 'replicasets.apps'),
    path: annotation('deployment.kubernetes.io/revision'),
    code: 'REVISION-NUMBER',
    why: 'the controller renumbers it by itself',
  },
  {
    kind: 'ignore',
    on: resources('namespaces'),
    path: '/spec/finalizers',
    code: 'NAMESPACE-FINALIZER',
    why: 'the server sets it',
  },
  { kind: 'ignore', on: volumes, path: '/spec/claimRef', code: 'VOLUME-BINDING', why: 'the binder fills it in' },
  {
    kind: 'ignore',
    on: volumes,
    path: '/spec/persistentVolumeReclaimPolicy',
    code: 'VOLUME-BINDING',
    why: 'held at Retain until bound',
  },
  { kind: 'ignore', on: claims, path: '/spec/volumeName', code: 'VOLUME-BINDING', why: 'the binder fills it in' },
  {
    kind: 'ignore',
    on: { resources: [...(webhooks.resources ?? [])] },
    path: '/webhooks/*/clientConfig/caBundle',
    code: 'CA-BUNDLE',
    why: 'injected by the operator at its start',
  },
];

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

/** The namespace whose UID is the cluster's fingerprint: other objects mention it as the id of their cluster. */
export const FINGERPRINT_OBJECT = 'namespaces/kube-system' as KeyText;
