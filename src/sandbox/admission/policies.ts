import type { KubeObject } from '../../objects/json.ts';
import { resourceName } from '../../objects/key.ts';
import { refusal } from '../status/refusal.ts';
import { forbiddenAttempt } from './attempts.ts';
import type { AdmissionPlugin, Attempt } from './plugin.ts';
import { type CompiledPolicy, compilePolicy, type Decision } from './policies-evaluation.ts';
import { paramsFor } from './policies-params.ts';
import type { MatchResources, PolicyBindingSpec, PolicyParts, PolicySpec } from './policies-shapes.ts';

export type { PolicyParts } from './policies-shapes.ts';

import { isExempt, versionFor } from './webhooks/matching.ts';

const GROUP = 'admissionregistration.k8s.io';
const POLICIES = resourceName(GROUP, 'validatingadmissionpolicies');
const BINDINGS = resourceName(GROUP, 'validatingadmissionpolicybindings');
/** Reviews of permission and identity are never judged by policies. */
const NEVER = new Set(['authentication.k8s.io', 'authorization.k8s.io']);

/** ValidatingAdmissionPolicies and their bindings: 422 `ValidatingAdmissionPolicy 'x' with binding 'y' denied request: ...`. */
export function validatingPolicies(parts: PolicyParts): AdmissionPlugin {
  const compiled = new WeakMap<KubeObject, CompiledPolicy>();
  return {
    name: 'ValidatingAdmissionPolicy',
    validate(attempt) {
      if (isExempt(attempt) || NEVER.has(attempt.group)) return;
      const { store } = attempt.context;
      let bindings: readonly KubeObject[] | undefined;
      const denied: Denial[] = [];
      for (const policy of store.list(POLICIES)) {
        const name = policy.metadata.name ?? '';
        bindings ??= [...store.list(BINDINGS)];
        const own = bindings.filter((binding) => (binding.spec as PolicyBindingSpec).policyName === name);
        if (own.length === 0) continue;
        const spec = policy.spec as PolicySpec;
        if (!selects(spec.matchConstraints, attempt, true)) continue;
        let ready = compiled.get(policy);
        if (ready === undefined) {
          ready = compilePolicy(spec);
          compiled.set(policy, ready);
        }
        for (const binding of own) denied.push(...ofBinding(policy, spec, ready, binding, attempt, parts));
      }
      const [first] = denied;
      if (first !== undefined) throw refuse(attempt, first);
    },
  };
}

interface Denial extends Decision {
  readonly policy: string;
  readonly binding: string | undefined;
}

function ofBinding(
  policy: KubeObject,
  spec: PolicySpec,
  ready: CompiledPolicy,
  binding: KubeObject,
  attempt: Attempt,
  parts: PolicyParts,
): Denial[] {
  const rules = binding.spec as PolicyBindingSpec;
  if (!selects(rules.matchResources, attempt, false)) return [];
  const who = { policy: policy.metadata.name ?? '', binding: binding.metadata.name ?? '' };
  const params = paramsFor(spec, rules, attempt, parts);
  if ('error' in params) {
    if (spec.failurePolicy === 'Ignore') return [];
    return [{ ...who, message: `failed to configure binding: ${params.error}`, reason: undefined }];
  }
  const denied: Denial[] = [];
  for (const param of params.objects) {
    for (const decision of ready.judge(attempt, param, parts.authorizer)) {
      for (const action of rules.validationActions ?? []) {
        if (action === 'Deny') denied.push({ ...who, ...decision });
        else if (action === 'Warn')
          attempt.context.warn(
            `Validation failed for ValidatingAdmissionPolicy '${who.policy}' with binding '${who.binding}': ${decision.message}`,
          );
      }
    }
  }
  return denied;
}

/** Whether a write is meant. A binding without rules means everything that its policy means. */
function selects(match: MatchResources | undefined, attempt: Attempt, mustHaveRules: boolean): boolean {
  if (match === undefined) return !mustHaveRules;
  const { namespaceSelector, objectSelector, matchPolicy } = match;
  const selectors = {
    ...(namespaceSelector === undefined ? {} : { namespaceSelector }),
    ...(objectSelector === undefined ? {} : { objectSelector }),
    ...(matchPolicy === undefined ? {} : { matchPolicy }),
  };
  const meant = (rules: MatchResources['resourceRules']): boolean =>
    (rules ?? []).some(
      (rule) =>
        versionFor({ ...selectors, rules: [rule] } as never, attempt, [attempt.version]) !== undefined &&
        ((rule.resourceNames ?? []).length === 0 || (rule.resourceNames ?? []).includes(attempt.name)),
    );
  if (meant(match.excludeResourceRules)) return false;
  if ((match.resourceRules ?? []).length > 0) return meant(match.resourceRules);
  const all = { operations: ['*', attempt.operation], apiGroups: ['*'], apiVersions: ['*'], resources: ['*', '*/*'] };
  return versionFor({ ...selectors, rules: [all] } as never, attempt, [attempt.version]) !== undefined;
}

const CODES: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};

function refuse(attempt: Attempt, denial: Denial): Error {
  const by = denial.binding === undefined ? '' : ` with binding '${denial.binding}'`;
  const message = `ValidatingAdmissionPolicy '${denial.policy}'${by} denied request: ${denial.message}`;
  const { status } = forbiddenAttempt(attempt, message, [{ reason: '', message }]);
  const reason = denial.reason ?? 'Invalid';
  return refusal({
    code: CODES[reason] ?? 422,
    reason,
    message: status.message,
    ...(status.details === undefined ? {} : { details: { ...status.details, causes: [{ message } as never] } }),
  });
}
