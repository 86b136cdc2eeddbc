import type { MutableJsonObject } from '../../../../src/objects/json.ts';
import { job, object, pod, ports, richPod, selector, template } from './parts.ts';

/** Core kinds, Services, Pods and workloads that the server takes. */
export const CREATES_WORK: Readonly<Record<string, MutableJsonObject>> = {
  'empty config map': object('v1', 'ConfigMap', 'a'),
  'config map with empties': object(
    'v1',
    'ConfigMap',
    'a2',
    { data: {}, binaryData: null, immutable: false },
    { labels: {}, annotations: null, finalizers: [], creationTimestamp: null, generation: 7 },
  ),
  'config map with data': object('v1', 'ConfigMap', 'a3', { data: { x: '', y: null }, binaryData: { z: 'AAE=' } }),
  secret: object('v1', 'Secret', 's', { stringData: { a: 'b' }, data: { a: 'eA==', c: '' } }),
  'tls secret': object('v1', 'Secret', 's2', { type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' } }),
  namespace: object('v1', 'Namespace', 'n'),
  'namespace with a phase': object('v1', 'Namespace', 'n2', {
    spec: { finalizers: ['example.com/x'] },
    status: { phase: 'Terminating' },
  }),
  'service account': object('v1', 'ServiceAccount', 'sa', {
    secrets: [{ name: 'x' }],
    automountServiceAccountToken: false,
  }),
  service: object('v1', 'Service', 's', { spec: { ports } }),
  'named service': object('v1', 'Service', 's1', { spec: { clusterIP: '10.0.0.10', ports, selector: { a: 'b' } } }),
  'headless service': object('v1', 'Service', 's3', { spec: { clusterIP: 'None', selector: { a: 'b' } } }),
  'headless service without selector': object('v1', 'Service', 's4', { spec: { clusterIP: 'None', ports } }),
  'external name': object('v1', 'Service', 's5', { spec: { type: 'ExternalName', externalName: 'a.b.' } }),
  'node ports': object('v1', 'Service', 's6', {
    spec: {
      type: 'NodePort',
      ports: [
        { name: 'a', port: 53, protocol: 'UDP' },
        { name: 'b', port: 53 },
        { name: 'c', port: 80, targetPort: 'http', nodePort: 30123 },
      ],
    },
  }),
  'load balancer': object('v1', 'Service', 's7', {
    spec: { type: 'LoadBalancer', ports, externalTrafficPolicy: 'Local', sessionAffinity: 'ClientIP' },
    status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
  }),
  'load balancer without ports': object('v1', 'Service', 's8', {
    spec: { type: 'LoadBalancer', ports, allocateLoadBalancerNodePorts: false },
  }),
  'prefers dual stack': object('v1', 'Service', 's9', { spec: { ports, ipFamilyPolicy: 'PreferDualStack' } }),
  'external ips': object('v1', 'Service', 's10', { spec: { ports, externalIPs: ['1.2.3.4'] } }),
  pod: object('v1', 'Pod', 'p', { spec: pod() }),
  'rich pod': object('v1', 'Pod', 'p2', { spec: richPod }, { labels: { a: 'b' } }),
  'guaranteed pod': object('v1', 'Pod', 'p3', {
    spec: pod({}, { resources: { limits: { cpu: '1', memory: '1G' } } }),
    status: { phase: 'Running' },
  }),
  'gated pod': object('v1', 'Pod', 'p4', { spec: pod({ schedulingGates: [{ name: 'a.b/c' }] }) }),
  'host network': object('v1', 'Pod', 'p5', { spec: pod({ hostNetwork: true }, { ports: [{ containerPort: 80 }] }) }),
  'pod template': object('v1', 'PodTemplate', 'pt', { template: template() }),
  'replication controller': object('v1', 'ReplicationController', 'rc', { spec: { template: template() } }),
  deployment: object('apps/v1', 'Deployment', 'd', { spec: { selector, template: template() } }),
  'rich deployment': object('apps/v1', 'Deployment', 'd2', {
    spec: {
      replicas: 0,
      selector,
      template: { metadata: { creationTimestamp: null, labels: { app: 'a' }, annotations: {} }, spec: richPod },
      strategy: { type: 'Recreate' },
      paused: false,
    },
    status: { replicas: 3 },
  }),
  'rolling deployment': object('apps/v1', 'Deployment', 'd3', {
    spec: { selector, template: template(), strategy: { rollingUpdate: { maxSurge: 1 } } },
  }),
  'replica set': object('apps/v1', 'ReplicaSet', 'r', { spec: { selector, template: template() } }),
  'stateful set': object('apps/v1', 'StatefulSet', 's', { spec: { selector, serviceName: 'x', template: template() } }),
  'stateful set with claims': object('apps/v1', 'StatefulSet', 's2', {
    spec: {
      selector,
      serviceName: 'x',
      template: template(pod({}, { volumeMounts: [{ name: 'data', mountPath: '/d' }] })),
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
        },
      ],
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: {} },
    },
  }),
  'daemon set': object('apps/v1', 'DaemonSet', 'ds', { spec: { selector, template: template() } }),
  'controller revision': object('apps/v1', 'ControllerRevision', 'cr', { revision: 1, data: { spec: { a: null } } }),
  job: object('batch/v1', 'Job', 'j', { spec: job, status: { succeeded: 1 } }),
  'indexed job': object('batch/v1', 'Job', 'j2', {
    spec: { ...job, completionMode: 'Indexed', completions: 3, parallelism: 2, backoffLimitPerIndex: 1 },
  }),
  'labelled job': object('batch/v1', 'Job', 'j3', {
    spec: { template: template(pod({ restartPolicy: 'OnFailure' })) },
  }),
  'manual job': object('batch/v1', 'Job', 'j4', {
    spec: { manualSelector: true, selector, template: template(pod({ restartPolicy: 'Never' })) },
  }),
  'cron job': object('batch/v1', 'CronJob', 'cj', { spec: { schedule: '*/5 * * * *', jobTemplate: { spec: job } } }),
};
