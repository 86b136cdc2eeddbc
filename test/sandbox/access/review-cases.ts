import { AUTHN, AUTHZ, type Case, get, post, review } from './requests.ts';

/** Impersonation, reviews, tokens; played after the role cases. */
export const REVIEW_CASES: readonly Case[] = [
  // Impersonation.
  get('ann', '/api/v1/namespaces', { 'impersonate-user': 'bob' }),
  get('ann', '/api/v1/namespaces', { 'impersonate-user': 'system:serviceaccount:default:robot' }),
  get('ann', '/api/v1/namespaces', { 'impersonate-group': 'g' }),
  get('admin', '/api/v1/secrets', { 'impersonate-user': 'bob' }),
  get('admin', '/api/v1/secrets', {
    'impersonate-user': 'nobody',
    'impersonate-group': 'system:masters',
    'impersonate-extra-scopes': 'a',
  }),
  get('admin', '/api/v1/secrets', { 'impersonate-user': 'system:serviceaccount:default:robot' }),
  get('admin', '/api/v1/secrets', { 'impersonate-user': 'system:anonymous' }),
  get('admin', '/api/v1/secrets', { 'impersonate-group': 'g' }),
  get('admin', '/api/v1/secrets', { 'impersonate-user': 'zed', 'impersonate-uid': '7' }),
  // Reviews.
  review('ann', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', {
    resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' },
  }),
  review('ann', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', {
    resourceAttributes: { namespace: 'default', verb: 'delete', resource: 'pods', name: 'x' },
  }),
  review('admin', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', {
    resourceAttributes: { verb: '*', resource: '*', group: '*' },
  }),
  review('eve', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', {
    nonResourceAttributes: { path: '/logs/a', verb: 'get' },
  }),
  review('ann', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', {}),
  review('ann', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', {
    nonResourceAttributes: { path: '/logs/a', verb: 'get' },
    resourceAttributes: { verb: 'get', resource: 'pods' },
  }),
  post('ann', `${AUTHZ}/selfsubjectaccessreviews`, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: { name: 'x' },
    spec: { resourceAttributes: { verb: 'get', resource: 'pods' } },
  }),
  review('admin', 'subjectaccessreviews', 'SubjectAccessReview', {
    user: 'eve',
    groups: ['team-e'],
    resourceAttributes: { verb: 'get', resource: 'configmaps', name: 'one', namespace: 'n' },
  }),
  review('admin', 'subjectaccessreviews', 'SubjectAccessReview', {
    user: 'bob',
    resourceAttributes: { verb: 'get', resource: 'configmaps' },
  }),
  review('admin', 'subjectaccessreviews', 'SubjectAccessReview', {
    resourceAttributes: { verb: 'get', resource: 'x' },
  }),
  review('ann', 'subjectaccessreviews', 'SubjectAccessReview', {
    user: 'x',
    resourceAttributes: { verb: 'get', resource: 'x' },
  }),
  review(
    'admin',
    'localsubjectaccessreviews',
    'LocalSubjectAccessReview',
    { user: 'ann', resourceAttributes: { namespace: 'default', verb: 'list', resource: 'pods' } },
    'default',
  ),
  review(
    'admin',
    'localsubjectaccessreviews',
    'LocalSubjectAccessReview',
    { user: 'ann', resourceAttributes: { namespace: 'other', verb: 'list', resource: 'pods' } },
    'default',
  ),
  review('ann', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', { namespace: 'default' }),
  review('ann', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', {}),
  review('admin', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', { namespace: 'default' }),
  post('eve', `${AUTHN}/selfsubjectreviews`, { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
  post('admin', `${AUTHN}/tokenreviews`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token: 'nonsense' },
  }),
  post('admin', `${AUTHN}/tokenreviews`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token: 'token-of-ann' },
  }),
  post('admin', `${AUTHN}/tokenreviews`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token: 'token-of-ann', audiences: ['other'] },
  }),
  post('admin', `${AUTHN}/tokenreviews`, { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: {} }),
  // Tokens of service accounts.
  post('admin', '/api/v1/namespaces/default/serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot' },
  }),
  post('admin', '/api/v1/namespaces/default/serviceaccounts/robot/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 600 },
  }),
  post('admin', '/api/v1/namespaces/default/serviceaccounts/robot/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  }),
  post('admin', '/api/v1/namespaces/default/serviceaccounts/robot/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 5, audiences: ['a'] },
  }),
  post('admin', '/api/v1/namespaces/default/serviceaccounts/missing/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  }),
  post('admin', '/api/v1/namespaces/default/serviceaccounts/robot/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'missing' } },
  }),
  post('admin', '/api/v1/namespaces/default/serviceaccounts/robot/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { boundObjectRef: { kind: 'ConfigMap', apiVersion: 'v1', name: 'missing' } },
  }),
];
