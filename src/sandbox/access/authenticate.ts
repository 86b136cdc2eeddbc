import type { Clock } from '../clock.ts';
import { type Refusal, refusal } from '../status/refusal.ts';
import type { StoreView } from '../storage/store-view.ts';
import { holderOf } from './service-account-token.ts';
import type { TokenSigner } from './token-signer.ts';
import type { User } from './user.ts';

/** Headers by lower-case name; several of one name as a list (Node's `headersDistinct`). */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export const ANONYMOUS: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** Whose token it is, the audiences it serves of those asked for, or what the server says of it. */
export type TokenFound =
  | { readonly kind: 'user'; readonly user: User; readonly audiences: readonly string[] }
  | { readonly kind: 'unknown'; readonly error: string };

/** Tells users by their tokens. */
export interface Authenticator {
  /** Throws the 401 for a token that nobody holds; without one it is the anonymous user. */
  authenticate(headers: RequestHeaders): User;
  find(token: string, audiences: readonly string[]): TokenFound;
}

export interface AuthenticatorParts {
  /** Given at the start: token to user. */
  readonly tokens: ReadonlyMap<string, User>;
  readonly signer: TokenSigner;
  readonly store: StoreView;
  readonly clock: Clock;
  /** The audience of the API server itself. */
  readonly audience: string;
}

export const unauthorized = (): Refusal => refusal({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });

/** A token that was good a moment ago is not looked at again. */
const REMEMBERED_MS = 10_000;
const MOST_REMEMBERED = 10_000;

const first = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

export function authenticator(parts: AuthenticatorParts): Authenticator {
  const { signer, store, clock, audience } = parts;
  const statics = new Map([...parts.tokens].map(([token, user]) => [token, authenticated(user)]));
  const own = [audience];

  const remembered = new Map<string, { readonly until: number; readonly found: TokenFound }>();

  function find(token: string, audiences: readonly string[]): TokenFound {
    const key = `${audiences.join(' ')} ${token}`;
    const known = remembered.get(key);
    if (known !== undefined && clock.now() < known.until) return known.found;
    const found = look(token, audiences);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    if (found.kind === 'user') remembered.set(key, { until: clock.now() + REMEMBERED_MS, found });
    else remembered.delete(key);
    return found;
  }

  function look(token: string, audiences: readonly string[]): TokenFound {
    const served = (said: readonly string[]): readonly string[] => said.filter((one) => audiences.includes(one));
    const unknown = (error: string): TokenFound => ({ kind: 'unknown', error });
    const known = statics.get(token);
    if (known !== undefined) {
      const common = served(own);
      return common.length === 0 ? unknown('invalid bearer token') : { kind: 'user', user: known, audiences: common };
    }
    const claims = signer.read(token);
    if (claims === undefined) return unknown('invalid bearer token');
    const holder = holderOf(claims, token, store, clock.now());
    if (holder.kind === 'refused') return unknown(`[invalid bearer token, ${holder.why}]`);
    const common = served(holder.audiences ?? own);
    if (common.length === 0)
      return unknown(
        `[invalid bearer token, token audiences ${goStrings(holder.audiences ?? own)} is invalid for the target audiences ${goStrings(audiences)}]`,
      );
    return { kind: 'user', user: holder.user, audiences: common };
  }

  return {
    find,
    authenticate(headers) {
      const given = first(headers.authorization)?.trim();
      const [scheme = '', token = ''] = given?.split(' ') ?? [];
      if (scheme.toLowerCase() !== 'bearer' || token === '') return ANONYMOUS;
      const found = find(token, own);
      if (found.kind === 'unknown') throw unauthorized();
      return found.user;
    },
  };
}

const goStrings = (texts: readonly string[]): string => `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;

/** Everybody who is known belongs to one more group. */
function authenticated(user: User): User {
  return user.groups.includes('system:authenticated')
    ? user
    : { ...user, groups: [...user.groups, 'system:authenticated'] };
}
