import type { AdmissionCase } from './objects.ts';
import type { WebhookServer } from './webhook-server.ts';

const RULES = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }];
const post = (path: string, body: object, wait?: number): AdmissionCase => ({
  as: 'admin',
  method: 'POST',
  path,
  body,
  ...(wait === undefined ? {} : { wait }),
});

interface Wanted {
  readonly path: string;
  readonly mutating?: boolean;
  readonly more?: object;
  readonly query?: string;
  readonly trusted?: boolean;
}
const WANTED: readonly Wanted[] = [
  ...[
    'allow',
    'deny',
    'deny-message',
    'deny-code',
    'deny-reason',
    'other-uid',
    'absent',
    'kind',
    'label',
    'type-only',
  ].map((path) => ({ path })),
  ...['label', 'data', 'bad-add', 'bad-remove', 'bad-replace', 'no-type', 'type-only', 'deny-message', 'allow'].map(
    (path) => ({ path, mutating: true }),
  ),
  ...[400, 401, 404, 500, 503].map((status) => ({ path: `status-${status}` })),
  { path: 'slow' },
  { path: 'slow', more: { failurePolicy: 'Ignore' } },
  { path: 'allow', trusted: false },
  { path: 'deny', more: { failurePolicy: 'Ignore' } },
  { path: 'status-500', more: { failurePolicy: 'Ignore' } },
  { path: 'deny', more: { objectSelector: { matchLabels: { no: 'such' } } } },
  { path: 'deny', more: { matchConditions: [{ name: 'never', expression: "object.metadata.name == 'other'" }] } },
  { path: 'deny', more: { matchConditions: [{ name: 'always', expression: "request.userInfo.username == 'admin'" }] } },
  { path: 'allow', more: { matchConditions: [{ name: 'broken', expression: "object.data.x == 'y'" }] } },
  { path: 'deny', query: '?dryRun=All' },
  { path: 'deny', query: '?dryRun=All', more: { sideEffects: 'NoneOnDryRun' } },
];

/** One namespace, configuration and create for each way in which a webhook may answer. */
export function webhookCases(server: WebhookServer): AdmissionCase[] {
  const spaces = WANTED.map((_, index) =>
    post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `hook-${index}` } }),
  );
  const hooks = WANTED.map(({ path, mutating = false, more = {}, trusted = true }, index) =>
    post(`/apis/admissionregistration.k8s.io/v1/${mutating ? 'mutating' : 'validating'}webhookconfigurations`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: mutating ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration',
      metadata: { name: `hook-${index}` },
      webhooks: [
        {
          name: `hook-${index}.example.com`,
          clientConfig: { url: `${server.url}/${path}`, ...(trusted ? { caBundle: server.caBundle } : {}) },
          rules: RULES,
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 1,
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': `hook-${index}` } },
          ...more,
        },
      ],
    }),
  );
  const creates = WANTED.map(({ query = '' }, index) =>
    post(
      `/api/v1/namespaces/hook-${index}/configmaps${query}`,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
      index === 0 ? 1500 : undefined,
    ),
  );
  return [...spaces, ...hooks, ...creates];
}
