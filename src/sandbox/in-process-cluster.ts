import { clusterFault } from '../cluster/codes.ts';
import { collectionPath, objectPath, withQuery } from '../cluster/http/address.ts';
import { answerOf, jsonOf, type RawAnswer, rejectionOf } from '../cluster/http/answer.ts';
import { discover } from '../cluster/http/discovery.ts';
import { FINGERPRINT_PATH, fingerprintOf } from '../cluster/http/guard.ts';
import { patchExactly } from '../cluster/http/patch.ts';
import { deleteBody, writeQuery } from '../cluster/http/write.ts';
import type * as port from '../cluster/port.ts';
import { isJsonObject, type Json, type JsonObject } from '../objects/json.ts';
import type { Uid } from '../objects/key.ts';
import { listInProcess } from './in-process-list.ts';
import { watchInProcess } from './in-process-watch.ts';
import type { SandboxAnswer, SandboxRequest, WholeAnswer } from './serving/exchange.ts';

export type Handle = (request: SandboxRequest) => Promise<SandboxAnswer>;

/** The cluster port straight into the server of the same process: no socket, the same requests. */
export class InProcessCluster implements port.Cluster {
  readonly name: string;
  readonly #handle: Handle;
  readonly #token: string;
  #closed = false;
  #pinned: Uid | undefined;
  #wrong: Error | undefined;
  #verified = false;

  constructor(handle: Handle, token: string, name: string) {
    this.#handle = handle;
    this.#token = token;
    this.name = name;
  }

  async version(): Promise<port.ServerVersion> {
    const { gitVersion, major, minor } = await this.#json('/version');
    return { gitVersion: String(gitVersion), major: String(major), minor: String(minor) };
  }

  async fingerprint(): Promise<Uid> {
    return fingerprintOf(await this.#ask('GET', FINGERPRINT_PATH)) as Uid;
  }

  pin(fingerprint: Uid): void {
    if (this.#wrong !== undefined || this.#pinned === fingerprint) return;
    this.#pinned = fingerprint;
    this.#verified = false;
  }

  discovery(): Promise<port.Discovery> {
    return discover((path, accept) => this.#json(path, accept));
  }

  list(
    at: port.CollectionAddress,
    onItem: (item: port.RawItem) => void | Promise<void>,
    options: port.ListOptions = {},
  ): Promise<port.ListOutcome> {
    return listInProcess((path, accept) => this.#ask('GET', path, { accept }, options.signal), at, onItem, options);
  }

  async get(at: port.ObjectAddress, options: { readonly signal?: AbortSignal } = {}): Promise<port.Answer> {
    const path = objectPath(at);
    return answerOf(await this.#ask('GET', path, {}, options.signal), `GET ${path}`);
  }

  create(at: port.CollectionAddress, body: Json | Uint8Array, options: port.WriteOptions = {}): Promise<port.Answer> {
    const path = withQuery(collectionPath(at), writeQuery(options));
    return this.#write(
      'POST',
      path,
      'application/json',
      body instanceof Uint8Array ? body : JSON.stringify(body),
      options,
    );
  }

  patch(
    at: port.ObjectAddress,
    patch: port.Patch,
    preconditions: { readonly uid: Uid },
    options: port.WriteOptions = {},
  ): Promise<port.Answer> {
    const force = patch.kind === 'apply' ? { force: patch.force } : {};
    const path = withQuery(objectPath(at, options.subresource), { ...writeQuery(options), ...force });
    return patchExactly({
      patch,
      uid: preconditions.uid,
      blind: options.subresource !== undefined,
      read: () => this.get(at),
      send: ({ contentType, body }) => this.#write('PATCH', path, contentType, body, options),
    });
  }

  replace(at: port.ObjectAddress, body: Json, options: port.WriteOptions = {}): Promise<port.Answer> {
    const path = withQuery(objectPath(at, options.subresource), writeQuery(options));
    return this.#write('PUT', path, 'application/json', JSON.stringify(body), options);
  }

  delete(
    at: port.ObjectAddress,
    preconditions: port.DeletePreconditions,
    options: port.WriteOptions & { readonly propagation?: 'Background' | 'Foreground' | 'Orphan' } = {},
  ): Promise<port.Answer> {
    return this.#write('DELETE', objectPath(at), 'application/json', deleteBody(preconditions, options), options);
  }

  watch(at: port.CollectionAddress, options: port.WatchOptions = {}): AsyncIterable<port.WatchEvent> {
    return watchInProcess((path) => this.#raw('GET', path, { accept: 'application/json' }, undefined), at, options);
  }

  async mayI(question: port.AccessQuestion): Promise<{ readonly allowed: boolean; readonly reason: string }> {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const body = JSON.stringify({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: question },
    });
    const raw = await this.#ask('POST', path, { 'content-type': 'application/json' }, undefined, body);
    const { status } = jsonOf(accepted(raw, path), path);
    if (!isJsonObject(status)) throw clusterFault('MALFORMED-ANSWER', 'The review does not say what is allowed.');
    return { allowed: status.allowed === true, reason: typeof status.reason === 'string' ? status.reason : '' };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  async #write(
    method: string,
    path: string,
    contentType: string,
    body: string | Uint8Array,
    options: port.WriteOptions,
  ): Promise<port.Answer> {
    await this.#verify();
    const raw = await this.#ask(method, path, { 'content-type': contentType }, options.signal, body);
    return answerOf(raw, `${method} ${path}`);
  }

  /** No write leaves before the fingerprint was read, and none ever after another one was found. */
  async #verify(): Promise<void> {
    if (this.#wrong !== undefined) throw this.#wrong;
    if (this.#pinned === undefined || this.#verified) return;
    const found = await this.fingerprint();
    if (found === this.#pinned) {
      this.#verified = true;
      return;
    }
    this.#wrong = clusterFault(
      'WRONG-CLUSTER',
      `The cluster is ${found}, but ${this.#pinned} is meant; nothing was written.`,
      {
        hint: 'The fingerprint is the UID of the namespace kube-system: check which sandbox this is.',
        details: { found, pinned: this.#pinned },
      },
    );
    throw this.#wrong;
  }

  async #json(path: string, accept = 'application/json'): Promise<JsonObject> {
    return jsonOf(accepted(await this.#ask('GET', path, { accept }), path), path);
  }

  async #ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
    body?: string | Uint8Array,
  ): Promise<RawAnswer> {
    if (signal?.aborted === true) throw aborted(signal);
    const answer = await this.#raw(method, path, headers, body);
    const { status, headers: own, body: bytes } = answer as WholeAnswer;
    return { status, headers: own as RawAnswer['headers'], body: bytes };
  }

  #raw(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array | undefined,
  ): Promise<SandboxAnswer> {
    if (this.#closed)
      return Promise.reject(clusterFault('CLUSTER-CLOSED', 'The cluster was closed.', { hint: 'Open it anew.' }));
    return this.#handle({
      method,
      path,
      headers: {
        accept: 'application/json',
        'user-agent': 'seaworthy',
        authorization: `Bearer ${this.#token}`,
        ...headers,
      },
      body: typeof body === 'string' ? Buffer.from(body, 'utf8') : body,
    });
  }
}

function accepted(raw: RawAnswer, path: string): RawAnswer {
  if (raw.status >= 200 && raw.status < 300) return raw;
  const { status, message } = rejectionOf(raw);
  throw clusterFault('REQUEST-REFUSED', `The server refused ${path} (${status}): ${message}`, {
    hint: 'Check what this user may do.',
    details: { status },
  });
}

export function aborted(signal: AbortSignal): Error {
  return clusterFault('ABORTED', 'The request was aborted.', { cause: signal.reason });
}
