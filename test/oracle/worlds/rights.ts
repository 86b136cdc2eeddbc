import { service } from './apps.ts';
import type { Builder } from './builder.ts';

/** A service account with a role, its binding and perhaps a token of the lost cluster. */
export function identity(builder: Builder, namespace: string): void {
  const { random } = builder;
  const account = builder.add('serviceaccounts', namespace, `robot-${random.word()}`);
  if (random.chance(60)) {
    const token = builder.add(
      'secrets',
      namespace,
      `${account.name}-token-${random.word()}`,
      { type: 'kubernetes.io/service-account-token', data: { token: 'b2xk' } },
      {
        annotations: {
          'kubernetes.io/service-account.name': account.name,
          'kubernetes.io/service-account.uid': account.uid,
        },
      },
    );
    account.body.secrets = [{ name: token.name }, ...(random.chance(40) ? [{ name: 'kept-by-hand' }] : [])];
  }
  const role = builder.add('roles.rbac.authorization.k8s.io', namespace, `role-${random.word()}`, { rules: [] });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.name };
  builder.add('rolebindings.rbac.authorization.k8s.io', namespace, `binding-${random.word()}`, {
    roleRef,
    subjects: [{ kind: 'ServiceAccount', name: account.name, namespace }],
  });
}

/** What judges the creation of others: quotas, limits, admission bindings, webhook configurations, aggregated APIs. */
export function judges(builder: Builder, namespace: string): void {
  const { random } = builder;
  if (random.chance(60))
    builder.add('resourcequotas', namespace, `quota-${random.word()}`, { spec: { hard: { pods: '4' } } });
  if (random.chance(40)) builder.add('limitranges', namespace, `limits-${random.word()}`, { spec: { limits: [] } });
  if (random.chance(30)) {
    const policy = builder.add(
      'validatingadmissionpolicies.admissionregistration.k8s.io',
      undefined,
      `policy-${random.word()}`,
      { spec: { failurePolicy: 'Fail' } },
    );
    builder.add(
      'validatingadmissionpolicybindings.admissionregistration.k8s.io',
      undefined,
      `binding-${random.word()}`,
      { spec: { policyName: policy.name, validationActions: ['Deny'] } },
    );
  }
  if (random.chance(40)) {
    const name = service(builder, namespace, `hook-${random.word()}`).name;
    const hook = {
      name: 'a.example.org',
      clientConfig: random.chance(80) ? { service: { namespace, name } } : { url: 'https://judge.example.org' },
      rules: [],
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    };
    const resource = random.one('validatingwebhookconfigurations', 'mutatingwebhookconfigurations');
    builder.add(`${resource}.admissionregistration.k8s.io`, undefined, `hooks-${random.word()}`, { webhooks: [hook] });
    if (random.chance(40))
      builder.add('apiservices.apiregistration.k8s.io', undefined, `v1.${random.word()}.example.org`, {
        spec: {
          group: 'x.example.org',
          version: 'v1',
          service: { namespace, name },
          groupPriorityMinimum: 10,
          versionPriority: 10,
        },
      });
  }
}
