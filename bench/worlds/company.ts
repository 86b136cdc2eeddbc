import type { KubeObject } from '../../src/objects/json.ts';
import { Random, uidFor } from './random.ts';
import { BUILT_IN, type Kind, type World } from './world.ts';

const GROUP = 'bench.example';
const KINDS: readonly Kind[] = [
  ...BUILT_IN.filter(({ kind }) => !kind.startsWith('PersistentVolume') && !kind.includes('Job')),
  { apiVersion: `${GROUP}/v1`, kind: 'App', resource: 'apps', namespaced: true },
  { apiVersion: `${GROUP}/v1`, kind: 'Piece', resource: 'pieces', namespaced: true },
];
const APPS_A_NAMESPACE = 50;
/** Objects of one app, its namespace's share aside. */
const OBJECTS_AN_APP = 13;

/**
 * A company's cluster of about `count` objects, 2 KB mean with their managed fields: namespaces of fifty apps, each a custom
 * resource that owns a Deployment, its ReplicaSet and Pods, a Service with its slice, configuration, permissions and pieces of its own.
 */
export function company(count: number): World {
  return {
    kinds: KINDS,
    *objects() {
      const random = new Random(7);
      let made = 2;
      yield definition('App', 'apps');
      yield definition('Piece', 'pieces');
      for (let app = 0; made < count; app++) {
        const namespace = `team-${String(Math.floor(app / APPS_A_NAMESPACE)).padStart(4, '0')}`;
        if (app % APPS_A_NAMESPACE === 0) {
          made++;
          yield make('v1', 'Namespace', undefined, namespace, app * 20 + 19, { spec: { finalizers: ['kubernetes'] } });
        }
        for (const object of appOf(random, namespace, app)) {
          if (made === count) return;
          made++;
          yield object;
        }
      }
    },
  };
}

function* appOf(random: Random, namespace: string, app: number): Generator<KubeObject> {
  const name = `app-${String(app).padStart(6, '0')}`;
  let part = 0;
  const labels = { app: name };
  const one = (apiVersion: string, kind: string, suffix: string, fields: object, owner?: KubeObject): KubeObject =>
    make(apiVersion, kind, namespace, `${name}${suffix}`, app * 20 + part++, fields, labels, owner);
  const text = (length: number) => ({ data: { 'settings.txt': random.text(length) } });
  const root = one(`${GROUP}/v1`, 'App', '', { spec: { size: app % 5, note: random.text(400) } });
  yield root;
  const account = one('v1', 'ServiceAccount', '', {}, root);
  yield account;
  yield one('v1', 'ConfigMap', '-settings', text(2500), root);
  yield one('v1', 'ConfigMap', '-files', text(4600));
  yield one(
    'v1',
    'Secret',
    '-login',
    { type: 'Opaque', data: { password: Buffer.from(random.text(300)).toString('base64') } },
    root,
  );
  const template = { metadata: { labels }, spec: podSpec(random, name) };
  const selector = { matchLabels: labels };
  const deployment = one(
    'apps/v1',
    'Deployment',
    '',
    { spec: { replicas: 2, selector, template }, status: { replicas: 2 } },
    root,
  );
  yield deployment;
  const replicas = one(
    'apps/v1',
    'ReplicaSet',
    '-5f7c',
    { spec: { replicas: 2, selector, template }, status: { replicas: 2 } },
    deployment,
  );
  yield replicas;
  yield one(
    'v1',
    'Pod',
    '-5f7c-abcde',
    { spec: template.spec, status: { phase: 'Running', podIP: '10.1.1.1' } },
    replicas,
  );
  const service = one(
    'v1',
    'Service',
    '',
    { spec: { selector: labels, ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }] } },
    root,
  );
  yield service;
  const slice = { addressType: 'IPv4', endpoints: [{ addresses: ['10.1.1.1'] }], ports: [{ port: 8080 }] };
  yield one('discovery.k8s.io/v1', 'EndpointSlice', '-xyz', slice, service);
  const role = one(
    'rbac.authorization.k8s.io/v1',
    'Role',
    '',
    { rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }] },
    root,
  );
  yield role;
  yield one(
    'rbac.authorization.k8s.io/v1',
    'RoleBinding',
    '',
    {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: account.metadata.name, namespace }],
    },
    root,
  );
  // What names another object by its UID has to be found as well.
  yield one(`${GROUP}/v1`, 'Piece', '-piece', { spec: { of: root.metadata.uid, note: random.text(600) } }, root);
  if (part !== OBJECTS_AN_APP) throw new Error(`an app has ${part} objects`);
}

function podSpec(random: Random, name: string): object {
  return {
    serviceAccountName: name,
    containers: ['web', 'proxy'].map((container) => ({
      name: container,
      image: `registry.example/${name}/${container}:1.${random.below(90)}`,
      env: Array.from({ length: 6 }, (_, at) => ({ name: `SETTING_${at}`, value: random.text(30) })),
      envFrom: [{ configMapRef: { name: `${name}-settings` } }, { secretRef: { name: `${name}-login` } }],
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    })),
    volumes: [{ name: 'files', configMap: { name: `${name}-files` } }],
  };
}

function make(
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name: string,
  number: number,
  fields: object,
  labels: Readonly<Record<string, string>> = { 'kubernetes.io/metadata.name': name },
  owner?: KubeObject,
): KubeObject {
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: uidFor(0xc0, number),
    resourceVersion: String(number + 10),
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels,
    ...(owner === undefined
      ? {}
      : {
          ownerReferences: [
            {
              apiVersion: owner.apiVersion,
              kind: owner.kind,
              name: owner.metadata.name ?? '',
              uid: owner.metadata.uid ?? '',
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        }),
    managedFields: managedFields(apiVersion, Object.keys(fields), owner),
  };
  return { apiVersion, kind, metadata, ...fields };
}

function managedFields(apiVersion: string, fields: readonly string[], owner: KubeObject | undefined) {
  const owned =
    owner === undefined ? {} : { 'f:ownerReferences': { '.': {}, [`k:{"uid":"${owner.metadata.uid}"}`]: {} } };
  const one = (manager: string, more: object) => ({
    manager,
    operation: 'Update',
    apiVersion,
    time: '2026-01-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} }, ...owned }, ...more },
  });
  return [one('app-operator', Object.fromEntries(fields.map((field) => [`f:${field}`, {}]))), one('kubectl', {})];
}

function definition(kind: string, plural: string): KubeObject {
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  };
  return make(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    undefined,
    `${plural}.${GROUP}`,
    kind === 'App' ? 18 : 17,
    {
      spec: {
        group: GROUP,
        scope: 'Namespaced',
        names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [version],
      },
      status: { conditions: [{ type: 'Established', status: 'True' }] },
    },
  );
}
