import type { KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { controllerOf } from '../../objects/owners.ts';
import type { StoreChange } from '../storage/store.ts';

const NONE: ReadonlyMap<string, KubeObject> = new Map();

/** The objects of one resource by the UID of their controller, and those without one by namespace; kept by changes. */
export class OwnedObjects<T extends KubeObject> {
  readonly resource: ResourceName;
  readonly #owned = new Map<string, Map<string, T>>();
  readonly #orphans = new Map<string, Map<string, T>>();

  constructor(resource: ResourceName) {
    this.resource = resource;
  }

  note(change: StoreChange): void {
    if (change.now.resource !== this.resource) return;
    if (change.kind !== 'added') this.#put(change.before.object as T, false);
    if (change.kind !== 'deleted') this.#put(change.now.object as T, true);
  }

  ownedBy(uid: string | undefined): Iterable<T> {
    return (this.#owned.get(uid ?? '') ?? (NONE as ReadonlyMap<string, T>)).values();
  }

  orphans(namespace: string | undefined): Iterable<T> {
    return (this.#orphans.get(namespace ?? '') ?? (NONE as ReadonlyMap<string, T>)).values();
  }

  #put(object: T, present: boolean): void {
    const owner = controllerOf(object)?.uid;
    const shelves = owner === undefined ? this.#orphans : this.#owned;
    const name = owner ?? object.metadata.namespace ?? '';
    const uid = object.metadata.uid ?? '';
    const shelf = shelves.get(name);
    if (present) {
      if (shelf === undefined) shelves.set(name, new Map([[uid, object]]));
      else shelf.set(uid, object);
    } else if (shelf !== undefined) {
      shelf.delete(uid);
      if (shelf.size === 0) shelves.delete(name);
    }
  }
}
