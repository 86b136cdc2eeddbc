/** One request of a script that is played on the real server and on the sandbox; `as` is a user's name ('' nobody). */
export interface Case {
  readonly as: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export const RBAC = '/apis/rbac.authorization.k8s.io/v1';
export const AUTHZ = '/apis/authorization.k8s.io/v1';
export const AUTHN = '/apis/authentication.k8s.io/v1';
export const rbac = (kind: string, name: string, more: object): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name },
  ...more,
});
export const ref = (kind: string, name: string): object => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
export const user = (name: string): object => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name });
export const configMap = (name: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
export const post = (as: string, path: string, body: object): Case => ({ as, method: 'POST', path, body });
export const get = (as: string, path: string, headers?: Record<string, string>): Case => ({
  as,
  method: 'GET',
  path,
  ...(headers === undefined ? {} : { headers }),
});
export const review = (as: string, plural: string, kind: string, spec: object, namespace = ''): Case =>
  post(as, `${AUTHZ}/${namespace === '' ? '' : `namespaces/${namespace}/`}${plural}`, {
    apiVersion: 'authorization.k8s.io/v1',
    kind,
    ...(namespace === '' ? {} : { metadata: { namespace } }),
    spec,
  });
export const READ_PODS = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] };
