import { forbidden, type Refusal, refusal } from '../status/refusal.ts';
import type { User } from './user.ts';

/** What someone wants to do. With `path` it is no resource: `{ verb: 'get', path: '/metrics' }`. */
export interface Deed {
  readonly user: User;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, or one of RBAC's own. */
  readonly verb: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  /** Of a request on the Namespace object `n`, too, it is `n`. */
  readonly namespace?: string | undefined;
  /** '' on lists, creates and deletes of collections. */
  readonly name?: string;
  readonly path?: string;
}

/** `reason` says what allowed it, or what could not be looked at. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

export interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}
export interface PathRule {
  readonly verbs: readonly string[];
  readonly nonResourceURLs: readonly string[];
}
/** The rules that hold for someone in a namespace; `error` when some could not be found. */
export interface RulesOf {
  readonly resourceRules: readonly ResourceRule[];
  readonly nonResourceRules: readonly PathRule[];
  readonly incomplete: boolean;
  readonly error?: string;
}

export interface Authorizer {
  authorize(deed: Deed): Decision;
  rulesFor(user: User, namespace: string): RulesOf;
}

/** As `--authorization-mode=AlwaysAllow`. */
export const ALWAYS_ALLOW: Authorizer = {
  authorize: () => ({ allowed: true, reason: '' }),
  rulesFor: () => ({
    resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    incomplete: false,
  }),
};

/** The API server does not let its messages look like HTML. */
const harmless = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function sentence(deed: Deed): string {
  const who = `User ${JSON.stringify(deed.user.name)} cannot ${deed.verb}`;
  if (deed.resource === undefined) return `${who} path ${JSON.stringify(deed.path ?? '')}`;
  const sub = deed.subresource === undefined || deed.subresource === '' ? '' : `/${deed.subresource}`;
  const what = `${who} resource ${JSON.stringify(deed.resource + sub)} in API group ${JSON.stringify(deed.group ?? '')}`;
  return deed.namespace === undefined || deed.namespace === ''
    ? `${what} at the cluster scope`
    : `${what} in the namespace ${JSON.stringify(deed.namespace)}`;
}

/** 403: who cannot do what, and what stood in the way of finding out. */
export function accessDenied(deed: Deed, reason: string): Refusal {
  const why = harmless(sentence(deed)) + (reason === '' ? '' : `: ${reason}`);
  if (deed.resource !== undefined)
    return forbidden({ group: deed.group ?? '', resource: deed.resource }, deed.name ?? '', why);
  return refusal({ code: 403, reason: 'Forbidden', message: `forbidden: ${why}`, details: {} });
}

/** Throws the 403 unless the deed is allowed. */
export function requireAccess(authorizer: Authorizer, deed: Deed): void {
  const { allowed, reason } = authorizer.authorize(deed);
  if (!allowed) throw accessDenied(deed, reason);
}
