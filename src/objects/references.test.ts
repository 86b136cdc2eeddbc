import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { KubeObject } from './json.ts';
import { keyText } from './key.ts';
import { getAt } from './pointer.ts';
import { type ResourceOf, referencesOf } from './references.ts';

const object = (apiVersion: string, kind: string, body: Record<string, unknown>, namespace?: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'it', ...(namespace === undefined ? {} : { namespace }) },
  ...body,
});
/** Targets as texts, `?` before an optional one; each path must lead to the name. */
function targets(it: KubeObject, resourceOf?: ResourceOf): string[] {
  return referencesOf(it, resourceOf).map(({ path, target, optional, reason }) => {
    assert.equal(getAt(it, path), target.name, path);
    assert.match(reason, /^[a-z]/);
    return (optional ? '?' : '') + keyText(target);
  });
}

const podSpec = {
  serviceAccountName: 'runner',
  priorityClassName: 'high',
  runtimeClassName: 'gvisor',
  imagePullSecrets: [{ name: 'pull' }],
  initContainers: [{ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'init', key: 'k' } } }] }],
  containers: [
    {
      env: [
        { name: 'PLAIN', value: 'x' },
        { valueFrom: { configMapKeyRef: { name: 'env', key: 'k', optional: true } } },
      ],
      envFrom: [{ secretRef: { name: 'all' } }, { configMapRef: { name: 'conf' } }],
    },
  ],
  volumes: [
    { name: 'a', secret: { secretName: 'vol', optional: true } },
    { name: 'b', configMap: { name: 'files' } },
    {
      name: 'c',
      projected: {
        sources: [
          { secret: { name: 'p1' } },
          { configMap: { name: 'p2', optional: true } },
          { serviceAccountToken: {} },
        ],
      },
    },
    { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
    { name: 'e', csi: { driver: 'x', nodePublishSecretRef: { name: 'csi' } } },
    { name: 'f', ephemeral: { volumeClaimTemplate: { spec: { storageClassName: 'fast' } } } },
    { name: 'g', emptyDir: {} },
  ],
};
const ofPod = [
  'serviceaccounts/x/runner',
  'priorityclasses.scheduling.k8s.io/high',
  'runtimeclasses.node.k8s.io/gvisor',
  '?secrets/x/pull',
  'secrets/x/init',
  '?configmaps/x/env',
  'secrets/x/all',
  'configmaps/x/conf',
  '?secrets/x/vol',
  'configmaps/x/files',
  'secrets/x/p1',
  '?configmaps/x/p2',
  'persistentvolumeclaims/x/data',
  'secrets/x/csi',
  'storageclasses.storage.k8s.io/fast',
];

test('a pod spec names the same objects wherever it stands', () => {
  const template = { template: { spec: podSpec } };
  assert.deepEqual(targets(object('v1', 'Pod', { spec: podSpec }, 'x')), ofPod);
  assert.deepEqual(targets(object('v1', 'PodTemplate', template, 'x')), ofPod);
  for (const [apiVersion, kind] of [
    ['apps/v1', 'Deployment'],
    ['apps/v1', 'ReplicaSet'],
    ['apps/v1', 'DaemonSet'],
    ['apps/v1', 'StatefulSet'],
    ['batch/v1', 'Job'],
    ['v1', 'ReplicationController'],
  ] as const)
    assert.deepEqual(targets(object(apiVersion, kind, { spec: template }, 'x')), ofPod, kind);
  const cron = object('batch/v1', 'CronJob', { spec: { jobTemplate: { spec: template } } }, 'x');
  assert.deepEqual(targets(cron), ofPod);
});

test('a stateful set names its Service and the classes of its claims', () => {
  const spec = { serviceName: 'peers', volumeClaimTemplates: [{ spec: { storageClassName: 'fast' } }] };
  assert.deepEqual(targets(object('apps/v1', 'StatefulSet', { spec }, 'x')), [
    '?services/x/peers',
    'storageclasses.storage.k8s.io/fast',
  ]);
});

test('accounts, tokens and bindings', () => {
  const account = { secrets: [{ name: 's' }], imagePullSecrets: [{ name: 'p' }] };
  assert.deepEqual(targets(object('v1', 'ServiceAccount', account, 'x')), ['?secrets/x/s', '?secrets/x/p']);
  const token = object('v1', 'Secret', { type: 'kubernetes.io/service-account-token' }, 'x');
  const annotations = { 'kubernetes.io/service-account.name': 'runner' };
  assert.deepEqual(targets({ ...token, metadata: { ...token.metadata, annotations } }), ['serviceaccounts/x/runner']);
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
  const subjects = [
    { kind: 'User', name: 'eve' },
    { kind: 'ServiceAccount', name: 'a', namespace: 'y' },
  ];
  const rbac = 'rbac.authorization.k8s.io/v1';
  assert.deepEqual(targets(object(rbac, 'RoleBinding', { roleRef, subjects }, 'x')), [
    'clusterroles.rbac.authorization.k8s.io/view',
    '?serviceaccounts/y/a',
  ]);
  assert.deepEqual(targets(object(rbac, 'RoleBinding', { roleRef: { ...roleRef, kind: 'Role' } }, 'x')), [
    'roles.rbac.authorization.k8s.io/x/view',
  ]);
});

test('an ingress names Services, its Secret and its class; a class its parameters', () => {
  const backend = { service: { name: 'web', port: { number: 80 } } };
  const spec = {
    ingressClassName: 'nginx',
    defaultBackend: { service: { name: 'fallback' } },
    rules: [{ host: 'h' }, { http: { paths: [{ path: '/', backend }] } }],
    tls: [{ secretName: 'cert' }, {}],
  };
  assert.deepEqual(targets(object('networking.k8s.io/v1', 'Ingress', { spec }, 'x')), [
    'services/x/fallback',
    'services/x/web',
    'secrets/x/cert',
    'ingressclasses.networking.k8s.io/nginx',
  ]);
  const parameters = { kind: 'ConfigMap', name: 'p', namespace: 'y', scope: 'Namespace' };
  const it = object('networking.k8s.io/v1', 'IngressClass', { spec: { parameters } });
  assert.deepEqual(targets(it), ['configmaps/y/p']);
});

test('an autoscaler names its target by kind; a custom kind only when someone knows its plural', () => {
  const scaled = (apiVersion: string, kind: string): KubeObject =>
    object(
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      { spec: { scaleTargetRef: { apiVersion, kind, name: 'a' } } },
      'x',
    );
  assert.deepEqual(targets(scaled('apps/v1', 'Deployment')), ['deployments.apps/x/a']);
  assert.deepEqual(targets(scaled('v1', 'ReplicationController')), ['replicationcontrollers/x/a']);
  assert.deepEqual(targets(scaled('acme.test/v1', 'Mill')), []);
  const plural: ResourceOf = (group, kind) => (group === 'acme.test' && kind === 'Mill' ? 'mills' : undefined);
  assert.deepEqual(targets(scaled('acme.test/v1', 'Mill'), plural), ['mills.acme.test/x/a']);
});

test('claims and volumes', () => {
  const claim = (spec: object): string[] => targets(object('v1', 'PersistentVolumeClaim', { spec }, 'x'));
  const dataSource = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'snap' };
  assert.deepEqual(claim({ storageClassName: 'fast', dataSource }), [
    'storageclasses.storage.k8s.io/fast',
    'volumesnapshots.snapshot.storage.k8s.io/x/snap',
  ]);
  assert.deepEqual(claim({ storageClassName: 'fast', volumeName: 'pv' }), [
    '?storageclasses.storage.k8s.io/fast',
    'persistentvolumes/pv',
  ]);
  assert.deepEqual(
    claim({ storageClassName: '', dataSourceRef: { kind: 'PersistentVolumeClaim', name: 'a', namespace: 'y' } }),
    ['persistentvolumeclaims/y/a'],
  );
  const spec = {
    storageClassName: 'fast',
    claimRef: { namespace: 'x', name: 'data', uid: 'u' },
    csi: { nodeStageSecretRef: { name: 's', namespace: 'y' } },
  };
  assert.deepEqual(targets(object('v1', 'PersistentVolume', { spec })), [
    '?storageclasses.storage.k8s.io/fast',
    '?persistentvolumeclaims/x/data',
    'secrets/y/s',
  ]);
  const parameters = {
    'csi.storage.k8s.io/provisioner-secret-name': 's',
    'csi.storage.k8s.io/provisioner-secret-namespace': 'y',
    'csi.storage.k8s.io/node-stage-secret-name': '$' + '{pvc.name}',
    'csi.storage.k8s.io/node-stage-secret-namespace': 'y',
  };
  const it = object('storage.k8s.io/v1', 'StorageClass', { provisioner: 'csi.acme.test', parameters });
  assert.deepEqual(targets(it), ['secrets/y/s', '?csidrivers.storage.k8s.io/csi.acme.test']);
  const attachment = { attacher: 'd', nodeName: 'n', source: { persistentVolumeName: 'pv' } };
  assert.deepEqual(targets(object('storage.k8s.io/v1', 'VolumeAttachment', { spec: attachment })), [
    'nodes/n',
    'persistentvolumes/pv',
    '?csidrivers.storage.k8s.io/d',
  ]);
});

test('what asks a Service names it', () => {
  const service = { namespace: 'x', name: 'hook' };
  const webhooks = [{ clientConfig: { url: 'u' } }, { clientConfig: { service } }];
  const group = 'admissionregistration.k8s.io/v1';
  for (const kind of ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'])
    assert.deepEqual(targets(object(group, kind, { webhooks })), ['services/x/hook']);
  assert.deepEqual(targets(object('apiregistration.k8s.io/v1', 'APIService', { spec: { service } })), [
    'services/x/hook',
  ]);
  assert.deepEqual(targets(object('apiregistration.k8s.io/v1', 'APIService', { spec: { service: null } })), []);
  const conversion = { strategy: 'Webhook', webhook: { clientConfig: { service } } };
  const crd = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { spec: { conversion } });
  assert.deepEqual(targets(crd), ['services/x/hook']);
  const policy = object(group, 'ValidatingAdmissionPolicyBinding', { spec: { policyName: 'p' } });
  assert.deepEqual(targets(policy), ['validatingadmissionpolicies.admissionregistration.k8s.io/p']);
});

test('kinds that name nothing, custom kinds and malformed bodies give no references', () => {
  assert.deepEqual(targets(object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {} } }, 'x')), []);
  assert.deepEqual(targets(object('acme.test/v1', 'Deployment', { spec: { template: { spec: podSpec } } }, 'x')), []);
  const spec = { containers: 'text', volumes: [null, 1], imagePullSecrets: {}, serviceAccountName: 7 };
  assert.deepEqual(targets(object('v1', 'Pod', { spec }, 'x')), []);
});

const file = '../shared/data/cnpg-cluster.objects.jsonl';
const absent = existsSync(file) ? false : `${file} is not here`;
test('captured cluster: every reference leads to its name, and all targets but one are there', { skip: absent }, () => {
  const objects = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as KubeObject);
  const all = objects.flatMap((it) => targets(it));
  const names = new Set(objects.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`));
  const dangling = all.filter((text) => {
    if (text.startsWith('?')) return false;
    const [, space = '', name] = text.split('/');
    return !names.has(name === undefined ? `/${space}` : `${space}/${name}`);
  });
  assert.ok(all.length > 100, `${all.length}`);
  // The Ingress was captured in a cluster that serves no class of that name.
  assert.deepEqual(dangling, ['ingressclasses.networking.k8s.io/traefik']);
});
