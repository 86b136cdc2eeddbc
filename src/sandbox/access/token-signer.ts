import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Json, KubeObject } from '../../objects/json.ts';

/** Issuer of the tokens that stand in Secrets and never expire. */
export const LEGACY_ISSUER = 'kubernetes/serviceaccount';

interface Named {
  readonly name: string;
  readonly uid: string;
}
/** What a token says, in the claims of the real one. */
export interface TokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud?: readonly string[];
  readonly jti?: string;
  /** Seconds since the epoch. */
  readonly exp?: number;
  readonly iat?: number;
  readonly nbf?: number;
  readonly 'kubernetes.io'?: {
    readonly namespace: string;
    readonly serviceaccount: Named;
    readonly pod?: Named;
    readonly secret?: Named;
    readonly node?: Named;
    readonly warnafter?: number;
  };
  readonly [claim: string]: unknown;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const MOST_READ = 500;

/** Signs and reads tokens of service accounts (ES256). The key comes of a text: no other server takes its tokens. */
export class TokenSigner {
  readonly #key: KeyObject;
  readonly #public: KeyObject;
  readonly #id: string;
  /** Tokens that were found to be its own. */
  readonly #read = new Map<string, TokenClaims>();

  constructor(key: string) {
    const secret = createHash('sha256').update(key).digest();
    const pair = createECDH('prime256v1');
    pair.setPrivateKey(secret);
    const point = pair.getPublicKey();
    const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
    const jwk = { kty: 'EC', crv: 'P-256', d: secret.toString('base64url'), x, y };
    this.#key = createPrivateKey({ key: jwk, format: 'jwk' });
    this.#public = createPublicKey(this.#key);
    const der = this.#public.export({ type: 'spki', format: 'der' });
    this.#id = createHash('sha256').update(der).digest('base64url');
  }

  sign(claims: TokenClaims): string {
    const text = `${part({ alg: 'ES256', kid: this.#id })}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(text), { key: this.#key, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  }

  /** Undefined when the token is not one of this sandbox's. */
  read(token: string): TokenClaims | undefined {
    const known = this.#read.get(token);
    if (known !== undefined) return known;
    const end = token.lastIndexOf('.');
    const start = token.indexOf('.');
    if (start < 0 || end <= start) return undefined;
    const signature = Buffer.from(token.slice(end + 1), 'base64url');
    const key = { key: this.#public, dsaEncoding: 'ieee-p1363' } as const;
    if (!verify('sha256', Buffer.from(token.slice(0, end)), key, signature)) return undefined;
    const claims = JSON.parse(Buffer.from(token.slice(start + 1, end), 'base64url').toString()) as TokenClaims;
    if (this.#read.size >= MOST_READ) this.#read.clear();
    this.#read.set(token, claims);
    return claims;
  }

  /** The keys that anybody may check its tokens with. */
  keys(): Json {
    const { kty = '', crv = '', x = '', y = '' } = this.#public.export({ format: 'jwk' });
    return { keys: [{ use: 'sig', kty, kid: this.#id, crv, alg: 'ES256', x, y }] };
  }

  /** The token that the token controller puts into a Secret of type `kubernetes.io/service-account-token`. */
  legacy(account: KubeObject, secretName: string): string {
    const { namespace = '', name = '', uid = '' } = account.metadata;
    return this.sign({
      iss: LEGACY_ISSUER,
      'kubernetes.io/serviceaccount/namespace': namespace,
      'kubernetes.io/serviceaccount/secret.name': secretName,
      'kubernetes.io/serviceaccount/service-account.name': name,
      'kubernetes.io/serviceaccount/service-account.uid': uid,
      sub: `system:serviceaccount:${namespace}:${name}`,
    });
  }
}
