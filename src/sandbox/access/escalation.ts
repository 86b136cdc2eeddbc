import { isJsonObject, type JsonObject, type KubeObject } from '../../objects/json.ts';
import { sameJson } from '../../objects/same-json.ts';
import { forbidden, notFound } from '../status/refusal.ts';
import { describeMissing, type PolicyRule, quotedList, uncovered } from './policy-rule.ts';
import { MASTERS, type Rbac, type RoleRef } from './rbac.ts';
import type { User } from './user.ts';

export const RBAC_GROUP = 'rbac.authorization.k8s.io';
const EVERYTHING: readonly PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

/** A write of a Role, ClusterRole or binding: `name` as the request's path gives it ('' on POST). */
export interface RoleWrite {
  readonly user: User;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly object: JsonObject;
  /** Undefined on a create. */
  readonly before: KubeObject | undefined;
}

/**
 * Nobody grants what they do not hold themselves, unless they may `escalate` the role or `bind` what the binding names.
 * Comes after mutating admission and before validation. Throws the 403 (or the 404 of a role that is not there).
 */
export function refuseEscalation(write: RoleWrite, rbac: Rbac): void {
  if (write.user.groups.includes(MASTERS)) return;
  if (write.plural === 'roles' || write.plural === 'clusterroles') refuseRole(write, rbac);
  else if (write.plural === 'rolebindings' || write.plural === 'clusterrolebindings') refuseBinding(write, rbac);
}

function refuseRole(write: RoleWrite, rbac: Rbac): void {
  const { user, plural, name, object, before } = write;
  const namespace = write.namespace ?? '';
  if (rbac.authorize({ user, verb: 'escalate', group: RBAC_GROUP, resource: plural, name, namespace }).allowed) return;
  if (onlyForCollection(object, before)) return;
  confirm(write, (object.rules ?? []) as readonly PolicyRule[], rbac);
  if (plural !== 'clusterroles' || !(aggregates(object) || aggregates(before))) return;
  if (lacking(write, EVERYTHING, rbac).length > 0)
    throw forbiddenWrite(write, 'must have cluster-admin privileges to use the aggregationRule');
}

function refuseBinding(write: RoleWrite, rbac: Rbac): void {
  const { user, object, before } = write;
  if (onlyForCollection(object, before) || !isJsonObject(object.roleRef)) return;
  const namespace = write.namespace ?? '';
  const ref = object.roleRef as unknown as RoleRef;
  const resource = ref.kind === 'ClusterRole' ? 'clusterroles' : ref.kind === 'Role' ? 'roles' : undefined;
  if (resource === undefined) return;
  const deed = { user, verb: 'bind', group: ref.apiGroup ?? RBAC_GROUP, resource, name: ref.name, namespace };
  if (rbac.authorize(deed).allowed) return;
  const rules = rbac.rulesOf(ref, namespace);
  // The server names the resource of the request here, not that of the role.
  if (rules === undefined) throw notFound({ group: RBAC_GROUP, resource: write.plural }, ref.name);
  confirm(write, rules, rbac);
}

const aggregates = (role: { readonly [key: string]: unknown } | undefined): boolean => {
  const rule = role?.aggregationRule as { clusterRoleSelectors?: readonly unknown[] } | undefined;
  return (rule?.clusterRoleSelectors?.length ?? 0) > 0;
};

const lacking = (write: RoleWrite, wanted: readonly PolicyRule[], rbac: Rbac): PolicyRule[] =>
  uncovered(rbac.resolve(write.user, write.namespace ?? '').rules, wanted);

function confirm(write: RoleWrite, wanted: readonly PolicyRule[], rbac: Rbac): void {
  const missing = lacking(write, wanted, rbac);
  if (missing.length === 0) return;
  const { name, groups } = write.user;
  const dangling = rbac.resolve(write.user, write.namespace ?? '').missing;
  const errors = [
    ...new Set(dangling.map((role) => `${write.plural}.${RBAC_GROUP} ${JSON.stringify(role)} not found`)),
  ];
  const tail =
    errors.length === 0 ? '' : `; resolution errors: [${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}]`;
  throw forbiddenWrite(
    write,
    `user ${JSON.stringify(name)} (groups=${quotedList(groups)}) is attempting to grant RBAC permissions not currently held:\n${describeMissing(missing)}${tail}`,
  );
}

function forbiddenWrite(write: RoleWrite, why: string): Error {
  const meta = isJsonObject(write.object.metadata) ? write.object.metadata : {};
  const name = typeof meta.name === 'string' ? meta.name : '';
  return forbidden({ group: RBAC_GROUP, resource: write.plural }, name, why);
}

/** A write that changes only what the garbage collector needs is never an escalation. */
function onlyForCollection(object: JsonObject, before: KubeObject | undefined): boolean {
  if (before === undefined) return false;
  const rest = (whole: JsonObject): JsonObject => {
    const { ownerReferences, finalizers, managedFields, selfLink, ...metadata } = isJsonObject(whole.metadata)
      ? whole.metadata
      : {};
    return { ...whole, metadata };
  };
  return sameJson(rest(object), rest(before as unknown as JsonObject));
}
