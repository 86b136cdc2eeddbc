import type { MutableJsonObject } from '../../../../src/objects/json.ts';
import { network, object, rbac, selector, storage, webhook } from './parts.ts';

/** Volumes, networks, permissions and policies that the server takes. */
export const CREATES_POLICY: Readonly<Record<string, MutableJsonObject>> = {
  claim: object('v1', 'PersistentVolumeClaim', 'pvc', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '0.5Gi' } } },
  }),
  'claim from a claim': object('v1', 'PersistentVolumeClaim', 'pvc2', {
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: '',
      dataSource: { kind: 'PersistentVolumeClaim', name: 'x' },
      resources: { requests: { storage: '1500M' } },
    },
    status: { phase: 'Bound' },
  }),
  'claim from a snapshot': object('v1', 'PersistentVolumeClaim', 'pvc3', {
    spec: {
      accessModes: ['ReadWriteOnce'],
      dataSourceRef: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'x' },
      volumeName: 'v',
      resources: { requests: { storage: '1500000000' } },
    },
  }),
  volume: object('v1', 'PersistentVolume', 'pv', {
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/a' } },
  }),
  'csi volume': object('v1', 'PersistentVolume', 'pv2', {
    spec: {
      accessModes: ['ReadWriteMany'],
      capacity: { storage: '10Gi' },
      csi: { driver: 'd', volumeHandle: 'h' },
      claimRef: { name: 'x', namespace: 'y' },
      persistentVolumeReclaimPolicy: 'Delete',
    },
    status: { phase: 'Bound' },
  }),
  'storage class': object(storage, 'StorageClass', 'sc', { provisioner: 'a/b' }),
  'csi driver': object(storage, 'CSIDriver', 'drv', { spec: {} }),
  'csi node': object(storage, 'CSINode', 'node', { spec: { drivers: [] } }),
  'volume attachment': object(storage, 'VolumeAttachment', 'va', {
    spec: { attacher: 'x', nodeName: 'n', source: { persistentVolumeName: 'v' } },
  }),
  ingress: object(network, 'Ingress', 'i', {
    spec: {
      rules: [
        {
          host: 'a.b',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 80 } } } }],
          },
        },
      ],
      tls: [{ hosts: ['a.b'] }],
    },
  }),
  'ingress class': object(network, 'IngressClass', 'ic', {
    spec: { controller: 'a.b/c', parameters: { kind: 'K', name: 'n' } },
  }),
  'network policy': object(network, 'NetworkPolicy', 'np', {
    spec: {
      podSelector: {},
      ingress: [{}],
      egress: [{ ports: [{ port: 53 }], to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
    },
  }),
  'deny all': object(network, 'NetworkPolicy', 'np2', { spec: { podSelector: null, ingress: [] } }),
  role: object(rbac, 'Role', 'r', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }),
  'role without rules': object(rbac, 'Role', 'r2', { rules: [] }),
  'role with odd name': object(rbac, 'Role', 'system:a_B', {}),
  'cluster role': object(rbac, 'ClusterRole', 'cr', { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] }),
  'aggregated role': object(rbac, 'ClusterRole', 'cr2', {
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
    rules: null,
  }),
  'role binding': object(rbac, 'RoleBinding', 'rb', {
    roleRef: { kind: 'Role', name: 'r' },
    subjects: [
      { kind: 'User', name: 'u' },
      { kind: 'ServiceAccount', name: 's' },
    ],
  }),
  'cluster role binding': object(rbac, 'ClusterRoleBinding', 'crb', {
    roleRef: { kind: 'ClusterRole', name: 'cr', apiGroup: 'rbac.authorization.k8s.io' },
    subjects: [],
  }),
  endpoints: object('v1', 'Endpoints', 'ep', {
    subsets: [{ addresses: [{ ip: '10.1.1.2' }, { ip: '10.1.1.1' }], ports: [{ port: 80 }] }],
  }),
  'empty endpoints': object('v1', 'Endpoints', 'ep2'),
  'endpoint slice': object('discovery.k8s.io/v1', 'EndpointSlice', 'es', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.1.1'] }],
    ports: [{ port: 80 }],
  }),
  'empty endpoint slice': object('discovery.k8s.io/v1', 'EndpointSlice', 'es2', {
    addressType: 'IPv4',
    endpoints: [],
    ports: [],
  }),
  'priority class': object('scheduling.k8s.io/v1', 'PriorityClass', 'pc', { value: 5 }),
  'runtime class': object('node.k8s.io/v1', 'RuntimeClass', 'rc', { handler: 'h' }),
  budget: object('policy/v1', 'PodDisruptionBudget', 'b', { spec: { minAvailable: 1, selector } }),
  'budget in percent': object('policy/v1', 'PodDisruptionBudget', 'b2', {
    spec: { maxUnavailable: '50%', selector: {} },
    status: { disruptionsAllowed: 2 },
  }),
  autoscaler: object('autoscaling/v2', 'HorizontalPodAutoscaler', 'h', {
    spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' } },
  }),
  'autoscaler with behavior': object('autoscaling/v2', 'HorizontalPodAutoscaler', 'h2', {
    spec: {
      maxReplicas: 3,
      scaleTargetRef: { kind: 'Deployment', name: 'd' },
      behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
    },
  }),
  quota: object('v1', 'ResourceQuota', 'q', {
    spec: { hard: { pods: '10', 'requests.cpu': '0.5', 'count/configmaps': 3 } },
  }),
  'limit range': object('v1', 'LimitRange', 'lr', {
    spec: { limits: [{ type: 'Container', max: { cpu: '2' }, min: { memory: '1Mi' } }] },
  }),
  lease: object('coordination.k8s.io/v1', 'Lease', 'l', {
    spec: { holderIdentity: 'x', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.5Z' },
  }),
  'empty lease': object('coordination.k8s.io/v1', 'Lease', 'l2', {}),
  event: object('v1', 'Event', 'e', {
    involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
    reason: 'R',
    type: 'Normal',
    firstTimestamp: '2026-01-01T00:00:00Z',
  }),
  node: object('v1', 'Node', 'n', {
    spec: { podCIDR: '10.2.0.0/24' },
    status: { capacity: { cpu: '4', memory: '8192Mi' } },
  }),
  'mutating webhook': object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'm', {
    webhooks: [webhook({ failurePolicy: 'Ignore', objectSelector: { matchLabels: { never: 'x' } } })],
  }),
  'validating webhook': object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'v', {
    webhooks: [webhook({ failurePolicy: 'Ignore', objectSelector: { matchLabels: { never: 'x' } } })],
  }),
  'no webhooks': object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'v2', { webhooks: [] }),
  'admission policy': object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', 'vap', {
    spec: {
      matchConstraints: {
        resourceRules: [
          { operations: ['CREATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] },
        ],
      },
      validations: [{ expression: 'object.spec.replicas <= 5' }],
    },
  }),
  'policy binding': object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', 'vapb', {
    spec: {
      policyName: 'none',
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: { matchLabels: { a: 'b' } } },
    },
  }),
  'flow schema': object('flowcontrol.apiserver.k8s.io/v1', 'FlowSchema', 'fs', {
    spec: { priorityLevelConfiguration: { name: 'x' } },
  }),
  'priority level': object('flowcontrol.apiserver.k8s.io/v1', 'PriorityLevelConfiguration', 'pl', {
    spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing: {} } } },
  }),
  owners: object(
    'v1',
    'ConfigMap',
    'owned',
    {},
    {
      ownerReferences: [{ apiVersion: 'v1', kind: 'Secret', name: 's', uid: 'u', controller: false }],
      finalizers: ['a.b/c'],
    },
  ),
};
