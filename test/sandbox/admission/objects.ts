import type { Case } from '../access/requests.ts';

/** A case, and milliseconds to wait before it: for controllers to act on what came before. */
export interface AdmissionCase extends Case {
  readonly wait?: number;
}

export const send = (method: Case['method'], path: string, body?: object, wait?: number): AdmissionCase => ({
  as: 'admin',
  method,
  path,
  ...(body === undefined ? {} : { body }),
  ...(wait === undefined ? {} : { wait }),
  ...(method === 'PATCH' ? { headers: { 'content-type': 'application/merge-patch+json' } } : {}),
});
export const namespace = (name: string, labels: Record<string, string> = {}): AdmissionCase =>
  send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
export const core = (
  ns: string,
  plural: string,
  kind: string,
  name: string,
  more: object,
  wait?: number,
): AdmissionCase =>
  send('POST', `/api/v1/namespaces/${ns}/${plural}`, { apiVersion: 'v1', kind, metadata: { name }, ...more }, wait);
export const container = (more: object = {}): object => ({ name: 'c', image: 'i', ...more });
export const pod = (ns: string, name: string, spec: object = {}, wait?: number): AdmissionCase =>
  core(ns, 'pods', 'Pod', name, { spec: { containers: [container()], ...spec } }, wait);
export const sized = (requests: object, limits: object): object => ({
  containers: [container({ resources: { requests, limits } })],
});
export const level = (mode: string): string => `pod-security.kubernetes.io/${mode}`;
export const claim = (ns: string, name: string, storage: string, more: object = {}): AdmissionCase =>
  core(ns, 'persistentvolumeclaims', 'PersistentVolumeClaim', name, {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...more },
  });
export const group = (path: string, apiVersion: string, kind: string, name: string, more: object): AdmissionCase =>
  send('POST', path, { apiVersion, kind, metadata: { name }, ...more });
export const RULES = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }];
export const HOOKS = '/apis/admissionregistration.k8s.io/v1';
export const hook = (
  name: string,
  ns: string,
  clientConfig: object,
  more: object = {},
  mutating = false,
): AdmissionCase =>
  group(
    `${HOOKS}/${mutating ? 'mutating' : 'validating'}webhookconfigurations`,
    'admissionregistration.k8s.io/v1',
    mutating ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration',
    name,
    {
      webhooks: [
        {
          name: `${name}.example.com`,
          clientConfig,
          rules: RULES,
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 1,
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': ns } },
          ...more,
        },
      ],
    },
  );
export const configMap = (ns: string, name: string, wait?: number, query = ''): AdmissionCase =>
  send(
    'POST',
    `/api/v1/namespaces/${ns}/configmaps${query}`,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
    wait,
  );
export const HARDENED = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [container({ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } })],
};
export const EVIL = {
  hostNetwork: true,
  hostPID: true,
  securityContext: {
    runAsUser: 0,
    sysctls: [{ name: 'kernel.msgmax', value: '1' }],
    seLinuxOptions: { user: 'u', type: 'bad_t' },
  },
  volumes: [
    { name: 'h', hostPath: { path: '/' } },
    { name: 'n', nfs: { server: 's', path: '/' } },
  ],
  initContainers: [container({ name: 'init', securityContext: { privileged: true } })],
  containers: [
    container({
      ports: [{ containerPort: 80, hostPort: 80 }],
      securityContext: {
        capabilities: { add: ['SYS_ADMIN', 'NET_RAW'] },
        seccompProfile: { type: 'Unconfined' },
        appArmorProfile: { type: 'Unconfined' },
        runAsNonRoot: false,
      },
      livenessProbe: { httpGet: { port: 80, host: 'example.com' } },
    }),
  ],
};
export const template = (spec: object): object => ({
  selector: { matchLabels: { a: 'b' } },
  template: { metadata: { labels: { a: 'b' } }, spec },
});
export const deployment = (ns: string, name: string, spec: object): AdmissionCase =>
  group(`/apis/apps/v1/namespaces/${ns}/deployments`, 'apps/v1', 'Deployment', name, {
    spec: { replicas: 0, ...template(spec) },
  });
