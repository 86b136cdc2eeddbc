import { isJsonObject, type Json, type JsonObject } from '../../src/objects/json.ts';
import type { Transcript } from './transcript.ts';

/**
 * A transcript in which everything that two servers cannot have in common has a name that they can: UIDs by the object they belong to
 * and which life of it, resource versions by their order among those seen of one object, times, endings of generated names, tokens,
 * allocated addresses and ports. What the script itself wrote stays as it is, so that a server must keep it.
 */
export function normalise(transcript: Transcript, written: string): Transcript {
  const names = new Names(written);
  for (const said of transcript.said) {
    if (said.kind === 'answer' || said.kind === 'watch') names.learn(said.body, '');
    else if (said.kind === 'events') for (const event of said.events) names.learn(event, '');
    else if (said.kind === 'wait' && said.last !== undefined) names.learn(said.last, '');
  }
  for (const [path, list] of Object.entries(transcript.state)) names.learn(list, path);
  const said = transcript.said.map(
    (one) => causesInOrder(names.value(one as unknown as Json, [])) as unknown as Transcript['said'][number],
  );
  const state = Object.entries(transcript.state).map(([path, list]) => [path, sorted(names.value(list, []))] as const);
  return { said, state: Object.fromEntries(state) };
}

const UID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
const ADDRESS = /\b10\.0\.0\.\d{1,3}\b/g;
const SERVER = /\b127\.0\.0\.1:\d{4,5}\b/g;
const PORT = /\b3[012]\d{3}\b/g;
const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/g;
/** What the real server makes of a template: names of ReplicaSets, of revisions. */
const HASH = /-[bcdfghjklmnpqrstvwxz2456789]{8,10}(?![a-z0-9])/g;
const AGE = /^(<unknown>|<invalid>|\d+(ms|s|m|h|d|y)(\d+(s|m|h|d))?)( ago)?$/;
const REVISION =
  /(resource version: |current: |\bresourceVersion\\?"?[=:] ?\\?"?|[Rr]esourceVersion in (?:the precondition|record) \()(\d+)/g;
/** Labels whose value a controller makes up from a template. */
const HASHES = ['pod-template-hash', 'controller-revision-hash', 'controller.kubernetes.io/hash'];
/** The volume of a Pod with the token of its account. */
const TOKEN_VOLUME = /\bkube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g;

class Names {
  readonly #written: string;
  readonly #uids = new Map<string, string>();
  readonly #lives = new Map<string, number>();
  readonly #versions = new Map<string, Set<number>>();
  readonly #made = new Map<string, string>();

  constructor(written: string) {
    this.#written = written;
  }

  /** Notes the identities in a value. */
  learn(value: Json, kind: string): void {
    if (Array.isArray(value)) {
      for (const item of value) this.learn(item, kind);
      return;
    }
    if (!isJsonObject(value)) return;
    const own = typeof value.kind === 'string' ? value.kind : kind;
    const { metadata } = value;
    if (metadata !== undefined && isJsonObject(metadata)) this.#identity(metadata, own);
    for (const [key, item] of Object.entries(value))
      if (item !== undefined) this.learn(item, key === 'items' ? own.replace(/List$/, '') : '');
  }

  #identity(metadata: JsonObject, kind: string): void {
    const { uid, name, generateName, resourceVersion, labels } = metadata;
    for (const label of HASHES) {
      const hash = labels !== undefined && isJsonObject(labels) ? labels[label] : undefined;
      if (typeof hash === 'string' && hash !== '' && !this.#written.includes(hash))
        this.#made.set(hash.includes('-') ? hash.slice(hash.lastIndexOf('-') + 1) : hash, '<hash>');
    }
    if (typeof name !== 'string' || typeof uid !== 'string') return;
    if (
      typeof generateName === 'string' &&
      generateName !== '' &&
      name.length > generateName.length &&
      !this.#written.includes(name)
    )
      this.#made.set(name.slice(generateName.length), '<made>');
    if (!this.#uids.has(uid)) {
      const of = `${kind} ${String(metadata.namespace ?? '')}/${generateName === undefined ? name : String(generateName)}`;
      const life = (this.#lives.get(of) ?? 0) + 1;
      this.#lives.set(of, life);
      this.#uids.set(uid, generateName === undefined && life > 1 ? `<uid of ${of} #${life}>` : `<uid of ${of}>`);
    }
    if (typeof resourceVersion !== 'string' || !/^\d+$/.test(resourceVersion)) return;
    const versions = this.#versions.get(uid) ?? new Set();
    versions.add(Number(resourceVersion));
    this.#versions.set(uid, versions);
  }

  value(value: Json, path: readonly string[]): Json {
    if (typeof value === 'string') return this.#text(value, path);
    if (typeof value === 'number') return this.#number(value, path.at(-1) ?? '');
    if (Array.isArray(value)) {
      const items = value.map((item: Json) => this.value(item, path));
      return path.at(-1) === 'managedFields' ? byText(items) : items;
    }
    if (!isJsonObject(value)) return value;
    const filled: [string, Json][] = [];
    for (const [key, item] of Object.entries(value))
      if (item !== undefined) filled.push([this.#plain(key), this.#member(value, key, item, path)]);
    return Object.fromEntries(filled);
  }

  #member(owner: JsonObject, key: string, item: Json, path: readonly string[]): Json {
    if (key === 'resourceVersion' && typeof item === 'string') return this.#version(item, owner.uid);
    if (key === 'continue' && typeof item === 'string' && item !== '') return '<continue>';
    if (key === 'cells' && Array.isArray(item))
      return item.map((cell: Json) =>
        typeof cell === 'string' && AGE.test(cell) ? '<age>' : this.value(cell, [...path, key]),
      );
    return this.value(item, [...path, key]);
  }

  #version(text: string, uid: Json | undefined): string {
    if (text === '' || text === '0') return text;
    const versions = typeof uid === 'string' ? this.#versions.get(uid) : undefined;
    if (versions === undefined) return '<revision>';
    const order = [...versions].filter((other) => other < Number(text)).length + 1;
    return `<version ${order}>`;
  }

  #number(value: number, key: string): Json {
    const port = (key === 'nodePort' || key === 'healthCheckNodePort') && value >= 30_000 && value <= 32_767;
    return port && !this.#written.includes(String(value)) ? '<port>' : value;
  }

  #text(text: string, path: readonly string[]): string {
    // A whole body that is a text: YAML.
    if (path.at(-1) === 'body')
      return this.#plain(text.replace(REVISION, (_, before: string) => `${before}<revision>`));
    const plain = this.#plain(text);
    const said =
      path.includes('cells') || path.includes('message') || path.includes('warning') || path.at(-1) === 'detail';
    return said
      ? plain
          .replace(PORT, (port) => this.#unless(port, '<port>'))
          .replace(REVISION, (_, before: string) => `${before}<revision>`)
      : plain;
  }

  #plain(text: string): string {
    let plain = text
      .replace(UID, (uid) => this.#unless(uid, this.#uids.get(uid) ?? '<uid>'))
      .replace(TIME, (time, fraction?: string) =>
        this.#unless(time, fraction === undefined ? '<time>' : '<precise time>'),
      )
      .replace(ADDRESS, (address) => this.#unless(address, '<address>'))
      .replace(SERVER, (server) => this.#unless(server, '<server>'))
      .replace(TOKEN, (token) => this.#unless(token, '<token>'))
      .replace(CERTIFICATE, '<certificate>')
      .replace(TOKEN_VOLUME, (name) => this.#unless(name, 'kube-api-access-<made>'))
      .replace(HASH, (hash) => this.#unless(hash, '-<hash>'));
    for (const [made, instead] of this.#made) if (plain.includes(made)) plain = plain.replaceAll(made, instead);
    return plain;
  }

  #unless(text: string, instead: string): string {
    return this.#written.includes(text) ? text : instead;
  }
}

/** The same text for the same value, in whichever order its keys came. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonical(item)).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`);
  return `{${members.join()}}`;
}

const byText = (items: Json[]): Json[] =>
  items
    .map((item) => [canonical(item), item] as const)
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([, item]) => item);

function sorted(list: Json): Json {
  if (!isJsonObject(list) || !Array.isArray(list.items)) return list;
  return { ...list, items: byText([...list.items]) };
}

/** The value with every list of objects in an order of its own. */
export function unordered(value: Json): Json {
  if (Array.isArray(value)) return byText(value.map((item: Json) => unordered(item)));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, item === undefined ? item : unordered(item)]),
  );
}

/** Groups whose schemas the server walks as maps, in another order each time: those of definitions, and definitions. */
const WALKED_AS_MAPS = /^apiextensions\.k8s\.io$|\.(?!k8s\.io$)[^.]+\.[^.]+$/;

/** An answer that names several causes, found in a walk over maps, with the causes in an order of their own. */
function causesInOrder(said: Json): Json {
  if (!isJsonObject(said) || !isJsonObject(said.body ?? null)) return said;
  const body = said.body as JsonObject;
  if (!isJsonObject(body.details ?? null)) return said;
  const details = body.details as JsonObject;
  const { causes } = details;
  if (!Array.isArray(causes) || causes.length < 2) return said;
  const ordered = byText([...(causes as readonly Json[])]);
  const answer = (message: string): Json => ({
    ...said,
    body: { ...body, message, details: { ...details, causes: ordered } },
  });
  const message = String(body.message);
  // Conflicts of an apply: the managers are a map. Its message sorts them.
  if (body.reason === 'Conflict') return answer(message);
  if (body.reason !== 'Invalid' || !WALKED_AS_MAPS.test(String(details.group))) return said;
  const told = (list: readonly Json[]): string =>
    `[${list.map((one) => `${(one as JsonObject).field}: ${(one as JsonObject).message}`).join(', ')}]`;
  return answer(message.replace(told(causes as readonly Json[]), () => told(ordered)));
}
