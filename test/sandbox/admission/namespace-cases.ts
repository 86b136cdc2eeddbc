import {
  type AdmissionCase,
  claim,
  configMap,
  container,
  core,
  group,
  namespace,
  pod,
  send,
  sized,
} from './objects.ts';

/** Namespaces, accounts, priorities, limits, quotas. */
export const NAMESPACE_CASES: readonly AdmissionCase[] = [
  configMap('nowhere', 'a'),
  send('DELETE', '/api/v1/namespaces/default'),
  send('DELETE', '/api/v1/namespaces/kube-system'),
  namespace('doomed'),
  core('doomed', 'configmaps', 'ConfigMap', 'held', { metadata: { name: 'held', finalizers: ['example.com/held'] } }),
  send('DELETE', '/api/v1/namespaces/doomed'),
  configMap('doomed', 'late'),
  send('POST', '/api/v1/namespaces/doomed/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { generateName: 'late-' },
  }),
  // ServiceAccounts.
  namespace('sa'),
  pod('sa', 'plain', {}, 300),
  pod('sa', 'stranger', { serviceAccountName: 'missing' }),
  core('sa', 'serviceaccounts', 'ServiceAccount', 'robot', {
    automountServiceAccountToken: false,
    imagePullSecrets: [{ name: 'p' }],
  }),
  pod('sa', 'robots', { serviceAccountName: 'robot' }, 100),
  pod('sa', 'robots-mount', {
    serviceAccountName: 'robot',
    automountServiceAccountToken: true,
    initContainers: [container({ name: 'i' })],
  }),
  core('sa', 'pods', 'Pod', 'mirror', {
    metadata: { name: 'mirror', annotations: { 'kubernetes.io/config.mirror': 'x' } },
    spec: { serviceAccountName: 'robot', containers: [container()] },
  }),
  // Priority, runtime class, tolerations.
  pod('sa', 'p1', { priorityClassName: 'missing' }),
  pod('sa', 'p2', { priorityClassName: 'system-node-critical' }),
  pod('sa', 'p3', { priority: 5 }),
  group('/apis/scheduling.k8s.io/v1/priorityclasses', 'scheduling.k8s.io/v1', 'PriorityClass', 'high', {
    value: 1000,
    preemptionPolicy: 'Never',
  }),
  pod('sa', 'p4', { priorityClassName: 'high' }, 200),
  pod('sa', 'p5', { priorityClassName: 'high', preemptionPolicy: 'PreemptLowerPriority' }),
  group('/apis/scheduling.k8s.io/v1/priorityclasses', 'scheduling.k8s.io/v1', 'PriorityClass', 'usual', {
    value: 7,
    globalDefault: true,
  }),
  group('/apis/scheduling.k8s.io/v1/priorityclasses', 'scheduling.k8s.io/v1', 'PriorityClass', 'usual-2', {
    value: 8,
    globalDefault: true,
  }),
  pod('sa', 'p6', {}, 200),
  send('DELETE', '/apis/scheduling.k8s.io/v1/priorityclasses/usual'),
  pod('sa', 'r1', { runtimeClassName: 'missing' }, 200),
  pod('sa', 'r2', { overhead: { cpu: '1' } }),
  group('/apis/node.k8s.io/v1/runtimeclasses', 'node.k8s.io/v1', 'RuntimeClass', 'vm', {
    handler: 'vm',
    overhead: { podFixed: { cpu: '250m' } },
    scheduling: { nodeSelector: { vm: 'yes' }, tolerations: [{ key: 'vm', operator: 'Exists' }] },
  }),
  pod('sa', 'r3', { runtimeClassName: 'vm', nodeSelector: { a: 'b' } }, 200),
  pod('sa', 'r4', { runtimeClassName: 'vm', nodeSelector: { vm: 'no' } }),
  pod('sa', 'r5', { runtimeClassName: 'vm', overhead: { cpu: '1' } }),
  group('/api/v1/nodes', 'v1', 'Node', 'n1', {}),
  // LimitRanges.
  namespace('limited'),
  core('limited', 'limitranges', 'LimitRange', 'l', {
    spec: {
      limits: [
        {
          type: 'Container',
          default: { cpu: '500m', memory: '512Mi' },
          defaultRequest: { cpu: '100m' },
          min: { cpu: '50m' },
          max: { cpu: '1' },
          maxLimitRequestRatio: { memory: '2' },
        },
        { type: 'Pod', max: { cpu: '1500m' } },
        { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '10Gi' } },
      ],
    },
  }),
  pod('limited', 'defaults', {}, 300),
  pod('limited', 'small', sized({ cpu: '10m', memory: '1Mi' }, { cpu: '500m', memory: '1Mi' })),
  pod('limited', 'large', sized({ cpu: '2', memory: '1Mi' }, { cpu: '3', memory: '1Mi' })),
  pod('limited', 'ratio', sized({ cpu: '100m', memory: '100Mi' }, { cpu: '200m', memory: '300Mi' })),
  pod('limited', 'sum', {
    containers: [0, 1].map((n) =>
      container({
        name: `c${n}`,
        resources: { requests: { cpu: '1', memory: '1' }, limits: { cpu: '1', memory: '1' } },
      }),
    ),
  }),
  claim('limited', 'tiny', '1Mi'),
  claim('limited', 'huge', '100Gi'),
  claim('limited', 'right', '2048Mi'),
  // Quotas.
  namespace('counted'),
  core(
    'counted',
    'resourcequotas',
    'ResourceQuota',
    'q',
    {
      spec: {
        hard: {
          'count/configmaps': '3',
          secrets: '1',
          'requests.cpu': '1',
          'limits.memory': '1Gi',
          pods: '2',
          'services.nodeports': '1',
          services: '2',
          'requests.storage': '3Gi',
          persistentvolumeclaims: '2',
        },
      },
    },
    300,
  ),
  configMap('counted', 'one', 700),
  configMap('counted', 'two'),
  pod('counted', 'unsized'),
  pod('counted', 'fits', sized({ cpu: '600m', memory: '100Mi' }, { cpu: '1', memory: '500Mi' })),
  pod('counted', 'beyond', sized({ cpu: '600m', memory: '100Mi' }, { cpu: '1', memory: '600Mi' })),
  core('counted', 'services', 'Service', 'np', {
    spec: {
      type: 'NodePort',
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 81 },
      ],
    },
  }),
  core('counted', 'secrets', 'Secret', 's1', {}),
  core('counted', 'secrets', 'Secret', 's2', {}),
  claim('counted', 'c1', '2Gi'),
  claim('counted', 'c2', '2Gi'),
  configMap('counted', 'dry', 0, '?dryRun=All'),
  send('GET', '/api/v1/namespaces/counted/resourcequotas/q', undefined, 300),
  send('DELETE', '/api/v1/namespaces/counted/configmaps/one'),
  send('GET', '/api/v1/namespaces/counted/resourcequotas/q', undefined, 6500),
  namespace('scoped'),
  core('scoped', 'resourcequotas', 'ResourceQuota', 'best', { spec: { hard: { pods: '1' }, scopes: ['BestEffort'] } }),
  core('scoped', 'resourcequotas', 'ResourceQuota', 'high', {
    spec: {
      hard: { pods: '0' },
      scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] },
    },
  }),
  pod('scoped', 'a', {}, 700),
  pod('scoped', 'b'),
  pod('scoped', 'c', sized({ cpu: '1' }, { cpu: '1' })),
  pod('scoped', 'd', { ...sized({ cpu: '1' }, { cpu: '1' }), priorityClassName: 'high' }),
];
