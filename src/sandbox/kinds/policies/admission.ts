import type { KubeObject } from '../../../objects/json.ts';
import type { Problem } from '../../status/problem.ts';
import { dnsSubdomain } from '../names.ts';
import { counted, rulesOf, withStatus } from '../plain-rules.ts';
import { duplicate, each, invalidValue, notSupported, required } from '../problems.ts';
import { type Body, child, count, deep, fill, has, items, made, text, texts } from '../values.ts';

const GROUP = 'admissionregistration.k8s.io';
const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];

function defaultWebhook(webhook: Body, mutating: boolean): void {
  fill(webhook, 'failurePolicy', 'Fail');
  fill(webhook, 'matchPolicy', 'Equivalent');
  fill(webhook, 'namespaceSelector', {});
  fill(webhook, 'objectSelector', {});
  fill(webhook, 'timeoutSeconds', 10);
  if (mutating) fill(webhook, 'reinvocationPolicy', 'Never');
  const service = deep(webhook, 'clientConfig', 'service');
  if (service !== undefined) fill(service, 'port', 443);
  for (const rule of items(webhook, 'rules')) fill(rule, 'scope', '*');
}

function validateWebhooks(configuration: KubeObject): Problem[] {
  const found: Problem[] = [];
  const names = new Set<string>();
  items(configuration, 'webhooks').forEach((webhook, at) => {
    const place = `webhooks[${at}]`;
    const name = text(webhook, 'name');
    found.push(...fullyQualified(name, `${place}.name`));
    if (names.has(name)) found.push(duplicate(`${place}.name`, name));
    names.add(name);
    items(webhook, 'rules').forEach((rule, index) => {
      found.push(...validateRule(rule, `${place}.rules[${index}]`));
    });
    const choices: readonly [string, readonly string[]][] = [
      ['failurePolicy', ['Fail', 'Ignore']],
      ['matchPolicy', ['Equivalent', 'Exact']],
      ['sideEffects', ['None', 'NoneOnDryRun']],
    ];
    for (const [key, values] of choices) {
      const value = text(webhook, key);
      if (!has(webhook, key))
        found.push(required(`${place}.${key}`, key === 'sideEffects' ? 'must specify one of None, NoneOnDryRun' : ''));
      else if (!values.includes(value)) found.push(notSupported(`${place}.${key}`, value, values));
    }
    const seconds = count(webhook, 'timeoutSeconds');
    if (seconds < 1 || seconds > 30) {
      found.push(
        invalidValue(`${place}.timeoutSeconds`, seconds, 'the timeout value must be between 1 and 30 seconds'),
      );
    }
    const client = child(webhook, 'clientConfig');
    if (has(client, 'url') === has(client, 'service')) {
      found.push(required(`${place}.clientConfig`, 'exactly one of url or service is required'));
    }
    const versions = texts(webhook, 'admissionReviewVersions');
    if (versions.length === 0) {
      found.push(required(`${place}.admissionReviewVersions`, 'must specify one of v1, v1beta1'));
    } else if (!versions.some((version) => version === 'v1' || version === 'v1beta1')) {
      const said = 'must include at least one of v1, v1beta1';
      found.push(invalidValue(`${place}.admissionReviewVersions`, versions, said));
    }
  });
  return found;
}
function fullyQualified(name: string, field: string): Problem[] {
  if (name === '') return [required(field)];
  const said = dnsSubdomain(name);
  if (said.length > 0) return [invalidValue(field, name, said.join(','))];
  return name.split('.').length < 3
    ? [invalidValue(field, name, 'should be a domain with at least three segments separated by dots')]
    : [];
}
function validateRule(rule: Body, field: string): Problem[] {
  const found: Problem[] = [];
  const operations = texts(rule, 'operations');
  if (operations.length === 0) found.push(required(`${field}.operations`));
  if (operations.length > 1 && operations.includes('*')) {
    found.push(invalidValue(`${field}.operations`, operations, "if '*' is present, must not specify other operations"));
  }
  operations.forEach((operation, at) => {
    if (!OPERATIONS.includes(operation)) found.push(notSupported(`${field}.operations[${at}]`, operation, OPERATIONS));
  });
  for (const key of ['apiGroups', 'apiVersions', 'resources'])
    if (texts(rule, key).length === 0) found.push(required(`${field}.${key}`));
  return found;
}

function defaultMatch(match: Body): void {
  fill(match, 'matchPolicy', 'Equivalent');
  fill(match, 'namespaceSelector', {});
  fill(match, 'objectSelector', {});
  for (const key of ['resourceRules', 'excludeResourceRules']) {
    for (const rule of items(match, key)) fill(rule, 'scope', '*');
  }
}
function validatePolicy(policy: KubeObject): Problem[] {
  const spec = child(policy, 'spec') ?? {};
  const found: Problem[] = [];
  if (!has(spec, 'matchConstraints')) found.push(required('spec.matchConstraints'));
  else if (items(child(spec, 'matchConstraints'), 'resourceRules').length === 0) {
    found.push(required('spec.matchConstraints.resourceRules'));
  }
  if (items(spec, 'validations').length + items(spec, 'auditAnnotations').length === 0) {
    found.push(required('spec.validations', 'validations or auditAnnotations must be specified'));
    found.push(required('spec.auditAnnotations', 'validations or auditAnnotations must be specified'));
  }
  items(spec, 'validations').forEach((validation, at) => {
    if (text(validation, 'expression').trim() === '')
      found.push(required(`spec.validations[${at}].expression`, 'expression is not specified'));
  });
  return found;
}
function validateBinding(binding: KubeObject): Problem[] {
  const spec = child(binding, 'spec') ?? {};
  const found: Problem[] = [];
  const name = text(spec, 'policyName');
  if (name === '') found.push(required('spec.policyName'));
  else found.push(...each('spec.policyName', name, dnsSubdomain(name)));
  const actions = texts(spec, 'validationActions');
  if (actions.length === 0)
    found.push(required('spec.validationActions', 'at least one validation action is required'));
  const known = ['Audit', 'Deny', 'Warn'];
  actions.forEach((action, at) => {
    if (!known.includes(action)) found.push(notSupported(`spec.validationActions[${at}]`, action, known));
  });
  if (actions.includes('Deny') && actions.includes('Warn')) {
    found.push(
      invalidValue(
        'spec.validationActions',
        actions,
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    );
  }
  return found;
}
const defaultBinding = (binding: Body): void => {
  const match = deep(binding, 'spec', 'matchResources');
  if (match !== undefined) defaultMatch(match);
};

export const ADMISSION_KINDS = [
  ...(['mutating', 'validating'] as const).map((kind) =>
    counted(`${GROUP}/${kind}webhookconfigurations`, ['webhooks'], {
      unconditionalUpdate: false,
      defaults(configuration) {
        for (const webhook of items(configuration, 'webhooks')) defaultWebhook(webhook, kind === 'mutating');
      },
      validateCreate: validateWebhooks,
      validateUpdate: validateWebhooks,
    }),
  ),
  withStatus(`${GROUP}/validatingadmissionpolicies`, {
    unconditionalUpdate: false,
    defaults(policy) {
      const spec = made(policy, 'spec');
      fill(spec, 'failurePolicy', 'Fail');
      const match = child(spec, 'matchConstraints');
      if (match !== undefined) defaultMatch(match);
    },
    prepareCreate(policy) {
      policy.status = {};
    },
    validateCreate: validatePolicy,
    validateUpdate: validatePolicy,
  }),
  counted(`${GROUP}/validatingadmissionpolicybindings`, ['spec'], {
    unconditionalUpdate: false,
    defaults: defaultBinding,
    validateCreate: validateBinding,
    validateUpdate: validateBinding,
  }),
  rulesOf('apiregistration.k8s.io/apiservices', {
    defaults(service) {
      const reference = deep(service, 'spec', 'service');
      if (reference !== undefined) fill(reference, 'port', 443);
    },
  }),
  rulesOf('certificates.k8s.io/certificatesigningrequests', {
    prepareCreate(request) {
      request.status = {};
    },
    selectable: (request) => ({ 'spec.signerName': text(request.spec, 'signerName') }),
  }),
];
