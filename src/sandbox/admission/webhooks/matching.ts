import { isJsonObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import { isEmptySelector } from '../../../objects/selector-shape.ts';
import { labelsMatch } from '../label-match.ts';
import type { Attempt } from '../plugin.ts';
import type { Hook, HookRule } from './hook.ts';

const CONFIGURATION = /^(Validating|Mutating)(WebhookConfiguration|AdmissionPolicy|AdmissionPolicyBinding)$/;

/** Configurations of admission itself are never sent to webhooks. */
export const isExempt = (attempt: Attempt): boolean =>
  attempt.group === 'admissionregistration.k8s.io' && CONFIGURATION.test(attempt.kind);

/** The version in which the webhook wants the object; undefined when the write is none of its business. */
export function versionFor(hook: Hook, attempt: Attempt, versions: readonly string[]): string | undefined {
  const rules = hook.rules ?? [];
  const direct = rules.some((rule) => ruleMatches(rule, attempt, attempt.version));
  const version = direct
    ? attempt.version
    : (hook.matchPolicy ?? 'Equivalent') === 'Equivalent'
      ? rules.flatMap((rule) => versions.filter((other) => ruleMatches(rule, attempt, other)))[0]
      : undefined;
  return version !== undefined && namespaceMatches(hook, attempt) && objectMatches(hook, attempt) ? version : undefined;
}

const has = (list: readonly string[] | undefined, wanted: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(wanted));

function ruleMatches(rule: HookRule, attempt: Attempt, version: string): boolean {
  if (!has(rule.operations, attempt.operation) || !has(rule.apiGroups, attempt.group)) return false;
  if (!has(rule.apiVersions, version)) return false;
  const clustered = (attempt.group === '' && attempt.plural === 'namespaces') || (attempt.namespace ?? '') === '';
  if (rule.scope === 'Namespaced' ? clustered : rule.scope === 'Cluster' && !clustered) return false;
  return (rule.resources ?? []).some((one) => {
    const slash = one.indexOf('/');
    const [resource, sub] = slash < 0 ? [one, ''] : [one.slice(0, slash), one.slice(slash + 1)];
    return (resource === '*' || resource === attempt.plural) && (sub === '*' || sub === (attempt.subresource ?? ''));
  });
}

type Labels = Readonly<Record<string, string>> | undefined;
const labelsOf = (object: unknown): Labels =>
  isJsonObject(object) && isJsonObject(object.metadata) ? (object.metadata.labels as unknown as Labels) : undefined;

function namespaceMatches({ namespaceSelector }: Hook, attempt: Attempt): boolean {
  if (isEmptySelector(namespaceSelector)) return true;
  if (attempt.group === '' && attempt.plural === 'namespaces')
    return labelsMatch(namespaceSelector, labelsOf(attempt.operation === 'DELETE' ? attempt.before : attempt.object));
  if ((attempt.namespace ?? '') === '') return true;
  const namespace = attempt.context.store.get('namespaces' as ResourceName, undefined, attempt.namespace ?? '');
  return namespace !== undefined && labelsMatch(namespaceSelector, namespace.metadata.labels);
}

function objectMatches({ objectSelector }: Hook, attempt: Attempt): boolean {
  if (isEmptySelector(objectSelector)) return true;
  return [attempt.object, attempt.before].some(
    (object) => object !== undefined && labelsMatch(objectSelector, labelsOf(object)),
  );
}
