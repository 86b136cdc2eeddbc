import type { MutableJsonObject } from '../../../../src/objects/json.ts';
import { object, pod, selector, template } from './parts.ts';

type Body = MutableJsonObject;
const podOf = (extra: Body, container: Body = {}): Body => object('v1', 'Pod', 'bad', { spec: pod(extra, container) });
const deployment = (spec: Body): Body => object('apps/v1', 'Deployment', 'bad', { spec });
const map = (metadata: Body): Body => object('v1', 'ConfigMap', 'bad', {}, metadata);
const cron = (schedule: string): Body =>
  object('batch/v1', 'CronJob', 'bad', {
    spec: { schedule, jobTemplate: { spec: { template: { spec: pod({ restartPolicy: 'Never' }) } } } },
  });
const rbac = 'rbac.authorization.k8s.io/v1';

/** Pods, workloads and policies that the server refuses. */
export const REFUSED_WORK: Readonly<Record<string, Body>> = {
  'no containers': object('v1', 'Pod', 'bad', { spec: {} }),
  'no spec': object('v1', 'Pod', 'bad'),
  'container name': podOf({}, { name: 'A' }),
  'container without name': podOf({}, { name: '' }),
  'container without image': podOf({}, { image: '' }),
  'containers twice': podOf({
    containers: [
      { name: 'a', image: 'x' },
      { name: 'a', image: 'x' },
    ],
  }),
  'restart policy': podOf({ restartPolicy: 'X' }),
  'dns policy': podOf({ dnsPolicy: 'X' }),
  'pull policy': podOf({}, { imagePullPolicy: 'X' }),
  'container port': podOf(
    {},
    { ports: [{ containerPort: 0 }, { containerPort: 70000, name: 'too_long_a_name_for_it' }] },
  ),
  'port protocol of a container': podOf({}, { ports: [{ containerPort: 1, protocol: 'X' }] }),
  'host ports twice': podOf(
    {},
    {
      ports: [
        { containerPort: 1, hostPort: 5 },
        { containerPort: 2, hostPort: 5 },
      ],
    },
  ),
  'env name': podOf({}, { env: [{ name: '' }, { name: 'a=b' }] }),
  'env source': podOf(
    {},
    {
      env: [
        { name: 'A', valueFrom: {} },
        { name: 'B', value: 'x', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      ],
    },
  ),
  'env field path': podOf({}, { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.x' } } }] }),
  'env from': podOf({}, { envFrom: [{}] }),
  'mount of nothing': podOf({}, { volumeMounts: [{ name: 'x', mountPath: '' }] }),
  'mounts twice': podOf(
    { volumes: [{ name: 'a', emptyDir: {} }] },
    {
      volumeMounts: [
        { name: 'a', mountPath: '/x' },
        { name: 'a', mountPath: '/x' },
      ],
    },
  ),
  'volumes twice': podOf({
    volumes: [
      { name: 'a', emptyDir: {} },
      { name: 'a', emptyDir: {} },
    ],
  }),
  'volume of two kinds': podOf({ volumes: [{ name: 'a', emptyDir: {}, secret: { secretName: 's' } }] }),
  'volume without claim': podOf({ volumes: [{ name: 'A', persistentVolumeClaim: { claimName: '' } }] }),
  'host path absent': podOf({ volumes: [{ name: 'a', hostPath: { path: '' } }] }),
  'requests over limits': podOf({}, { resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } }),
  'negative request': podOf({}, { resources: { requests: { cpu: '-1' } } }),
  'unknown resource': podOf({}, { resources: { requests: { foo: '1' } } }),
  'no quantity': podOf({}, { resources: { requests: { cpu: 'abc' } } }),
  'probe without handler': podOf({}, { livenessProbe: {} }),
  'probe success': podOf({}, { livenessProbe: { tcpSocket: { port: 1 }, successThreshold: 2 } }),
  'probe port': podOf({}, { readinessProbe: { httpGet: { port: 0 } } }),
  'init probe': podOf({ initContainers: [{ name: 'i', image: 'x', livenessProbe: { exec: { command: ['a'] } } }] }),
  toleration: podOf({
    tolerations: [{ operator: 'X' }, { key: 'a', effect: 'Y' }, { operator: 'Exists', value: 'x' }],
  }),
  'node selector': podOf({ nodeSelector: { 'a b': '' } }),
  'node name': podOf({ nodeName: 'A_' }),
  'service account name': podOf({ serviceAccountName: 'A_' }),
  hostname: podOf({ hostname: 'A.b', subdomain: 'x_y' }),
  deadline: podOf({ activeDeadlineSeconds: 0 }),
  'replicas text': deployment({ replicas: 'x', selector, template: template() }),
  'replicas negative': deployment({ replicas: -1, selector, template: template() }),
  'replicas broken': deployment({ replicas: 1.5, selector, template: template() }),
  'selector absent': deployment({ template: template() }),
  'selector empty': deployment({ selector: {}, template: template() }),
  'selector does not match': deployment({ selector, template: template(pod(), { app: 'b', x: 'y' }) }),
  'selector without labels': deployment({ selector, template: { spec: pod() } }),
  'selector operator': deployment({
    selector: { matchExpressions: [{ key: 'a', operator: 'X' }] },
    template: template(),
  }),
  'template without containers': deployment({ selector, template: { metadata: { labels: { app: 'a' } } } }),
  'template restart': deployment({ selector, template: template(pod({ restartPolicy: 'Never' })) }),
  'strategy type': deployment({ selector, template: template(), strategy: { type: 'X' } }),
  'strategy recreate': deployment({
    selector,
    template: template(),
    strategy: { type: 'Recreate', rollingUpdate: {} },
  }),
  'strategy zero': deployment({
    selector,
    template: template(),
    strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
  }),
  'strategy percent': deployment({
    selector,
    template: template(),
    strategy: { rollingUpdate: { maxSurge: 'x', maxUnavailable: '101%' } },
  }),
  'progress deadline': deployment({ selector, template: template(), minReadySeconds: 10, progressDeadlineSeconds: 10 }),
  'empty deployment': object('apps/v1', 'Deployment', 'bad'),
  'empty replica set': object('apps/v1', 'ReplicaSet', 'bad'),
  'empty stateful set': object('apps/v1', 'StatefulSet', 'bad'),
  'empty daemon set': object('apps/v1', 'DaemonSet', 'bad'),
  'empty job': object('batch/v1', 'Job', 'bad'),
  'empty cron job': object('batch/v1', 'CronJob', 'bad'),
  'stateful set service name': object('apps/v1', 'StatefulSet', 'bad', {
    spec: { selector, serviceName: 'A', template: template(), podManagementPolicy: 'X', updateStrategy: { type: 'Y' } },
  }),
  'stateful set claim': object('apps/v1', 'StatefulSet', 'bad', {
    spec: { selector, template: template(), volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: {} }] },
  }),
  'job restart': object('batch/v1', 'Job', 'bad', { spec: { template: { spec: pod() } } }),
  'job selector': object('batch/v1', 'Job', 'bad', {
    spec: { selector, template: template(pod({ restartPolicy: 'Never' })) },
  }),
  'job parallelism': object('batch/v1', 'Job', 'bad', {
    spec: {
      parallelism: -1,
      backoffLimit: -1,
      completionMode: 'X',
      template: { spec: pod({ restartPolicy: 'Never' }) },
    },
  }),
  'cron words': cron('every day'),
  'cron range': cron('60 * * * *'),
  'cron step': cron('*/0 * * * *'),
  'cron letters': cron('a * * * *'),
  'cron descriptor': cron('@never'),
  'cron zone': cron('TZ=UTC * * * * *'),
  'claim without anything': object('v1', 'PersistentVolumeClaim', 'bad', { spec: {} }),
  'claim mode': object('v1', 'PersistentVolumeClaim', 'bad', {
    spec: { accessModes: ['X'], volumeMode: 'Y', resources: { requests: { storage: '0' } } },
  }),
  'volume without anything': object('v1', 'PersistentVolume', 'bad', { spec: {} }),
  'volume of two sources': object('v1', 'PersistentVolume', 'bad', {
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi', x: '1' },
      hostPath: { path: '' },
      nfs: { server: 's', path: '/p' },
    },
  }),
  'storage class': object('storage.k8s.io/v1', 'StorageClass', 'bad', {
    reclaimPolicy: 'Recycle',
    volumeBindingMode: 'X',
  }),
  'role rule': object(rbac, 'Role', 'bad', { rules: [{ verbs: [] }, { nonResourceURLs: ['/x'], verbs: ['get'] }] }),
  'role name': object(rbac, 'Role', 'a%b', {}),
  'binding without role': object(rbac, 'RoleBinding', 'bad', {}),
  'binding subject': object(rbac, 'ClusterRoleBinding', 'bad', {
    roleRef: { kind: 'Role', name: 'x' },
    subjects: [
      { kind: 'ServiceAccount', name: 'a' },
      { kind: 'X', name: '' },
    ],
  }),
  'empty ingress': object('networking.k8s.io/v1', 'Ingress', 'bad', {}),
  'ingress path': object('networking.k8s.io/v1', 'Ingress', 'bad', {
    spec: {
      rules: [
        {
          host: '1.2.3.4',
          http: {
            paths: [
              { path: 'x', pathType: 'Prefix', backend: {} },
              { backend: { service: { name: 's', port: { number: 1 } } } },
            ],
          },
        },
      ],
    },
  }),
  'network policy': object('networking.k8s.io/v1', 'NetworkPolicy', 'bad', {
    spec: { podSelector: {}, policyTypes: ['X'], ingress: [{ from: [{}, { ipBlock: { cidr: 'x' } }] }] },
  }),
  budget: object('policy/v1', 'PodDisruptionBudget', 'bad', { spec: { minAvailable: -1 } }),
  'budget percent': object('policy/v1', 'PodDisruptionBudget', 'bad', { spec: { maxUnavailable: '101%' } }),
  autoscaler: object('autoscaling/v2', 'HorizontalPodAutoscaler', 'bad', { spec: { maxReplicas: 0, minReplicas: 0 } }),
  quota: object('v1', 'ResourceQuota', 'bad', { spec: { hard: { foo: '1', pods: '0.5' } } }),
  'priority class': object('scheduling.k8s.io/v1', 'PriorityClass', 'bad', { value: 2000000000 }),
  lease: object('coordination.k8s.io/v1', 'Lease', 'bad', { spec: { leaseDurationSeconds: 0 } }),
  'webhook name': object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'bad', {
    webhooks: [{ name: 'a', clientConfig: {}, admissionReviewVersions: [] }],
  }),
  endpoints: object('v1', 'Endpoints', 'bad', { subsets: [{ ports: [{ port: 0 }] }] }),
  'endpoint slice': object('discovery.k8s.io/v1', 'EndpointSlice', 'bad', { endpoints: [], addressType: 'X' }),
  revision: object('apps/v1', 'ControllerRevision', 'bad', { revision: -1 }),
  'event elsewhere': object('v1', 'Event', 'bad', { involvedObject: { namespace: 'x' } }),
  'time that is none': map({ annotations: { a: 'b' }, creationTimestamp: 'yesterday' }),
  'containers an object': podOf({ containers: { name: 'a' } }),
  'flag a text': podOf({ hostNetwork: 'yes' }),
};
