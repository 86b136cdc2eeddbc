import { isJsonObject, type Json, type JsonObject, type MutableJsonObject } from '../../objects/json.ts';
import { type Clock, timestamp } from '../clock.ts';
import { invalid, type Problem } from '../status/problem.ts';
import { badRequest, Refusal } from '../status/refusal.ts';
import type { Authenticator } from './authenticate.ts';
import type { Authorizer, Deed } from './authorizer.ts';
import type { User } from './user.ts';

const AUTHORIZATION = 'authorization.k8s.io';

export interface ReviewParts {
  readonly authorizer: Authorizer;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  /** The audience of the API server. */
  readonly audience: string;
}

/** One question: the plural without its group, and the body as it was sent (with managed fields, if they are kept). */
export interface Review {
  readonly plural: string;
  /** Only of a LocalSubjectAccessReview. */
  readonly namespace: string | undefined;
  readonly body: MutableJsonObject;
  readonly user: User;
}

/** The answer's body (201), or undefined when the resource is no review. `body` may stand in it. */
export function answer(review: Review, parts: ReviewParts): MutableJsonObject | undefined {
  switch (review.plural) {
    case 'selfsubjectaccessreviews':
    case 'subjectaccessreviews':
    case 'localsubjectaccessreviews':
      return accessReview(review, parts);
    case 'selfsubjectrulesreviews':
      return rulesReview(review, parts);
    case 'selfsubjectreviews':
      return selfReview(review, parts);
    case 'tokenreviews':
      return tokenReview(review, parts);
    default:
      return undefined;
  }
}

const part = (holder: MutableJsonObject, key: string): MutableJsonObject | undefined =>
  isJsonObject(holder[key]) ? (holder[key] as MutableJsonObject) : undefined;
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const texts = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

function accessReview({ plural, namespace, body, user }: Review, parts: ReviewParts): MutableJsonObject {
  const spec = part(body, 'spec') ?? {};
  const resource = part(spec, 'resourceAttributes');
  const path = part(spec, 'nonResourceAttributes');
  const problems = problemsOf(plural, spec, body);
  if (problems.length > 0) throw nameless(problems);
  const asked: User =
    plural === 'selfsubjectaccessreviews'
      ? user
      : { name: text(spec.user), uid: text(spec.uid), groups: texts(spec.groups) };
  if (plural === 'localsubjectaccessreviews' && namespace !== text(part(body, 'metadata')?.namespace))
    throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
  const { allowed, reason } = parts.authorizer.authorize(deedOf(asked, resource, path));
  body.status = { allowed, ...(reason === '' ? {} : { reason }) };
  body.metadata ??= {};
  return body;
}

function deedOf(user: User, resource: MutableJsonObject | undefined, path: MutableJsonObject | undefined): Deed {
  if (resource === undefined) return { user, verb: text(path?.verb), path: text(path?.path) };
  return {
    user,
    verb: text(resource.verb),
    group: text(resource.group),
    resource: text(resource.resource),
    subresource: text(resource.subresource),
    namespace: text(resource.namespace),
    name: text(resource.name),
  };
}

/** Kinds of virtual resources lose their kind on the way to validation: the message names none. */
function nameless(problems: readonly Problem[]): Refusal {
  const { status } = invalid(AUTHORIZATION, '', '', problems);
  const { kind, ...details } = status.details ?? {};
  return new Refusal({ ...status, details });
}

/** As Go writes the internal struct, which has no JSON names. */
const asGo = (attributes: MutableJsonObject): JsonObject => ({
  Path: text(attributes.path),
  Verb: text(attributes.verb),
});

function problemsOf(plural: string, spec: MutableJsonObject, body: MutableJsonObject): Problem[] {
  const resource = part(spec, 'resourceAttributes');
  const path = part(spec, 'nonResourceAttributes');
  const found: Problem[] = [];
  const wrong = (field: string, value: unknown, detail: string): void => {
    found.push({ kind: 'invalid', field, value, detail });
  };
  if (resource !== undefined && path !== undefined)
    wrong('spec.nonResourceAttributes', asGo(path), 'cannot be specified in combination with resourceAttributes');
  if (resource === undefined && path === undefined)
    wrong(
      'spec.resourceAttributes',
      null,
      'exactly one of nonResourceAttributes or resourceAttributes must be specified',
    );
  const self = plural === 'selfsubjectaccessreviews';
  if (!self && text(spec.user) === '' && texts(spec.groups).length === 0)
    wrong('spec.user', '', 'at least one of user or group must be specified');
  const local = plural === 'localsubjectaccessreviews';
  const metadata = part(body, 'metadata') ?? {};
  const others = Object.keys(metadata).filter((key) => key !== 'managedFields' && !(local && key === 'namespace'));
  if (others.length > 0) wrong('metadata', metadata, local ? 'must be empty except for namespace' : 'must be empty');
  if (local && resource !== undefined && text(resource.namespace) !== text(metadata.namespace))
    wrong('spec.resourceAttributes.namespace', text(resource.namespace), 'must match metadata.namespace');
  if (local && path !== undefined)
    wrong('spec.nonResourceAttributes', asGo(path), 'disallowed on this kind of request');
  return found;
}

function rulesReview({ body, user }: Review, { authorizer }: ReviewParts): MutableJsonObject {
  const namespace = text(part(body, 'spec')?.namespace);
  if (namespace === '') throw badRequest('no namespace on request');
  const { resourceRules, nonResourceRules, incomplete, error } = authorizer.rulesFor(user, namespace);
  return {
    kind: 'SelfSubjectRulesReview',
    apiVersion: `${AUTHORIZATION}/v1`,
    metadata: {},
    spec: {},
    status: {
      resourceRules: resourceRules.map((rule) => ({ ...rule })) as unknown as MutableJsonObject[],
      nonResourceRules: nonResourceRules.map((rule) => ({ ...rule })) as unknown as MutableJsonObject[],
      incomplete,
      ...(error === undefined ? {} : { evaluationError: error }),
    },
  };
}

/** A UserInfo as the server shows it: what is empty is left out. */
export function userInfo(user: User): MutableJsonObject {
  return {
    ...(user.name === '' ? {} : { username: user.name }),
    ...(user.uid === undefined || user.uid === '' ? {} : { uid: user.uid }),
    ...(user.groups.length === 0 ? {} : { groups: [...user.groups] }),
    ...(user.extra === undefined
      ? {}
      : { extra: Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]])) }),
  };
}

function selfReview({ user }: Review, { clock }: ReviewParts): MutableJsonObject {
  return {
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { creationTimestamp: timestamp(clock.now()) },
    status: { userInfo: userInfo(user) },
  };
}

function tokenReview({ body }: Review, { authenticator, audience }: ReviewParts): MutableJsonObject {
  const spec = part(body, 'spec') ?? {};
  const token = text(spec.token);
  if (token === '') throw badRequest('token is required for TokenReview in authentication');
  const asked = texts(spec.audiences);
  const found = authenticator.find(token, asked.length === 0 ? [audience] : asked);
  body.metadata ??= {};
  body.status =
    found.kind === 'user'
      ? { authenticated: true, user: userInfo(found.user), audiences: [...found.audiences] }
      : { user: {}, error: found.error };
  return body;
}
