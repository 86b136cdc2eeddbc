import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stage } from '../admission/stage.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const users = { ann: { name: 'ann', groups: ['team-a'] } };
const clusterRole = (name: string, more: object): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name },
  ...more,
});
const binding = (name: string, role: string): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'team-a' }],
});
const admin = (method: string, path: string, body?: object) => ({
  as: 'admin',
  method,
  path,
  ...(body === undefined ? {} : { body }),
});

test('a role that changes changes what its holders may, at once', async () => {
  const { ask } = await stage(users);
  const look = async (): Promise<number> =>
    (await ask({ as: 'ann', method: 'GET', path: '/api/v1/namespaces/default/secrets' })).status;
  assert.equal(await look(), 403);
  await ask(admin('POST', `${RBAC}/clusterrolebindings`, binding('ann', 'reader')));
  assert.equal(await look(), 403);
  await ask(
    admin(
      'POST',
      `${RBAC}/clusterroles`,
      clusterRole('reader', { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }] }),
    ),
  );
  assert.equal(await look(), 200);
  await ask(admin('DELETE', `${RBAC}/clusterroles/reader`));
  assert.equal(await look(), 403);
});

test('an aggregating role gathers the rules of those it selects, each once, and lets them go again', async () => {
  const { ask, settle, api } = await stage(users);
  const rule = { apiGroups: [''], resources: ['secrets'], verbs: ['list'] };
  const labelled = (name: string): object =>
    clusterRole(name, { metadata: { name, labels: { gather: 'yes' } }, rules: [rule] });
  await ask(
    admin(
      'POST',
      `${RBAC}/clusterroles`,
      clusterRole('whole', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { gather: 'yes' } }] } }),
    ),
  );
  await ask(admin('POST', `${RBAC}/clusterroles`, labelled('one')));
  await ask(admin('POST', `${RBAC}/clusterroles`, labelled('two')));
  await settle();
  const rules = (): unknown => api.get('clusterroles.rbac.authorization.k8s.io' as never, undefined, 'whole')?.rules;
  assert.deepEqual(rules(), [rule]);
  await ask(admin('DELETE', `${RBAC}/clusterroles/one`));
  await ask(admin('DELETE', `${RBAC}/clusterroles/two`));
  await settle();
  assert.deepEqual(rules() ?? null, null);
});

test('a token of a service account lives as long as its account and its Pod', async () => {
  const { ask, parts, advance } = await stage(users);
  const account = '/api/v1/namespaces/default/serviceaccounts';
  await ask(admin('POST', account, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } }));
  const made = parts.access.answerReview({
    plural: 'serviceaccounts',
    subresource: 'token',
    namespace: 'default',
    name: 'robot',
    body: { spec: { expirationSeconds: 600 } },
    user: { name: 'admin', groups: ['system:masters'] },
  }) as { status: { token: string } };
  const self = () =>
    ask({
      as: '',
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      headers: { authorization: `Bearer ${made.status.token}` },
    });
  const { status, body } = await self();
  assert.equal(status, 201);
  const { userInfo } = (body as { status: { userInfo: { username: string; groups: string[]; extra: object } } }).status;
  assert.equal(userInfo.username, 'system:serviceaccount:default:robot');
  assert.deepEqual(userInfo.groups, [
    'system:serviceaccounts',
    'system:serviceaccounts:default',
    'system:authenticated',
  ]);
  assert.deepEqual(Object.keys(userInfo.extra), ['authentication.kubernetes.io/credential-id']);
  await ask(admin('DELETE', `${account}/robot`));
  assert.equal((await self()).status, 201, 'a token that was good a moment ago is not looked at again');
  advance(10_000);
  assert.equal((await self()).status, 401);
});

test('twenty thousand questions about permission are answered alike', async () => {
  const { parts } = await stage(users);
  const user = { name: 'system:serviceaccount:kube-system:deployment-controller', groups: ['system:authenticated'] };
  let allowed = 0;
  for (let index = 0; index < 20_000; index += 1) {
    const deed = { user, verb: 'create', group: '', resource: 'events', namespace: `n${index % 20}`, name: '' };
    if (parts.access.authorizer.authorize(deed).allowed) allowed += 1;
  }
  assert.equal(allowed, 20_000);
});
