import { isJsonObject, type KubeObject, type MutableJsonObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { type Clock, timestamp } from '../clock.ts';
import { invalid, type Problem } from '../status/problem.ts';
import { badRequest, conflict, notFound } from '../status/refusal.ts';
import type { StoreView } from '../storage/store-view.ts';
import type { TokenClaims, TokenSigner } from './token-signer.ts';

const GROUP = 'authentication.k8s.io';
const HOUR = 3600;
const SHORTEST = 600;
const LONGEST = 2 ** 32;
/** What the ServiceAccount plugin asks for; a Pod's token of this age is good for a year in truth. */
const INJECTED = 3607;
const YEAR = 365 * 24 * 3600;

export interface TokenRequestParts {
  readonly signer: TokenSigner;
  readonly clock: Clock;
  readonly store: StoreView;
  readonly audience: string;
  newUid(): string;
}

/** Answers POST serviceaccounts/NAME/token: the TokenRequest with its token. `body` is changed in place. */
export function answerTokenRequest(
  body: MutableJsonObject,
  namespace: string,
  name: string,
  parts: TokenRequestParts,
): MutableJsonObject {
  const metadata = isJsonObject(body.metadata) ? (body.metadata as MutableJsonObject) : {};
  const spec = isJsonObject(body.spec) ? (body.spec as MutableJsonObject) : {};
  mustMatch(metadata, namespace, name);
  const account = parts.store.get('serviceaccounts' as ResourceName, namespace, name);
  if (account === undefined) throw notFound({ group: '', resource: 'serviceaccounts' }, name);
  const uid = account.metadata.uid ?? '';
  if (typeof metadata.uid === 'string' && metadata.uid !== '' && metadata.uid !== uid)
    throw conflict(
      { group: GROUP, resource: 'TokenRequest' },
      name,
      `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`,
    );
  const now = parts.clock.now();
  const seconds = lifetime(spec);
  const audiences =
    Array.isArray(spec.audiences) && spec.audiences.length > 0 ? (spec.audiences as string[]) : [parts.audience];
  const claims = claimsOf({ account, spec, audiences, seconds, namespace, parts, now });
  const ref = isJsonObject(spec.boundObjectRef) ? (spec.boundObjectRef as MutableJsonObject) : null;
  return {
    kind: 'TokenRequest',
    apiVersion: `${GROUP}/v1`,
    metadata: { ...metadata, name, namespace, uid, creationTimestamp: timestamp(now) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: ref },
    status: { token: parts.signer.sign(claims), expirationTimestamp: timestamp(now + seconds * 1000) },
  };
}

function mustMatch(metadata: MutableJsonObject, namespace: string, name: string): void {
  const check = (field: 'name' | 'namespace', wanted: string): void => {
    const value = metadata[field];
    if (typeof value !== 'string' || value === '' || value === wanted) return;
    const detail = `must match the service account ${field} if specified`;
    throw invalid(GROUP, 'TokenRequest', name, [{ kind: 'invalid', field: `metadata.${field}`, value, detail }]);
  };
  check('name', name);
  check('namespace', namespace);
}

function lifetime(spec: MutableJsonObject): number {
  const seconds = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds : HOUR;
  const problem = (detail: string): Problem => ({
    kind: 'invalid',
    field: 'spec.expirationSeconds',
    value: seconds,
    detail,
  });
  if (seconds < SHORTEST)
    throw invalid(GROUP, 'TokenRequest', '', [problem('may not specify a duration less than 10 minutes')]);
  if (seconds > LONGEST)
    throw invalid(GROUP, 'TokenRequest', '', [problem('may not specify a duration larger than 2^32 seconds')]);
  return seconds;
}

interface Wanted {
  readonly account: KubeObject;
  readonly spec: MutableJsonObject;
  readonly audiences: readonly string[];
  readonly seconds: number;
  readonly namespace: string;
  readonly parts: TokenRequestParts;
  readonly now: number;
}

function claimsOf({ account, spec, audiences, seconds, namespace, parts, now }: Wanted): TokenClaims {
  const name = account.metadata.name ?? '';
  const tie = tiedTo(spec, name, namespace, parts.store);
  const at = Math.floor(now / 1000);
  const extended = tie.pod !== undefined && seconds === INJECTED && audiences.every((one) => one === parts.audience);
  return {
    aud: audiences,
    exp: at + (extended ? YEAR : seconds),
    iat: at,
    iss: parts.audience,
    jti: parts.newUid(),
    'kubernetes.io': {
      namespace,
      serviceaccount: { name, uid: account.metadata.uid ?? '' },
      ...tie,
      ...(extended ? { warnafter: at + seconds } : {}),
    },
    nbf: at,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
}

interface Tie {
  readonly name: string;
  readonly uid: string;
}

function tiedTo(
  spec: MutableJsonObject,
  account: string,
  namespace: string,
  store: StoreView,
): { pod?: Tie; node?: Tie; secret?: Tie } {
  if (!isJsonObject(spec.boundObjectRef)) return {};
  const ref = spec.boundObjectRef as Readonly<Record<string, string | undefined>>;
  const { kind = '', apiVersion = '', name = '', uid } = ref;
  const resource = apiVersion === 'v1' ? { Pod: 'pods', Node: 'nodes', Secret: 'secrets' }[kind] : undefined;
  if (resource === undefined) {
    const slash = apiVersion.indexOf('/');
    const [group, version] = slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
    throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  }
  const object = store.get(resource as ResourceName, kind === 'Node' ? undefined : namespace, name);
  if (object === undefined) throw notFound({ group: '', resource }, name);
  const podSpec = kind === 'Pod' ? (object.spec as { serviceAccountName?: string; nodeName?: string }) : {};
  if (kind === 'Pod' && podSpec.serviceAccountName !== account)
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
    );
  const own = object.metadata.uid ?? '';
  if (uid !== undefined && uid !== '' && uid !== own)
    throw conflict(
      { group: '', resource: kind },
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  const tie = { name, uid: own };
  if (kind === 'Secret') return { secret: tie };
  if (kind === 'Node') return { node: tie };
  if (podSpec.nodeName === undefined || podSpec.nodeName === '') return { pod: tie };
  const node = store.get('nodes' as ResourceName, undefined, podSpec.nodeName);
  return { pod: tie, node: { name: podSpec.nodeName, uid: node?.metadata.uid ?? '' } };
}
