import { readFile } from 'node:fs/promises';
import { clusterFault } from '../codes.ts';
import type { Credentials } from '../credentials.ts';
import type { Endpoint, Identity } from '../http/dial.ts';
import type { ClusterEntry, UserEntry } from './document.ts';
import { ExecPlugin, type Talk } from './exec.ts';
import { kubeconfigFault, shown } from './fields.ts';
import type { Environment } from './locate.ts';
import { pemOf } from './pem.ts';

export interface UserSurroundings {
  readonly env: Environment;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where an exec plugin's words to the user go. */
  readonly talk: Talk;
}

/** A token file is read anew after this long, as client-go does: mounted tokens rotate. */
const TOKEN_FILE_MILLIS = 60_000;

/** Credentials of one user of a kubeconfig. Reads certificates now, tokens and plugins when they are needed. */
export async function userCredentials(
  user: UserEntry,
  surroundings: UserSurroundings & { readonly cluster: { readonly entry: ClusterEntry; readonly endpoint: Endpoint } },
): Promise<Credentials> {
  if (user.authProvider !== undefined)
    throw clusterFault(
      'KUBECONFIG-UNSUPPORTED',
      `The user logs in by the auth-provider ${shown(user.authProvider)}, which Kubernetes removed in 1.26.`,
      {
        hint: 'Let your provider write a kubeconfig with an exec plugin (for example kubelogin or gke-gcloud-auth-plugin).',
      },
    );
  const token = user.token ?? user.tokenFile;
  if (user.username !== undefined && token !== undefined)
    throw kubeconfigFault('kubeconfig', 'a user may have a token or a username with a password, not both');
  const cert = await pemOf('client-certificate', user.clientCertificateData, user.clientCertificate);
  const key = await pemOf('client-key', user.clientKeyData, user.clientKey);
  if ((cert === undefined) !== (key === undefined))
    throw kubeconfigFault('kubeconfig', 'a user has only one of client-certificate and client-key');
  const identity = cert === undefined || key === undefined ? undefined : { cert, key };
  const impersonation = impersonationOf(user);
  // As client-go: a token or a login of the user's own goes before its plugin.
  const plugin =
    user.exec === undefined || token !== undefined || user.username !== undefined
      ? undefined
      : new ExecPlugin(user.exec, surroundings);
  return new UserCredentials(user, identity, impersonation, plugin, surroundings.now);
}

class UserCredentials implements Credentials {
  readonly #user: UserEntry;
  readonly #identity: Identity | undefined;
  readonly #impersonation: Readonly<Record<string, string | string[]>>;
  readonly #plugin: ExecPlugin | undefined;
  readonly #now: () => number;
  #read: { readonly token: string; readonly at: number } | undefined;

  constructor(
    user: UserEntry,
    identity: Identity | undefined,
    impersonation: Readonly<Record<string, string | string[]>>,
    plugin: ExecPlugin | undefined,
    now: () => number,
  ) {
    this.#user = user;
    this.#identity = identity;
    this.#impersonation = impersonation;
    this.#plugin = plugin;
    this.#now = now;
  }

  async headers(): Promise<Readonly<Record<string, string | string[]>>> {
    const authorization = await this.#authorization();
    return authorization === undefined ? this.#impersonation : { ...this.#impersonation, authorization };
  }

  async certificate(): Promise<Identity | undefined> {
    return this.#identity ?? (await this.#plugin?.credential())?.identity;
  }

  async renew(): Promise<boolean> {
    const { tokenFile } = this.#user;
    if (tokenFile !== undefined) {
      const before = this.#read?.token;
      this.#read = undefined;
      return (await this.#fileToken(tokenFile)) !== before;
    }
    if (this.#plugin === undefined) return false;
    this.#plugin.forget();
    return true;
  }

  async #authorization(): Promise<string | undefined> {
    const { token, tokenFile, username, password } = this.#user;
    if (tokenFile !== undefined) return bearer(await this.#fileToken(tokenFile));
    if (token !== undefined) return bearer(token);
    if (username !== undefined) return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
    const own = (await this.#plugin?.credential())?.token;
    return own === undefined ? undefined : bearer(own);
  }

  async #fileToken(file: string): Promise<string> {
    const read = this.#read;
    if (read !== undefined && this.#now() - read.at < TOKEN_FILE_MILLIS) return read.token;
    try {
      const token = (await readFile(file, 'utf8')).trim();
      if (token === '') throw new Error('it is empty');
      this.#read = { token, at: this.#now() };
      return token;
    } catch (cause) {
      const last = read?.token ?? this.#user.token;
      if (last !== undefined) return last;
      throw clusterFault('CREDENTIAL-FAILED', `The token file ${shown(file)} cannot be read.`, {
        hint: 'Check the path and its permissions.',
        cause,
      });
    }
  }
}

function bearer(token: string): string {
  const trimmed = token.trim();
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw clusterFault('CREDENTIAL-FAILED', 'The token holds characters that no header may hold.', {
      hint: 'Check that the token was copied whole and without line breaks.',
    });
  return `Bearer ${trimmed}`;
}

function impersonationOf(user: UserEntry): Readonly<Record<string, string | string[]>> {
  const extra = Object.entries(user.asExtra);
  if (user.as === undefined) {
    if (user.asUid !== undefined || user.asGroups.length > 0 || extra.length > 0)
      throw kubeconfigFault('kubeconfig', 'groups, uid and extra to act as need the user to act as');
    return {};
  }
  const headers: Record<string, string | string[]> = { 'impersonate-user': user.as };
  if (user.asUid !== undefined) headers['impersonate-uid'] = user.asUid;
  if (user.asGroups.length > 0) headers['impersonate-group'] = [...user.asGroups];
  for (const [name, values] of extra)
    headers[`impersonate-extra-${encodeURIComponent(name).toLowerCase()}`] = [...values];
  for (const value of Object.values(headers).flat())
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw kubeconfigFault('kubeconfig', `${shown(value)} cannot be acted as: no header may hold it`);
  return headers;
}
