import {
  type AdmissionCase,
  claim,
  configMap,
  container,
  core,
  deployment,
  EVIL,
  group,
  HARDENED,
  hook,
  level,
  namespace,
  pod,
  send,
} from './objects.ts';

/** Pod security, storage, webhooks without a backend; played after the others. */
export const SECURITY_CASES: readonly AdmissionCase[] = [
  // PodSecurity.
  namespace('restricted', { [level('enforce')]: 'restricted' }),
  pod('restricted', 'plain', {}, 300),
  pod('restricted', 'evil', EVIL),
  pod('restricted', 'good', HARDENED),
  deployment('restricted', 'plain', { containers: [container()] }),
  deployment('restricted', 'good', HARDENED),
  namespace('baseline', {
    [level('enforce')]: 'baseline',
    [level('warn')]: 'restricted',
    [level('warn-version')]: 'v1.20',
  }),
  pod('baseline', 'plain', {}, 300),
  pod('baseline', 'evil', EVIL),
  namespace('audited', { [level('audit')]: 'restricted', [level('enforce-version')]: 'v1.25' }),
  pod('audited', 'evil', EVIL, 300),
  pod('audited', 'evil-2', { hostPID: true }),
  deployment('audited', 'evil', EVIL),
  namespace('mislabelled', { [level('enforce')]: 'strict', [level('warn-version')]: '1.2' }),
  send('PATCH', '/api/v1/namespaces/audited', { metadata: { labels: { [level('enforce')]: 'baseline' } } }),
  send('PATCH', '/api/v1/namespaces/audited', { metadata: { labels: { [level('enforce')]: 'nonsense' } } }),
  // Storage and ingress classes.
  namespace('stored'),
  claim('stored', 'classless', '1Gi'),
  group('/apis/storage.k8s.io/v1/storageclasses', 'storage.k8s.io/v1', 'StorageClass', 'std', {
    metadata: { name: 'std', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'x',
  }),
  claim('stored', 'classed', '1Gi'),
  claim('stored', 'none', '1Gi', { storageClassName: '' }),
  send('PATCH', '/api/v1/namespaces/stored/persistentvolumeclaims/classed', {
    spec: { resources: { requests: { storage: '2Gi' } } },
  }),
  group('/api/v1/persistentvolumes', 'v1', 'PersistentVolume', 'pv', {
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } },
  }),
  group('/apis/networking.k8s.io/v1/namespaces/stored/ingresses', 'networking.k8s.io/v1', 'Ingress', 'i1', {
    spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } },
  }),
  group('/apis/networking.k8s.io/v1/ingressclasses', 'networking.k8s.io/v1', 'IngressClass', 'ic', {
    metadata: { name: 'ic', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
    spec: { controller: 'e.com/x' },
  }),
  {
    ...group('/apis/networking.k8s.io/v1/namespaces/stored/ingresses', 'networking.k8s.io/v1', 'Ingress', 'i2', {
      spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } },
    }),
    wait: 300,
  },
  // Webhooks whose backend is not there.
  ...['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8'].map((name) => namespace(name)),
  core('w2', 'services', 'Service', 'idle', { spec: { ports: [{ port: 443 }] } }),
  core('w3', 'services', 'Service', 'headless', { spec: { clusterIP: 'None', ports: [{ port: 443 }] } }),
  hook('w1', 'w1', { service: { namespace: 'w1', name: 'gone', path: '/check' } }),
  hook('w2', 'w2', { service: { namespace: 'w2', name: 'idle', path: '/check', port: 8443 } }),
  hook('w3', 'w3', { service: { namespace: 'w3', name: 'headless' } }),
  hook('w4', 'w4', { url: 'https://127.0.0.1:1/check' }, { failurePolicy: 'Fail' }, true),
  hook('w5', 'w5', { url: 'https://127.0.0.1:1/check' }, { failurePolicy: 'Ignore' }),
  hook('w6', 'w6', { url: 'https://127.0.0.1:1/check' }, { sideEffects: 'NoneOnDryRun' }),
  hook('w7', 'w7', { url: 'https://nowhere.invalid/check' }),
  hook('w8', 'w8', { service: { namespace: 'w2', name: 'idle' } }, {}, true),
  configMap('w1', 'a', 1500),
  configMap('w2', 'a'),
  configMap('w3', 'a'),
  configMap('w4', 'a'),
  configMap('w5', 'a'),
  configMap('w6', 'a', 0, '?dryRun=All'),
  configMap('w7', 'a'),
  configMap('w8', 'a'),
];
