import { isJsonObject, type Json, type JsonObject } from '../../objects/json.ts';
import type { Uid } from '../../objects/key.ts';
import { clusterFault } from '../codes.ts';
import type * as port from '../port.ts';
import { collectionPath, objectPath, withQuery } from './address.ts';
import { answerOf, isSuccess, jsonOf, malformed, type RawAnswer, rejectionOf } from './answer.ts';
import { Collector } from './collector.ts';
import { discover } from './discovery.ts';
import { FINGERPRINT_PATH, fingerprintOf } from './guard.ts';
import { list } from './list.ts';
import { patchExactly } from './patch.ts';
import { type Outgoing, Transport, type TransportParts, type TransportStats } from './transport.ts';
import { watch } from './watch.ts';
import { deleteBody, writeQuery } from './write.ts';

interface Asking {
  readonly method?: Outgoing['method'];
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string | Uint8Array;
  readonly kind?: 'read' | 'write';
  readonly most?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The cluster port over HTTP/1.1. */
export class HttpCluster implements port.Cluster {
  readonly name: string;
  readonly #transport: Transport;

  constructor(name: string, parts: TransportParts) {
    this.name = name;
    this.#transport = new Transport(parts);
  }

  /** Counts since this was made. */
  stats(): TransportStats {
    return this.#transport.stats();
  }

  async version(): Promise<port.ServerVersion> {
    const { gitVersion, major, minor } = await this.#json('/version');
    if (typeof gitVersion !== 'string' || typeof major !== 'string' || typeof minor !== 'string')
      throw malformed('/version', 'is no version');
    return { gitVersion, major, minor };
  }

  async fingerprint(): Promise<Uid> {
    return fingerprintOf(await this.#ask(FINGERPRINT_PATH)) as Uid;
  }

  pin(fingerprint: Uid): void {
    this.#transport.guard = this.#transport.guard.pin(fingerprint);
  }

  discovery(): Promise<port.Discovery> {
    return discover((path, accept) => this.#json(path, accept, this.#transport.limits.discovery));
  }

  list(
    at: port.CollectionAddress,
    onItem: (item: port.RawItem) => void | Promise<void>,
    options: port.ListOptions = {},
  ): Promise<port.ListOutcome> {
    return list(this.#transport, at, onItem, options);
  }

  get(at: port.ObjectAddress, options: { readonly signal?: AbortSignal } = {}): Promise<port.Answer> {
    return this.#answer(objectPath(at), { signal: options.signal });
  }

  create(at: port.CollectionAddress, body: Json | Uint8Array, options: port.WriteOptions = {}): Promise<port.Answer> {
    return this.#write('POST', collectionPath(at), options, {
      contentType: 'application/json',
      body: body instanceof Uint8Array ? body : JSON.stringify(body),
    });
  }

  patch(
    at: port.ObjectAddress,
    patch: port.Patch,
    preconditions: { readonly uid: Uid },
    options: port.WriteOptions = {},
  ): Promise<port.Answer> {
    const force = patch.kind === 'apply' ? { force: patch.force } : {};
    const path = withQuery(objectPath(at, options.subresource), { ...writeQuery(options), ...force });
    const { signal } = options;
    return patchExactly({
      patch,
      uid: preconditions.uid,
      blind: options.subresource !== undefined,
      read: () => this.get(at, signal === undefined ? {} : { signal }),
      send: (content) => this.#send('PATCH', path, options, content),
    });
  }

  replace(at: port.ObjectAddress, body: Json, options: port.WriteOptions = {}): Promise<port.Answer> {
    return this.#write('PUT', objectPath(at, options.subresource), options, {
      contentType: 'application/json',
      body: JSON.stringify(body),
    });
  }

  delete(
    at: port.ObjectAddress,
    preconditions: port.DeletePreconditions,
    options: port.WriteOptions & { readonly propagation?: 'Background' | 'Foreground' | 'Orphan' } = {},
  ): Promise<port.Answer> {
    return this.#send('DELETE', objectPath(at), options, {
      contentType: 'application/json',
      body: deleteBody(preconditions, options),
    });
  }

  watch(at: port.CollectionAddress, options: port.WatchOptions = {}): AsyncIterable<port.WatchEvent> {
    return watch(this.#transport, at, options);
  }

  async mayI(question: port.AccessQuestion): Promise<{ readonly allowed: boolean; readonly reason: string }> {
    const body = JSON.stringify({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: question },
    });
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    // A question, although it is POSTed: it changes nothing, so it may be asked twice.
    const raw = await this.#ask(path, { method: 'POST', contentType: 'application/json', body });
    const { status } = jsonOf(this.#accepted(raw, path), path);
    if (!isJsonObject(status) || typeof status.allowed !== 'boolean')
      throw malformed(path, 'does not say what is allowed');
    const error = typeof status.evaluationError === 'string' ? status.evaluationError : '';
    return { allowed: status.allowed, reason: typeof status.reason === 'string' ? status.reason : error };
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #write(
    method: Outgoing['method'],
    path: string,
    options: port.WriteOptions,
    content: { readonly contentType: string; readonly body: string | Uint8Array },
  ): Promise<port.Answer> {
    return this.#send(method, withQuery(path, writeQuery(options)), options, content);
  }

  #send(
    method: Outgoing['method'],
    path: string,
    options: port.WriteOptions,
    content: { readonly contentType: string; readonly body: string | Uint8Array },
  ): Promise<port.Answer> {
    return this.#answer(path, { method, kind: 'write', signal: options.signal, ...content });
  }

  async #answer(path: string, asking: Asking): Promise<port.Answer> {
    return answerOf(await this.#ask(path, asking), `${asking.method ?? 'GET'} ${path}`);
  }

  async #json(path: string, accept = 'application/json', most?: number): Promise<JsonObject> {
    const raw = await this.#ask(path, { accept, ...(most === undefined ? {} : { most }) });
    return jsonOf(this.#accepted(raw, path), path);
  }

  #accepted(raw: RawAnswer, path: string): RawAnswer {
    if (isSuccess(raw.status)) return raw;
    const { status, message } = rejectionOf(raw);
    throw clusterFault('REQUEST-REFUSED', `The server refused ${path} (${status}): ${message}`, {
      hint: status === 401 ? 'Check the credentials of the kubeconfig.' : 'Check what this user may do.',
      details: { status },
    });
  }

  async #ask(path: string, asking: Asking = {}): Promise<RawAnswer> {
    const { method = 'GET', kind = 'read', accept, contentType, body, signal } = asking;
    const { limits } = this.#transport;
    let sink: Collector | undefined;
    const outgoing: Outgoing = {
      method,
      path: () => path,
      kind,
      totalMillis: limits.total,
      signal,
      ...(accept === undefined ? {} : { accept }),
      ...(contentType === undefined ? {} : { contentType }),
      ...(body === undefined ? {} : { body }),
    };
    await this.#transport.send(outgoing, () => {
      sink = new Collector(asking.most ?? limits.object, `${method} ${path}`);
      return sink;
    });
    if (sink === undefined) throw malformed(path, 'never came');
    return sink.answer;
  }
}
