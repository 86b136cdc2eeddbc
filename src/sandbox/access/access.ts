import { randomBytes } from 'node:crypto';
import type { Json, KubeObject, MutableJsonObject } from '../../objects/json.ts';
import type { Clock } from '../clock.ts';
import type { StoreChange } from '../storage/store.ts';
import type { StoreView } from '../storage/store-view.ts';
import { type Authenticator, authenticator, type RequestHeaders } from './authenticate.ts';
import { ALWAYS_ALLOW, type Authorizer, type Deed, requireAccess } from './authorizer.ts';
import { impersonate } from './impersonation.ts';
import { type Rbac, rbac } from './rbac.ts';
import { answer } from './reviews.ts';
import { answerTokenRequest } from './token-request.ts';
import { TokenSigner } from './token-signer.ts';
import type { User } from './user.ts';

export interface AccessOptions {
  readonly store: StoreView;
  readonly clock: Clock;
  /** Default: rbac. */
  readonly authorization?: 'rbac' | 'always-allow';
  /** Static tokens; `system:authenticated` is added to the groups. */
  readonly tokens?: ReadonlyMap<string, User>;
  /** Default: https://kubernetes.default.svc; it is the audience, too. */
  readonly issuer?: string;
  /** Signs tokens of service accounts. Default: random. */
  readonly signingKey?: string;
  newUid(): string;
}

/** A create of a resource that is not stored: a review, or `serviceaccounts/NAME/token`. */
export interface VirtualCreate {
  readonly plural: string;
  readonly subresource?: string | undefined;
  readonly namespace: string | undefined;
  /** Of the service account. */
  readonly name?: string;
  /** Owned by the request; managed fields that stand in it come back in the answer. */
  readonly body: MutableJsonObject;
  readonly user: User;
}

/** Who asks and whether they may. */
export interface Access {
  readonly authorizer: Authorizer;
  readonly authenticator: Authenticator;
  /** Absent under always-allow: nothing can be escalated there. */
  readonly rbac: Rbac | undefined;
  /** The user that a request acts as. Throws 401, 403, or a PlainRefusal. */
  userOf(headers: RequestHeaders, uri: string): User;
  /** Throws the 403 unless the deed is allowed. */
  require(deed: Deed): void;
  /** Whether `answerReview` answers creates of this resource. */
  isVirtual(plural: string, group: string, subresource?: string): boolean;
  /** The body of the 201. Permission to ask was checked before. */
  answerReview(review: VirtualCreate): MutableJsonObject;
  /** The token for a Secret of type kubernetes.io/service-account-token. */
  legacyToken(account: KubeObject, secret: KubeObject): string;
  /** Whose tokens they are, and the keys to check them with. */
  readonly issuer: string;
  tokenKeys(): Json;
  /** Must be told every change of the store. */
  onChange(change: StoreChange): void;
}

const REVIEWS: Readonly<Record<string, readonly string[]>> = {
  'authorization.k8s.io': [
    'selfsubjectaccessreviews',
    'subjectaccessreviews',
    'localsubjectaccessreviews',
    'selfsubjectrulesreviews',
  ],
  'authentication.k8s.io': ['tokenreviews', 'selfsubjectreviews'],
};

export function makeAccess(options: AccessOptions): Access {
  const { store, clock, issuer = 'https://kubernetes.default.svc' } = options;
  const roles = options.authorization === 'always-allow' ? undefined : rbac(store);
  const authorizer = roles ?? ALWAYS_ALLOW;
  const signer = new TokenSigner(options.signingKey ?? randomBytes(32).toString('hex'));
  const tokens = options.tokens ?? new Map<string, User>();
  const known = authenticator({ tokens, signer, store, clock, audience: issuer });
  return {
    authorizer,
    authenticator: known,
    rbac: roles,
    issuer,
    tokenKeys: () => signer.keys(),
    userOf: (headers, uri) => impersonate(known.authenticate(headers), headers, uri, authorizer),
    require: (deed) => requireAccess(authorizer, deed),
    isVirtual: (plural, group, subresource) =>
      (group === '' && plural === 'serviceaccounts' && subresource === 'token') ||
      ((subresource ?? '') === '' && (REVIEWS[group]?.includes(plural) ?? false)),
    answerReview(review) {
      const { plural, namespace, body, name, user } = review;
      if (review.subresource === 'token')
        return answerTokenRequest(body, namespace ?? '', name ?? '', {
          signer,
          clock,
          store,
          audience: issuer,
          newUid: options.newUid,
        });
      const found = answer(
        { plural, namespace, body, user },
        { authorizer, authenticator: known, clock, audience: issuer },
      );
      if (found === undefined) throw new Error(`${plural} is no review`);
      return found;
    },
    legacyToken: (account, secret) => signer.legacy(account, secret.metadata.name ?? ''),
    onChange: (change) => roles?.onChange(change),
  };
}
