import { all, annotation, any, has, is, label, matches, where } from './claims.ts';
import { apiServices, bindings, finished, flow, jobs, pods, roles, services } from './core-kinds.ts';
import { apiServer, controllerManager } from './core-managers.ts';
import { named, type Rule, resources } from './language.ts';

/** What the target makes by itself, and objects whose makers make them again. */
export const notWritten: readonly Rule[] = [
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
    empty: true,
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
  {
    kind: 'omit',
    on: where(jobs, all(finished, has('/spec/ttlSecondsAfterFinished'))),
    origin: 'nowhere',
    code: 'JOB-PAST-ITS-TIME',
    why: 'it has ended and its time to live runs from its end: the controller would delete it again',
  },
];
