import type { KubeObject } from '../../../objects/json.ts';
import { dnsSubdomain } from '../../schema/metadata/names.ts';
import {
  duplicate,
  each,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { counted, withStatus } from '../plain-rules.ts';
import { validateSelector } from '../selectors.ts';
import { type Body, child, count, deep, fill, has, items, made, text, texts } from '../values.ts';
import { API_SERVICES } from './api-services.ts';
import { CERTIFICATE_REQUESTS } from './certificate-requests.ts';
import { conditionProblems, expressionProblems } from './policy-expressions.ts';
import { ruleProblems } from './rule-problems.ts';
import { clientProblems } from './webhook-client.ts';

const GROUP = 'admissionregistration.k8s.io';

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
    items(webhook, 'rules').forEach((rule, index) => {
      found.push(...ruleProblems(rule, `${place}.rules[${index}]`));
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
    for (const key of ['namespaceSelector', 'objectSelector'])
      found.push(...validateSelector(child(webhook, key), `${place}.${key}`));
    const again = text(webhook, 'reinvocationPolicy');
    const known = ['IfNeeded', 'Never'];
    if (again !== '' && !known.includes(again)) found.push(notSupported(`${place}.reinvocationPolicy`, again, known));
    found.push(...clientProblems(child(webhook, 'clientConfig'), `${place}.clientConfig`));
    found.push(...conditionProblems(webhook, `${place}.matchConditions`, false));
    const versions = texts(webhook, 'admissionReviewVersions');
    if (versions.length === 0) {
      found.push(required(`${place}.admissionReviewVersions`, 'must specify one of v1, v1beta1'));
    } else if (!versions.some((version) => version === 'v1' || version === 'v1beta1')) {
      const said = 'must include at least one of v1, v1beta1';
      found.push(invalidValue(`${place}.admissionReviewVersions`, versions, said));
    }
    if (names.has(name)) found.push(duplicate(`${place}.name`, name));
    names.add(name);
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
function defaultMatch(match: Body): void {
  fill(match, 'matchPolicy', 'Equivalent');
  fill(match, 'namespaceSelector', {});
  fill(match, 'objectSelector', {});
  for (const key of ['resourceRules', 'excludeResourceRules']) {
    for (const rule of items(match, key)) fill(rule, 'scope', '*');
  }
}
function matchProblems(match: Body | undefined, field: string): Problem[] {
  if (match === undefined) return [];
  const found: Problem[] = [];
  const [policy, policies] = [text(match, 'matchPolicy'), ['Equivalent', 'Exact']];
  if (!policies.includes(policy)) found.push(notSupported(`${field}.matchPolicy`, policy, policies));
  for (const key of ['namespaceSelector', 'objectSelector'])
    found.push(...validateSelector(child(match, key), `${field}.${key}`));
  for (const key of ['resourceRules', 'excludeResourceRules'])
    items(match, key).forEach((rule, at) => {
      found.push(...ruleProblems(rule, `${field}.${key}[${at}]`));
    });
  return found;
}
function paramKindProblems(kind: Body | undefined): Problem[] {
  if (kind === undefined) return [];
  return ['apiVersion', 'kind'].filter((key) => text(kind, key) === '').map((key) => required(`spec.paramKind.${key}`));
}
function paramRefProblems(ref: Body | undefined): Problem[] {
  if (ref === undefined) return [];
  const field = 'spec.paramRef';
  const [named, selected] = [text(ref, 'name') !== '', has(ref, 'selector')];
  const both = 'name and selector are mutually exclusive';
  const found: Problem[] = [];
  if (named && selected) found.push(forbiddenField(`${field}.name`, both));
  found.push(...validateSelector(child(ref, 'selector'), `${field}.selector`));
  if (named && selected) found.push(forbiddenField(`${field}.selector`, both));
  if (!named && !selected) found.push(required(field, 'one of name or selector must be specified'));
  const action = text(ref, 'parameterNotFoundAction');
  if (action === '') found.push(required(`${field}.parameterNotFoundAction`));
  else if (action !== 'Deny' && action !== 'Allow')
    found.push(notSupported(`${field}.parameterNotFoundAction`, action, ['Deny', 'Allow']));
  return found;
}
function validatePolicy(policy: KubeObject): Problem[] {
  const spec = child(policy, 'spec') ?? {};
  const found: Problem[] = [];
  const failure = text(spec, 'failurePolicy');
  if (!['Fail', 'Ignore'].includes(failure))
    found.push(notSupported('spec.failurePolicy', failure, ['Fail', 'Ignore']));
  found.push(...paramKindProblems(child(spec, 'paramKind')));
  if (!has(spec, 'matchConstraints')) found.push(required('spec.matchConstraints'));
  else found.push(...matchProblems(child(spec, 'matchConstraints'), 'spec.matchConstraints'));
  if (has(spec, 'matchConstraints') && items(child(spec, 'matchConstraints'), 'resourceRules').length === 0) {
    found.push(required('spec.matchConstraints.resourceRules'));
  }
  return [...found, ...expressionProblems(spec, policy.metadata.name ?? '')];
}
function validateBinding(binding: KubeObject): Problem[] {
  const spec = child(binding, 'spec') ?? {};
  const found: Problem[] = [];
  const name = text(spec, 'policyName');
  if (name === '') found.push(required('spec.policyName'));
  else found.push(...each('spec.policyName', name, dnsSubdomain(name)));
  found.push(...paramRefProblems(child(spec, 'paramRef')));
  found.push(...matchProblems(child(spec, 'matchResources'), 'spec.matchResources'));
  const actions = texts(spec, 'validationActions');
  if (actions.length === 0)
    found.push(required('spec.validationActions', 'at least one validation action is required'));
  const known = ['Audit', 'Deny', 'Warn'];
  actions.forEach((action, at) => {
    if (actions.indexOf(action) < at) found.push(duplicate(`spec.validationActions[${at}]`, action));
    else if (!known.includes(action)) found.push(notSupported(`spec.validationActions[${at}]`, action, known));
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
    statusKeeps: 'metadata',
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
  API_SERVICES,
  CERTIFICATE_REQUESTS,
];
