import { uidFor } from '../worlds/random.ts';

/** What of the API a request asks for: the places that a server can be hostile at. */
export type Place =
  | 'version'
  | 'fingerprint'
  | 'discovery'
  | 'namespaces'
  | 'configmaps'
  | 'access'
  | 'write'
  | 'other';

export function placeOf(method: string, path: string): Place {
  if (path.endsWith('/selfsubjectaccessreviews')) return 'access';
  if (method !== 'GET') return 'write';
  if (path === '/version') return 'version';
  if (path === '/api' || path === '/apis') return 'discovery';
  if (path === '/api/v1/namespaces/kube-system') return 'fingerprint';
  if (path === '/api/v1/namespaces') return 'namespaces';
  if (path === '/api/v1/configmaps') return 'configmaps';
  return 'other';
}

const verbs = ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'];
const served = (kind: string, resource: string, scope = 'Namespaced') => ({
  resource,
  responseKind: { group: '', version: 'v1', kind },
  scope,
  verbs,
});
const group = (name: string, resources: readonly object[]) => ({
  metadata: { name },
  versions: [{ version: 'v1', freshness: 'Current', resources }],
});
const discovery = (items: readonly object[]) => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  metadata: {},
  items,
});
const list = (kind: string, items: readonly object[]) => ({
  kind,
  apiVersion: 'v1',
  metadata: { resourceVersion: '77' },
  items,
});
const meta = (name: string, number: number, namespace?: string) => ({
  metadata: {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: uidFor(0xf0, number),
    resourceVersion: '5',
  },
});

/** What a small cluster that means well answers; undefined: 404. */
export function honestAnswer(path: string): object | undefined {
  switch (path) {
    case '/version':
      return { major: '1', minor: '34', gitVersion: 'v1.34.4' };
    case '/api':
      return discovery([group('', [served('Namespace', 'namespaces', 'Cluster'), served('ConfigMap', 'configmaps')])]);
    case '/apis':
      return discovery([]);
    case '/api/v1/namespaces/kube-system':
      return { kind: 'Namespace', apiVersion: 'v1', ...meta('kube-system', 1) };
    case '/api/v1/namespaces':
      return list(
        'NamespaceList',
        ['kube-system', 'default', 'team-a'].map((name, at) => meta(name, at + 1)),
      );
    case '/api/v1/configmaps':
      return list(
        'ConfigMapList',
        Array.from({ length: 5 }, (_, at) => ({ ...meta(`live-${at}`, at + 10, 'team-a'), data: { a: 'b' } })),
      );
    default:
      return path.endsWith('/selfsubjectaccessreviews')
        ? {
            kind: 'SelfSubjectAccessReview',
            apiVersion: 'authorization.k8s.io/v1',
            metadata: {},
            spec: {},
            status: { allowed: true },
          }
        : undefined;
  }
}
