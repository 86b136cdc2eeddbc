import type { Step } from './sides.ts';

const GROUP = '/apis/admissionregistration.k8s.io/v1';
const policy = (name: string, spec: object): Step => ({
  method: 'POST',
  path: `${GROUP}/validatingadmissionpolicies`,
  body: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [''],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE', 'DELETE'],
            resources: ['configmaps'],
          },
        ],
        objectSelector: { matchLabels: { try: name } },
      },
      ...spec,
    },
  },
});
const binding = (name: string, spec: object = {}): Step => ({
  method: 'POST',
  path: `${GROUP}/validatingadmissionpolicybindings`,
  body: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: `${name}-binding` },
    spec: { policyName: name, validationActions: ['Deny'], ...spec },
  },
});
const map = (policyName: string, name: string, data: object): Step => ({
  method: 'POST',
  path: '/api/v1/namespaces/default/configmaps',
  body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { try: policyName } }, data },
});

const POLICIES: readonly { readonly spec: object; readonly binding?: object }[] = [
  { spec: { validations: [{ expression: "object.data.a == 'x'" }] } },
  { spec: { validations: [{ expression: "object.data.a == 'x'", message: 'a must be x' }] } },
  {
    spec: {
      validations: [
        { expression: "object.data.a == 'x'", messageExpression: "'a was ' + object.data.a", reason: 'Forbidden' },
      ],
    },
  },
  {
    spec: {
      variables: [{ name: 'a', expression: 'object.data.a' }],
      validations: [{ expression: "variables.a == 'x'" }],
    },
  },
  {
    spec: {
      matchConditions: [{ name: 'only', expression: "object.data.a != 'skip'" }],
      validations: [{ expression: 'false', reason: 'RequestEntityTooLarge' }],
    },
  },
  { spec: { failurePolicy: 'Ignore', validations: [{ expression: "object.data.missing == 'x'" }] } },
  { spec: { validations: [{ expression: "object.data.missing == 'x'" }] } },
  {
    spec: {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: 'object.data.a == params.data.a' }],
    },
    binding: { paramRef: { name: 'params', namespace: 'default', parameterNotFoundAction: 'Deny' } },
  },
  {
    spec: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, validations: [{ expression: 'false' }] },
    binding: { paramRef: { name: 'absent', namespace: 'default', parameterNotFoundAction: 'Deny' } },
  },
  {
    spec: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, validations: [{ expression: 'false' }] },
    binding: { paramRef: { name: 'absent', namespace: 'default', parameterNotFoundAction: 'Allow' } },
  },
  { spec: { validations: [{ expression: "request.operation != 'DELETE'" }] } },
  {
    spec: {
      validations: [
        { expression: "namespaceObject.metadata.name == 'other'" },
        { expression: "request.userInfo.username == 'x'" },
      ],
    },
  },
  { spec: { validations: [{ expression: 'false' }] }, binding: { validationActions: ['Warn'] } },
  {
    spec: { validations: [{ expression: 'false' }] },
    binding: { matchResources: { namespaceSelector: { matchLabels: { none: 'x' } } } },
  },
  {
    spec: {
      variables: [{ name: 'bad', expression: 'object.data.missing' }],
      validations: [{ expression: "variables.bad == 'x'" }],
    },
  },
];

export function policySteps(): Step[] {
  return [
    {
      method: 'POST',
      path: '/api/v1/namespaces/default/configmaps',
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'params' }, data: { a: 'x' } },
    },
    ...POLICIES.map(({ spec }, index) => policy(`p${index}`, spec)),
    ...POLICIES.map(({ binding: more }, index) => binding(`p${index}`, more)),
  ];
}
export function policyTries(): Step[] {
  return POLICIES.flatMap((_, index) => [
    map(`p${index}`, `good${index}`, { a: 'x' }),
    map(`p${index}`, `bad${index}`, { a: 'y' }),
    map(`p${index}`, `skip${index}`, { a: 'skip' }),
    { method: 'DELETE', path: `/api/v1/namespaces/default/configmaps/good${index}` },
  ]);
}
