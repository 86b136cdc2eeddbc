import type { KubeObject, MutableJsonObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { OrderedKeys } from './ordered-keys.ts';
import type { StoreChange } from './store.ts';
import { Version } from './version.ts';

/** A change whose versions carry what was encoded of them. */
export type VersionChange = StoreChange & { readonly now: Version };
export type ChangeListener = (change: VersionChange) => void;

interface Shelf {
  readonly keys: OrderedKeys;
  readonly newest: Map<string, Version>;
  /** In order of revision; what was compacted is cut off now and then. */
  changes: VersionChange[];
  live: number;
}

/**
 * All objects of the cluster by resource and key, with one revision counter and the history since the last compaction.
 * Knows keys, not kinds. Every write is one revision and one change, told to all listeners before the write returns.
 */
export class ObjectStore {
  #revision: number;
  #compacted = 0;
  readonly #shelves = new Map<ResourceName, Shelf>();
  readonly #uids = new Map<string, Version>();
  readonly #listeners = new Set<ChangeListener>();
  readonly #listenersOf = new Map<ResourceName, Set<ChangeListener>>();

  constructor(firstRevision = 1) {
    this.#revision = firstRevision;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The newest revision that can no longer be read or watched from. */
  get compacted(): number {
    return this.#compacted;
  }

  /** The newest version, unless the object is gone. */
  get(resource: ResourceName, key: string): Version | undefined {
    const version = this.#shelves.get(resource)?.newest.get(key);
    return version === undefined || version.deleted ? undefined : version;
  }

  byUid(uid: string): Version | undefined {
    return this.#uids.get(uid);
  }

  /** How many objects of a resource there are now. */
  count(resource: ResourceName): number {
    return this.#shelves.get(resource)?.live ?? 0;
  }

  resources(): Iterable<ResourceName> {
    return this.#shelves.keys();
  }

  /**
   * Calls back for the objects whose key begins with `prefix`, from the key `from` on, as they were at `revision`
   * (default: now), in order, until the callback says `false`.
   */
  scan(
    resource: ResourceName,
    options: { readonly prefix?: string; readonly from?: string; readonly revision?: number },
    each: (version: Version) => boolean | undefined,
  ): void {
    const shelf = this.#shelves.get(resource);
    if (shelf === undefined) return;
    const { prefix = '', revision = this.#revision } = options;
    const from = options.from !== undefined && options.from > prefix ? options.from : prefix;
    shelf.keys.from(from, (key) => {
      if (!key.startsWith(prefix)) return false;
      let version = shelf.newest.get(key);
      while (version !== undefined && version.revision > revision) version = version.previous;
      return version === undefined || version.deleted || each(version) !== false;
    });
  }

  /** Stores an object that the caller hands over for good: its `metadata.resourceVersion` is set in place. */
  put(resource: ResourceName, key: string, object: MutableJsonObject): Version {
    const shelf = this.#shelf(resource);
    const before = shelf.newest.get(key);
    const version = this.#next(resource, key, object, false, before);
    shelf.newest.set(key, version);
    if (before === undefined) shelf.keys.add(key);
    const { uid } = version.object.metadata;
    if (uid !== undefined) this.#uids.set(uid, version);
    if (before === undefined || before.deleted) {
      shelf.live++;
      this.#tell(shelf, { kind: 'added', now: version });
    } else this.#tell(shelf, { kind: 'modified', now: version, before });
    return version;
  }

  /** Takes an object away; `last` is the state it leaves with (handed over for good). */
  remove(resource: ResourceName, key: string, last: MutableJsonObject): Version | undefined {
    const shelf = this.#shelf(resource);
    const before = shelf.newest.get(key);
    if (before === undefined || before.deleted) return undefined;
    const version = this.#next(resource, key, last, true, before);
    shelf.newest.set(key, version);
    shelf.live--;
    const { uid } = before.object.metadata;
    if (uid !== undefined) this.#uids.delete(uid);
    this.#tell(shelf, { kind: 'deleted', now: version, before });
    return version;
  }

  /** Changes of a resource after `revision`, oldest first. */
  changesAfter(resource: ResourceName, revision: number): readonly VersionChange[] {
    const changes = this.#shelves.get(resource)?.changes ?? [];
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((changes[middle] as VersionChange).now.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? changes : changes.slice(low);
  }

  /** Tells of every change of one resource, or of all; gives the unsubscribe. */
  subscribe(listener: ChangeListener, resource?: ResourceName): () => void {
    let set = this.#listeners;
    if (resource !== undefined) {
      set = this.#listenersOf.get(resource) ?? new Set();
      this.#listenersOf.set(resource, set);
    }
    set.add(listener);
    return () => void set.delete(listener);
  }

  /** Forgets what was before `revision`; reads and watches from there on still work. */
  compact(revision: number): void {
    if (revision <= this.#compacted) return;
    this.#compacted = Math.min(revision, this.#revision);
    for (const shelf of this.#shelves.values()) {
      const gone: string[] = [];
      const kept = shelf.changes.findIndex((change) => change.now.revision > this.#compacted);
      const old = kept < 0 ? shelf.changes : shelf.changes.slice(0, kept);
      shelf.changes = kept < 0 ? [] : shelf.changes.slice(kept);
      for (const { now } of old) {
        let version = shelf.newest.get(now.key);
        while (version !== undefined && version.revision > this.#compacted) version = version.previous;
        if (version === undefined) continue;
        version.previous = undefined;
        if (version.deleted && shelf.newest.get(now.key) === version) gone.push(now.key);
      }
      for (const key of gone) {
        if (!shelf.newest.delete(key)) continue;
        shelf.keys.delete(key);
      }
    }
  }

  #shelf(resource: ResourceName): Shelf {
    let shelf = this.#shelves.get(resource);
    if (shelf === undefined) {
      shelf = { keys: new OrderedKeys(), newest: new Map(), changes: [], live: 0 };
      this.#shelves.set(resource, shelf);
    }
    return shelf;
  }

  #next(
    resource: ResourceName,
    key: string,
    object: MutableJsonObject,
    deleted: boolean,
    before: Version | undefined,
  ): Version {
    const revision = ++this.#revision;
    (object.metadata as MutableJsonObject).resourceVersion = String(revision);
    return new Version(resource, key, object as unknown as KubeObject, revision, deleted, before);
  }

  #tell(shelf: Shelf, change: VersionChange): void {
    shelf.changes.push(change);
    const own = this.#listenersOf.get(change.now.resource);
    if (own !== undefined) for (const listener of own) listener(change);
    for (const listener of this.#listeners) listener(change);
  }
}
