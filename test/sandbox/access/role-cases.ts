import { type Case, configMap, get, post, RBAC, READ_PODS, rbac, ref, user } from './requests.ts';

/** Who may do what, and who may let others do it. */
export const ROLE_CASES: readonly Case[] = [
  get('', '/api/v1/namespaces/default/configmaps'),
  get('', '/api/v1/namespaces/default/configmaps', { authorization: 'Bearer nonsense' }),
  get('', '/api/v1/namespaces/default/configmaps', { authorization: 'Basic YTpi' }),
  get('ann', '/api/v1/namespaces/default/configmaps/x'),
  get('ann', '/api/v1/nodes'),
  get('ann', '/api/v1/namespaces/default/pods/p/log'),
  get('ann', '/apis/apps/v1/deployments'),
  get('ann', '/metrics'),
  get('ann', '/api/v1/namespaces/default'),
  post('ann', '/api/v1/namespaces/default/configmaps', configMap('a')),
  { as: 'ann', method: 'DELETE', path: '/api/v1/namespaces/default/configmaps' },
  get('ann', '/api/v1/namespaces/default/configmaps?watch=true'),
  post('admin', `${RBAC}/namespaces/default/roles`, rbac('Role', 'reader', { rules: [READ_PODS] })),
  post(
    'admin',
    `${RBAC}/namespaces/default/rolebindings`,
    rbac('RoleBinding', 'ann-reads', { roleRef: ref('Role', 'reader'), subjects: [user('ann')] }),
  ),
  get('ann', '/api/v1/namespaces/default/pods/missing'),
  get('ann', '/api/v1/namespaces/kube-system/pods'),
  get('ann', '/api/v1/pods'),
  post(
    'admin',
    `${RBAC}/namespaces/default/rolebindings`,
    rbac('RoleBinding', 'ann-dangling', { roleRef: ref('Role', 'gone'), subjects: [user('ann')] }),
  ),
  get('ann', '/api/v1/namespaces/default/secrets/x'),
  post(
    'admin',
    `${RBAC}/clusterrolebindings`,
    rbac('ClusterRoleBinding', 'bob-dangling', { roleRef: ref('ClusterRole', 'gone'), subjects: [user('bob')] }),
  ),
  get('bob', '/api/v1/secrets'),
  post(
    'admin',
    `${RBAC}/clusterroles`,
    rbac('ClusterRole', 'some', {
      rules: [
        { apiGroups: [''], resources: ['configmaps'], resourceNames: ['one', 'two'], verbs: ['get', 'update'] },
        { apiGroups: ['*'], resources: ['*/scale'], verbs: ['get'] },
        { apiGroups: ['apps'], resources: ['deployments/status'], verbs: ['*'] },
        { nonResourceURLs: ['/metrics', '/logs/*'], verbs: ['get'] },
        { apiGroups: ['rbac.authorization.k8s.io'], resources: ['*'], verbs: ['create', 'update', 'patch', 'get'] },
      ],
    }),
  ),
  post(
    'admin',
    `${RBAC}/clusterrolebindings`,
    rbac('ClusterRoleBinding', 'eve-some', {
      roleRef: ref('ClusterRole', 'some'),
      subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'team-e' }],
    }),
  ),
  get('eve', '/api/v1/namespaces/default/configmaps/one'),
  get('eve', '/api/v1/namespaces/default/configmaps/three'),
  get('eve', '/api/v1/namespaces/default/configmaps'),
  get('eve', '/apis/apps/v1/namespaces/default/deployments/d/scale'),
  get('eve', '/apis/apps/v1/namespaces/default/deployments/d/status'),
  get('eve', '/apis/apps/v1/namespaces/default/deployments/d'),
  get('eve', '/logs/kube'),
  // Escalation.
  post('eve', `${RBAC}/namespaces/default/roles`, rbac('Role', 'up', { rules: [READ_PODS] })),
  post(
    'eve',
    `${RBAC}/clusterroles`,
    rbac('ClusterRole', 'up', {
      rules: [
        { apiGroups: ['', 'apps'], resources: ['pods', 'deployments'], verbs: ['get', 'delete'] },
        { apiGroups: [''], resources: ['secrets'], resourceNames: ['s1', 's2'], verbs: ['get', 'list'] },
        { nonResourceURLs: ['/healthz', '/metrics', '/logs/a'], verbs: ['get', 'post'] },
        { apiGroups: ['x'], resources: ['ys/scale', 'ys/status'], verbs: ['get'] },
      ],
    }),
  ),
  post(
    'eve',
    `${RBAC}/namespaces/default/roles`,
    rbac('Role', 'same', {
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'], verbs: ['get'] }],
    }),
  ),
  post(
    'eve',
    `${RBAC}/clusterroles`,
    rbac('ClusterRole', 'agg', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] }, rules: [] }),
  ),
  {
    as: 'eve',
    method: 'PUT',
    path: `${RBAC}/namespaces/default/roles/same`,
    body: rbac('Role', 'same', { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] }),
  },
  {
    as: 'eve',
    method: 'PATCH',
    path: `${RBAC}/namespaces/default/roles/reader`,
    body: { metadata: { finalizers: ['example.com/x'] } },
    headers: { 'content-type': 'application/merge-patch+json' },
  },
  {
    as: 'eve',
    method: 'PATCH',
    path: `${RBAC}/namespaces/default/roles/reader`,
    body: { metadata: { labels: { a: 'b' } } },
    headers: { 'content-type': 'application/merge-patch+json' },
  },
  post(
    'eve',
    `${RBAC}/namespaces/default/rolebindings`,
    rbac('RoleBinding', 'up', { roleRef: ref('Role', 'reader'), subjects: [user('eve')] }),
  ),
  post(
    'eve',
    `${RBAC}/namespaces/default/rolebindings`,
    rbac('RoleBinding', 'missing', { roleRef: ref('Role', 'nowhere'), subjects: [user('eve')] }),
  ),
  post(
    'eve',
    `${RBAC}/clusterrolebindings`,
    rbac('ClusterRoleBinding', 'missing', { roleRef: ref('ClusterRole', 'nowhere'), subjects: [user('eve')] }),
  ),
  post(
    'eve',
    `${RBAC}/clusterrolebindings`,
    rbac('ClusterRoleBinding', 'all', { roleRef: ref('ClusterRole', 'cluster-admin'), subjects: [user('eve')] }),
  ),
  post(
    'admin',
    `${RBAC}/clusterroles`,
    rbac('ClusterRole', 'binder', {
      rules: [
        {
          apiGroups: ['rbac.authorization.k8s.io'],
          resources: ['clusterroles'],
          resourceNames: ['cluster-admin'],
          verbs: ['bind'],
        },
        { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['escalate', 'create'] },
        { apiGroups: ['rbac.authorization.k8s.io'], resources: ['rolebindings'], verbs: ['create'] },
      ],
    }),
  ),
  post(
    'admin',
    `${RBAC}/clusterrolebindings`,
    rbac('ClusterRoleBinding', 'bob-binder', { roleRef: ref('ClusterRole', 'binder'), subjects: [user('bob')] }),
  ),
  post('bob', `${RBAC}/namespaces/default/roles`, rbac('Role', 'escalated', { rules: [READ_PODS] })),
  post(
    'bob',
    `${RBAC}/namespaces/default/rolebindings`,
    rbac('RoleBinding', 'bound', { roleRef: ref('ClusterRole', 'cluster-admin'), subjects: [user('eve')] }),
  ),
  post(
    'bob',
    `${RBAC}/namespaces/default/rolebindings`,
    rbac('RoleBinding', 'not-bound', { roleRef: ref('ClusterRole', 'binder'), subjects: [user('eve')] }),
  ),
  post(
    'bob',
    `${RBAC}/namespaces/default/rolebindings`,
    rbac('RoleBinding', 'not-bound-2', { roleRef: ref('Role', 'same'), subjects: [user('eve')] }),
  ),
];
