import type { RequestHeaders } from './authenticate.ts';
import { type Authorizer, type Deed, requireAccess } from './authorizer.ts';
import type { User } from './user.ts';

const AUTHENTICATION = 'authentication.k8s.io';
const EXTRA = 'impersonate-extra-';

/** An answer that is no Status but one line of text. */
export class PlainRefusal extends Error {
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.name = 'PlainRefusal';
    this.code = code;
  }
}

/** One thing that someone wants to be. */
interface Guise {
  readonly kind: 'ServiceAccount' | 'User' | 'Group' | 'UserExtra' | 'UID';
  readonly name: string;
  readonly namespace?: string;
  readonly key?: string;
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/**
 * The user that a request acts as: who sent it, or whom its Impersonate headers name, each of them allowed by the verb
 * `impersonate`. Throws the 403, or the server's plain 500 for headers without a user. `uri` is the request's target.
 */
export function impersonate(user: User, headers: RequestHeaders, uri: string, authorizer: Authorizer): User {
  const wanted = guises(headers);
  if (wanted.length === 0) return user;
  if (!wanted.some(({ kind }) => kind === 'User' || kind === 'ServiceAccount'))
    throw new PlainRefusal(
      500,
      `Internal Server Error: ${JSON.stringify(uri)}: requested [${wanted.map(asGo).join(' ')}] without impersonating a user\n`,
    );
  for (const guise of wanted) requireAccess(authorizer, deedOf(user, guise));
  return become(wanted);
}

function guises(headers: RequestHeaders): Guise[] {
  const found: Guise[] = [];
  const [name = ''] = list(headers['impersonate-user']);
  if (name !== '') {
    const account = /^system:serviceaccount:([a-z0-9-]+):([a-z0-9.-]+)$/.exec(name);
    found.push(
      account === null
        ? { kind: 'User', name }
        : { kind: 'ServiceAccount', namespace: account[1] ?? '', name: account[2] ?? '' },
    );
  }
  for (const group of list(headers['impersonate-group'])) found.push({ kind: 'Group', name: group });
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(EXTRA)) continue;
    const key = unescaped(header.slice(EXTRA.length));
    for (const one of list(value)) found.push({ kind: 'UserExtra', name: one, key });
  }
  const [uid = ''] = list(headers['impersonate-uid']);
  if (uid !== '') found.push({ kind: 'UID', name: uid });
  return found;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function deedOf(user: User, { kind, name, namespace, key }: Guise): Deed {
  const verb = 'impersonate';
  switch (kind) {
    case 'ServiceAccount':
      return { user, verb, group: '', resource: 'serviceaccounts', namespace, name };
    case 'User':
      return { user, verb, group: '', resource: 'users', name };
    case 'Group':
      return { user, verb, group: '', resource: 'groups', name };
    case 'UserExtra':
      return { user, verb, group: AUTHENTICATION, resource: 'userextras', subresource: key ?? '', name };
    case 'UID':
      return { user, verb, group: AUTHENTICATION, resource: 'uids', name };
  }
}

function become(wanted: readonly Guise[]): User {
  let [name, uid] = ['', ''];
  let accountGroups: string[] = [];
  const groups: string[] = [];
  const extra: Record<string, string[]> = {};
  for (const guise of wanted) {
    if (guise.kind === 'User') name = guise.name;
    else if (guise.kind === 'Group') groups.push(guise.name);
    else if (guise.kind === 'UID') uid = guise.name;
    else if (guise.kind === 'UserExtra') extra[guise.key ?? ''] = [...(extra[guise.key ?? ''] ?? []), guise.name];
    else {
      name = `system:serviceaccount:${guise.namespace}:${guise.name}`;
      accountGroups = ['system:serviceaccounts', `system:serviceaccounts:${guise.namespace}`];
    }
  }
  if (groups.length === 0) groups.push(...accountGroups);
  const [known, stranger] = ['system:authenticated', 'system:unauthenticated'];
  if (name === 'system:anonymous') {
    if (!groups.includes(stranger)) groups.push(stranger);
  } else if (!groups.includes(known) && !groups.includes(stranger)) groups.push(known);
  return {
    name,
    ...(uid === '' ? {} : { uid }),
    groups,
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

/** As Go prints an ObjectReference: kind, namespace, name, uid, apiVersion, resourceVersion, field path. */
function asGo({ kind, name, namespace = '', key = '' }: Guise): string {
  const version = kind === 'UserExtra' || kind === 'UID' ? `${AUTHENTICATION}/v1` : '';
  return `{${[kind, namespace, name, '', version, '', key].join(' ')}}`;
}
