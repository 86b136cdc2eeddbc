import type { KubeObject } from '../../objects/json.ts';
import { compareText, type ResourceName } from '../../objects/key.ts';
import type { StoreChange } from '../storage/store.ts';
import type { StoreView } from '../storage/store-view.ts';
import type { Authorizer, Decision, RulesOf } from './authorizer.ts';
import { type PolicyRule, ruleAllows } from './policy-rule.ts';
import type { User } from './user.ts';

const name = (plural: string): ResourceName => `${plural}.rbac.authorization.k8s.io` as ResourceName;
const [ROLES, CLUSTER_ROLES] = [name('roles'), name('clusterroles')];
const [BINDINGS, CLUSTER_BINDINGS] = [name('rolebindings'), name('clusterrolebindings')];
const RBAC = new Set<string>([ROLES, CLUSTER_ROLES, BINDINGS, CLUSTER_BINDINGS]);
/** The group whose members may do anything, whatever the roles say. */
export const MASTERS = 'system:masters';

/** `roleRef` of a binding. */
export interface RoleRef {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
}
interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}
interface Source {
  readonly text: string;
  readonly rules: readonly PolicyRule[];
}
interface Resolved {
  readonly sources: readonly Source[];
  /** Roles that bindings name and that are not there. */
  readonly missing: readonly { readonly kind: string; readonly name: string }[];
}

/** RBAC and the bypass of `system:masters` over the stored roles and bindings. */
export interface Rbac extends Authorizer {
  /** Everything that holds for someone in a namespace ('' for cluster scope), and the roles that were not found. */
  resolve(user: User, namespace: string): { rules: readonly PolicyRule[]; missing: readonly string[] };
  /** The rules of a role; undefined when it is not there. */
  rulesOf(ref: RoleRef, namespace: string): readonly PolicyRule[] | undefined;
  /** Must be told every change of the store. */
  onChange(change: StoreChange): void;
}

/** Several errors as one: `[a, b]`, the same one once. */
const joined = (texts: readonly string[]): string => {
  const distinct = [...new Set(texts)];
  return distinct.length === 1 ? (distinct[0] ?? '') : `[${distinct.join(', ')}]`;
};
const notFoundText = (missing: { kind: string; name: string }): string =>
  `${missing.kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(missing.name)} not found`;
const rulesIn = (role: KubeObject): readonly PolicyRule[] => (role.rules ?? []) as readonly PolicyRule[];
const byName = (a: KubeObject, b: KubeObject): number => compareText(a.metadata.name ?? '', b.metadata.name ?? '');

export function rbac(store: StoreView): Rbac {
  /** What was found for a user, until a role or binding changes. Users are told apart by identity first. */
  let known = new Map<string, Resolved>();
  let texts = new WeakMap<User, string>();

  function resolve(user: User, namespace: string): Resolved {
    let who = texts.get(user);
    if (who === undefined) {
      who = `${user.name}\0${user.groups.join('\0')}`;
      texts.set(user, who);
    }
    const key = `${namespace}\0${who}`;
    const found = known.get(key) ?? find(user, namespace);
    if (known.size > 10_000) known = new Map();
    known.set(key, found);
    return found;
  }

  function find(user: User, namespace: string): Resolved {
    const sources: Source[] = [];
    const missing: { kind: string; name: string }[] = [];
    const add = (binding: KubeObject, scope: string): void => {
      const subject = ((binding.subjects ?? []) as readonly Subject[]).find((one) => applies(user, one, scope));
      if (subject === undefined) return;
      const ref = binding.roleRef as RoleRef;
      const rules = rulesOf(ref, scope);
      if (rules === undefined) missing.push(ref);
      else sources.push({ text: sourceText(binding, ref, subject, scope), rules });
    };
    for (const binding of [...store.list(CLUSTER_BINDINGS)].sort(byName)) add(binding, '');
    if (namespace !== '')
      for (const binding of [...store.list(BINDINGS, namespace)].sort(byName)) add(binding, namespace);
    return { sources, missing };
  }

  function rulesOf(ref: RoleRef, namespace: string): readonly PolicyRule[] | undefined {
    const role =
      ref.kind === 'Role' ? store.get(ROLES, namespace, ref.name) : store.get(CLUSTER_ROLES, undefined, ref.name);
    return role === undefined ? undefined : rulesIn(role);
  }

  return {
    authorize(deed): Decision {
      if (deed.user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
      const { sources, missing } = resolve(deed.user, deed.namespace ?? '');
      for (const { rules, text } of sources)
        for (const rule of rules)
          if (ruleAllows(rule, deed)) return { allowed: true, reason: `RBAC: allowed by ${text}` };
      return { allowed: false, reason: missing.length === 0 ? '' : `RBAC: ${joined(missing.map(notFoundText))}` };
    },
    rulesFor(user, namespace): RulesOf {
      const { sources, missing } = resolve(user, namespace);
      const rules = sources.flatMap((source) => source.rules);
      return {
        resourceRules: rules.flatMap(({ verbs = [], apiGroups, resources, resourceNames }) =>
          resources === undefined || resources.length === 0
            ? []
            : [
                {
                  verbs,
                  ...(apiGroups === undefined ? {} : { apiGroups }),
                  resources,
                  ...(resourceNames === undefined || resourceNames.length === 0 ? {} : { resourceNames }),
                },
              ],
        ),
        nonResourceRules: rules.flatMap(({ verbs = [], nonResourceURLs }) =>
          nonResourceURLs === undefined || nonResourceURLs.length === 0 ? [] : [{ verbs, nonResourceURLs }],
        ),
        incomplete: false,
        ...(missing.length === 0 ? {} : { error: joined(missing.map(notFoundText)) }),
      };
    },
    resolve(user, namespace) {
      const { sources, missing } = resolve(user, namespace);
      return { rules: sources.flatMap((source) => source.rules), missing: missing.map((one) => one.name) };
    },
    rulesOf,
    onChange(change) {
      if (!RBAC.has(change.now.resource)) return;
      known = new Map();
      texts = new WeakMap();
    },
  };
}

function applies(user: User, subject: Subject, bindingNamespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return user.name === subject.name;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount': {
      const namespace = subject.namespace ?? bindingNamespace;
      return namespace !== '' && user.name === `system:serviceaccount:${namespace}:${subject.name}`;
    }
    default:
      return false;
  }
}

/** The server really writes `name/namespace`, in this order. */
function sourceText(binding: KubeObject, ref: RoleRef, subject: Subject, scope: string): string {
  const quote = JSON.stringify;
  const own = binding.metadata.name ?? '';
  const which = scope === '' ? `ClusterRoleBinding ${quote(own)}` : `RoleBinding ${quote(`${own}/${scope}`)}`;
  const who = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace ?? scope}` : subject.name;
  return `${which} of ${ref.kind} ${quote(ref.name)} to ${subject.kind} ${quote(who)}`;
}
