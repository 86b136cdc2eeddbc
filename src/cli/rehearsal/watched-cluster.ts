import type * as port from '../../cluster/port.ts';
import type { Json } from '../../objects/json.ts';
import { type ResourceName, resourceName, type Uid } from '../../objects/key.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The sandbox as the recovery meets it: every request holds the time, and writes are counted and cost a little of it. */
export class WatchedCluster implements port.Cluster {
  readonly name: string;
  readonly #cluster: port.Cluster;
  readonly #time: VirtualTime;
  readonly writes = new Map<ResourceName, number>();

  constructor(cluster: port.Cluster, time: VirtualTime, name: string) {
    this.#cluster = cluster;
    this.#time = time;
    this.name = name;
  }

  version(): Promise<port.ServerVersion> {
    return this.#time.during(() => this.#cluster.version());
  }
  fingerprint(): Promise<Uid> {
    return this.#time.during(() => this.#cluster.fingerprint());
  }
  pin(fingerprint: Uid): void {
    this.#cluster.pin(fingerprint);
  }
  discovery(): Promise<port.Discovery> {
    return this.#time.during(() => this.#cluster.discovery());
  }
  list(
    at: port.CollectionAddress,
    onItem: (item: port.RawItem) => void | Promise<void>,
    options?: port.ListOptions,
  ): Promise<port.ListOutcome> {
    return this.#time.during(() => this.#cluster.list(at, onItem, options));
  }
  get(at: port.ObjectAddress, options?: { readonly signal?: AbortSignal }): Promise<port.Answer> {
    return this.#time.during(() => this.#cluster.get(at, options));
  }
  create(at: port.CollectionAddress, body: Json | Uint8Array, options?: port.WriteOptions): Promise<port.Answer> {
    return this.#write(at, () => this.#cluster.create(at, body, options));
  }
  patch(
    at: port.ObjectAddress,
    patch: port.Patch,
    preconditions: { readonly uid: Uid },
    options?: port.WriteOptions,
  ): Promise<port.Answer> {
    return this.#write(at, () => this.#cluster.patch(at, patch, preconditions, options));
  }
  replace(at: port.ObjectAddress, body: Json, options?: port.WriteOptions): Promise<port.Answer> {
    return this.#write(at, () => this.#cluster.replace(at, body, options));
  }
  delete(
    at: port.ObjectAddress,
    preconditions: port.DeletePreconditions,
    options?: port.WriteOptions & { readonly propagation?: 'Background' | 'Foreground' | 'Orphan' },
  ): Promise<port.Answer> {
    return this.#write(at, () => this.#cluster.delete(at, preconditions, options));
  }
  watch(at: port.CollectionAddress, options?: port.WatchOptions): AsyncIterable<port.WatchEvent> {
    return this.#cluster.watch(at, options);
  }
  mayI(question: port.AccessQuestion): Promise<{ readonly allowed: boolean; readonly reason: string }> {
    return this.#time.during(() => this.#cluster.mayI(question));
  }
  close(): Promise<void> {
    return this.#cluster.close();
  }

  #write(
    { group, resource }: { readonly group: string; readonly resource: string },
    send: () => Promise<port.Answer>,
  ): Promise<port.Answer> {
    const name = resourceName(group, resource);
    this.writes.set(name, (this.writes.get(name) ?? 0) + 1);
    this.#time.wrote();
    return this.#time.during(send);
  }
}
