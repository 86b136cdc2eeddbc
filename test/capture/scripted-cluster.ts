import type {
  Cluster,
  DeadGroup,
  Discovery,
  ListOptions,
  ListOutcome,
  RawItem,
  ServedResource,
} from '../../src/cluster/port.ts';
import { type ResourceName, resourceName, type Uid } from '../../src/objects/key.ts';

export interface ScriptedObject {
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
  /** Revisions at which it appeared and went. */
  readonly born?: number;
  readonly gone?: number;
  readonly body?: Readonly<Record<string, unknown>>;
}
export interface ScriptedResource {
  readonly group: string;
  /** In the server's order. */
  readonly versions: readonly string[];
  readonly resource: string;
  readonly kind: string;
  readonly namespaced?: boolean;
  readonly verbs?: readonly string[];
  readonly objects?: readonly ScriptedObject[];
  /** Answers in place of the list; undefined lets it through. `call` counts the lists of this resource from 1. */
  readonly script?: (asked: Asked) => ListOutcome | undefined | Promise<ListOutcome | undefined>;
  /** Changes what a whole list gives: pages that overlap, items without a name, another announced count. */
  readonly items?: (items: readonly ScriptedObject[]) => readonly ScriptedObject[];
  readonly announced?: (items: number) => number | undefined;
}
export interface Asked {
  readonly resource: ResourceName;
  readonly version: string;
  readonly exact: string | undefined;
  readonly limit: number | undefined;
  readonly call: number;
  readonly signal: AbortSignal | undefined;
}

export const rejection = (status: number, message: string, reason = ''): ListOutcome => ({
  kind: 'rejected',
  status,
  reason,
  message,
  causes: [],
});

/** A cluster port that answers lists from a script and refuses everything else. The revision is a number that tests move. */
export class ScriptedCluster implements Cluster {
  readonly name = 'scripted';
  readonly asked: Asked[] = [];
  readonly resources: ScriptedResource[];
  dead: DeadGroup[] = [];
  revision = 100;
  fingerprints: string[] = ['11111111-1111-4111-8111-111111111111'];
  discoveries = 0;
  /** Called before each discovery answers. */
  onDiscovery: (times: number) => void = () => undefined;
  open = 0;
  mostOpen = 0;

  constructor(resources: readonly ScriptedResource[]) {
    this.resources = [...resources];
  }
  async version() {
    return { gitVersion: 'v1.34.4', major: '1', minor: '34' };
  }
  async fingerprint(): Promise<Uid> {
    const next = this.fingerprints.length > 1 ? this.fingerprints.shift() : this.fingerprints[0];
    return (next ?? '') as Uid;
  }
  pin(): void {}
  async discovery(): Promise<Discovery> {
    this.onDiscovery(++this.discoveries);
    const preferred: Record<string, string[]> = {};
    const resources: ServedResource[] = [];
    for (const { group, versions, resource, kind, namespaced = true, verbs = ['get', 'list', 'watch'] } of this
      .resources) {
      preferred[group] = [...new Set([...(preferred[group] ?? []), ...versions])];
      // Not in the server's order: whoever needs the order takes it from `preferred`.
      for (const version of versions.toReversed())
        resources.push({ group, version, resource, kind, namespaced, verbs, subresources: ['status'], categories: [] });
    }
    return { resources, preferred, dead: this.dead };
  }
  async list(
    at: { readonly group: string; readonly version: string; readonly resource: string },
    onItem: (item: RawItem) => void | Promise<void>,
    options: ListOptions = {},
  ): Promise<ListOutcome> {
    options.signal?.throwIfAborted();
    const found = this.resources.find(({ group, resource }) => group === at.group && resource === at.resource);
    const name = resourceName(at.group, at.resource);
    const call = this.asked.filter(({ resource }) => resource === name).length + 1;
    const exact = options.revision?.exact;
    const asked = { resource: name, version: at.version, exact, limit: options.limit, call, signal: options.signal };
    this.asked.push(asked);
    if (found === undefined) return rejection(404, 'the server could not find the requested resource');
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      const scripted = await found.script?.(asked);
      if (scripted !== undefined && scripted.kind !== 'complete') return scripted;
      return await this.#answer(found, at.version, onItem, options);
    } finally {
      this.open--;
    }
  }
  async #answer(
    found: ScriptedResource,
    version: string,
    onItem: (item: RawItem) => void | Promise<void>,
    options: ListOptions,
  ): Promise<ListOutcome> {
    const revision = options.revision?.exact ?? String(this.revision);
    const now = Number(revision);
    const living = (found.objects ?? []).filter(({ born = 0, gone = Infinity }) => born <= now && now < gone);
    const items = found.items?.(living) ?? living;
    const announced = found.announced === undefined ? items.length : found.announced(items.length);
    const given = options.firstPageOnly === true ? items.slice(0, options.limit) : items;
    let bytes = 0;
    for (const object of given) {
      options.signal?.throwIfAborted();
      const raw = rawOf(object);
      bytes += raw.length;
      const { name, namespace, uid } = object;
      await onItem({ bytes: raw, name, namespace, uid, resourceVersion: '1' });
      raw.fill(0x20); // valid until the callback returns, and not longer
    }
    const apiVersion = found.group === '' ? version : `${found.group}/${version}`;
    const end = { revision, items: given.length, bytes, apiVersion, kind: `${found.kind}List` };
    return { kind: 'complete', end: announced === undefined ? end : { ...end, announced } };
  }
  get = unscripted;
  create = unscripted;
  patch = unscripted;
  replace = unscripted;
  delete = unscripted;
  mayI = unscripted;
  watch = (): never => {
    throw new Error('a capture does not watch');
  };
  async close(): Promise<void> {}
}

async function unscripted(): Promise<never> {
  throw new Error('a capture only lists');
}

export function rawOf({ namespace, name, uid, body = {} }: ScriptedObject): Buffer {
  return Buffer.from(JSON.stringify({ metadata: { name, namespace, uid }, ...body }));
}
