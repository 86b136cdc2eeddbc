import type { KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import type { StoreView } from '../storage/store-view.ts';
import { LEGACY_ISSUER, type TokenClaims } from './token-signer.ts';
import type { User } from './user.ts';

const ACCOUNTS = 'serviceaccounts' as ResourceName;
const SECRETS = 'secrets' as ResourceName;
/** A deleted account's tokens live on for the leeway of clocks. */
const LEEWAY_MS = 60_000;

/** Who holds the token, or why it counts no more. */
export type TokenHolder =
  | { readonly kind: 'user'; readonly user: User; readonly audiences: readonly string[] | undefined }
  | { readonly kind: 'refused'; readonly why: string };

const refused = (why: string): TokenHolder => ({ kind: 'refused', why });
const gone = (object: KubeObject, now: number): boolean => {
  const at = object.metadata.deletionTimestamp;
  return at !== undefined && Date.parse(at) < now - LEEWAY_MS;
};

/** Holds a token's claims against the store: account, Secret, Pod and Node must still be the same objects. */
export function holderOf(claims: TokenClaims, token: string, store: StoreView, now: number): TokenHolder {
  return claims.iss === LEGACY_ISSUER ? legacyHolder(claims, token, store, now) : boundHolder(claims, store, now);
}

function boundHolder(claims: TokenClaims, store: StoreView, now: number): TokenHolder {
  if (claims.exp !== undefined && now > claims.exp * 1000 + LEEWAY_MS)
    return refused('service account token has expired');
  const bound = claims['kubernetes.io'];
  if (bound === undefined) return refused('service account token claims could not be validated');
  const { namespace, serviceaccount, pod, secret, node } = bound;
  const account = store.get(ACCOUNTS, namespace, serviceaccount.name);
  if (account === undefined) return refused(`serviceaccounts ${JSON.stringify(serviceaccount.name)} not found`);
  if (account.metadata.uid !== serviceaccount.uid)
    return refused(`service account UID (${account.metadata.uid}) does not match claim (${serviceaccount.uid})`);
  if (gone(account, now)) return refused(`service account ${namespace}/${serviceaccount.name} has been deleted`);
  const extra: Record<string, readonly string[]> = {};
  if (claims.jti !== undefined) extra['authentication.kubernetes.io/credential-id'] = [`JTI=${claims.jti}`];
  const ties = [
    ['secret', SECRETS, namespace, secret],
    ['pod', 'pods' as ResourceName, namespace, pod],
    ['node', 'nodes' as ResourceName, undefined, pod === undefined ? node : undefined],
  ] as const;
  for (const [kind, resource, where, tie] of ties) {
    if (tie === undefined) continue;
    const object = store.get(resource, where, tie.name);
    if (object === undefined || gone(object, now)) return refused('service account token has been invalidated');
    if (object.metadata.uid !== tie.uid)
      return refused(
        `${kind} UID (${object.metadata.uid}) does not match service account ${kind} ref claim (${tie.uid})`,
      );
  }
  for (const [kind, tie] of [
    ['node', node],
    ['pod', pod],
  ] as const) {
    if (tie === undefined) continue;
    extra[`authentication.kubernetes.io/${kind}-name`] = [tie.name];
    extra[`authentication.kubernetes.io/${kind}-uid`] = [tie.uid];
  }
  return { kind: 'user', user: accountUser(namespace, account, extra), audiences: claims.aud };
}

function legacyHolder(claims: TokenClaims, token: string, store: StoreView, now: number): TokenHolder {
  const claim = (what: string): string => String(claims[`kubernetes.io/serviceaccount/${what}`] ?? '');
  const [namespace, name, secretName] = [claim('namespace'), claim('service-account.name'), claim('secret.name')];
  const secret = store.get(SECRETS, namespace, secretName);
  if (secret === undefined || gone(secret, now)) return refused('service account token has been invalidated');
  const held = (secret.data as Readonly<Record<string, string>> | undefined)?.token;
  if (held === undefined || Buffer.from(held, 'base64').toString() !== token)
    return refused("service account token does not match server's copy");
  const account = store.get(ACCOUNTS, namespace, name);
  if (account === undefined) return refused(`serviceaccounts ${JSON.stringify(name)} not found`);
  if (gone(account, now)) return refused(`service account ${namespace}/${name} has been deleted`);
  if (account.metadata.uid !== claim('service-account.uid'))
    return refused(
      `service account UID (${account.metadata.uid}) does not match claim (${claim('service-account.uid')})`,
    );
  return { kind: 'user', user: accountUser(namespace, account, {}), audiences: undefined };
}

/** The user that a service account is. */
export function accountUser(
  namespace: string,
  account: KubeObject,
  extra: Readonly<Record<string, readonly string[]>>,
): User {
  const { name = '', uid = '' } = account.metadata;
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}
