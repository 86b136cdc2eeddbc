import type { MutableJsonObject } from '../../../../src/objects/json.ts';

type Body = MutableJsonObject;
/** An object of a kind; `rest` beside apiVersion, kind and metadata. */
export const object = (apiVersion: string, kind: string, name: string, rest: Body = {}, metadata: Body = {}): Body => ({
  apiVersion,
  kind,
  metadata: { name, ...metadata },
  ...rest,
});
export const pod = (extra: Body = {}, container: Body = {}): Body => ({
  containers: [{ name: 'main', image: 'app', ...container }],
  ...extra,
});
export const template = (spec: Body = pod(), labels: Body = { app: 'a' }): Body => ({ metadata: { labels }, spec });
export const selector: Body = { matchLabels: { app: 'a' } };
export const richPod = pod(
  {
    volumes: [
      { name: 'none' },
      { name: 'cm', configMap: { name: 'c', items: [{ key: 'a', path: 'b' }] } },
      { name: 'sec', secret: { secretName: 's', optional: false } },
      { name: 'host', hostPath: { path: '/tmp' } },
      { name: 'empty', emptyDir: { medium: 'Memory', sizeLimit: '1024Mi' } },
      { name: 'down', downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'metadata.name' } }] } },
      { name: 'all', projected: { sources: [{ configMap: { name: 'x' } }, { serviceAccountToken: { path: 't' } }] } },
      { name: 'claim', persistentVolumeClaim: { claimName: 'pvc', readOnly: false } },
      {
        name: 'eph',
        ephemeral: {
          volumeClaimTemplate: {
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        },
      },
      { name: 'nfs', nfs: { server: 's', path: '/p' } },
    ],
    initContainers: [{ name: 'first', image: 'app:1', restartPolicy: 'Always', resources: {} }],
    serviceAccountName: 'sa',
    nodeSelector: { a: 'b' },
    tolerations: [{ key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
    hostNetwork: false,
    automountServiceAccountToken: false,
    securityContext: { runAsUser: 0, fsGroup: 5 },
    imagePullSecrets: [{ name: 'p' }],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'zone',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'a' } },
      },
    ],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, podAffinityTerm: { topologyKey: 'h', labelSelector: {} } },
        ],
      },
    },
    priority: null,
    dnsConfig: { options: [{ name: 'ndots', value: '1' }] },
  },
  {
    image: 'reg.example:5000/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    ports: [{ containerPort: 80 }, { name: 'u', containerPort: 53, protocol: 'UDP', hostPort: 0 }],
    env: [
      { name: 'A', value: '' },
      { name: 'B', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'C', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      { name: 'D', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
    ],
    envFrom: [{ configMapRef: { name: 'c' } }],
    resources: { limits: { cpu: '1000m', memory: '1024Mi' }, requests: { cpu: 0.5, 'ephemeral-storage': '1e3' } },
    livenessProbe: { httpGet: { port: 80 } },
    readinessProbe: { exec: { command: ['x'] }, timeoutSeconds: 0 },
    startupProbe: { grpc: { port: 5 } },
    lifecycle: { preStop: { httpGet: { port: 'u' } } },
    volumeMounts: [{ name: 'cm', mountPath: '/c', readOnly: false }],
    args: [],
    stdin: false,
  },
);
export const webhook = (extra: Body = {}): Body => ({
  name: 'a.b.c',
  clientConfig: { service: { name: 's', namespace: 'n' } },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
  ...extra,
});
export const rbac = 'rbac.authorization.k8s.io/v1';
export const network = 'networking.k8s.io/v1';
export const storage = 'storage.k8s.io/v1';
export const job = { template: { spec: pod({ restartPolicy: 'Never' }) } };
export const ports = [{ port: 80 }];
