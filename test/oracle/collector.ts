import { at, type Body, listOf, textOf } from './places.ts';
import { isTerminating, kindOfReference, type Store, type Stored } from './store.ts';
import { keyFor, resourceOf } from './world.ts';

type OwnerState = 'there' | 'absent' | 'unknown' | 'invalid';

/** How the garbage collector sees one owner reference of an object. */
export function ownerState(store: Store, child: Stored, owner: unknown): OwnerState {
  const kind = kindOfReference(store.kinds.values(), textOf(at(owner, 'apiVersion')), textOf(at(owner, 'kind')));
  if (kind === undefined) return 'unknown';
  if (kind.namespaced && child.namespace === undefined) return 'invalid';
  const key = keyFor(resourceOf(kind), kind.namespaced ? child.namespace : undefined, textOf(at(owner, 'name')));
  return store.uidOf(key) === at(owner, 'uid') ? 'there' : 'absent';
}

/**
 * One pass of the garbage collector over all objects. An object goes when it has owners and all of them are absent; when some are
 * there, the absent ones are taken off the list. An owner of an unknown kind, or a namespaced one of a cluster-scoped
 * child, keeps the object as it is (lab 2, 8). Returns whether anything moved.
 */
export function collect(store: Store): boolean {
  let moved = false;
  for (const stored of [...store.objects.values()]) {
    const owners = listOf(at(stored.body, 'metadata', 'ownerReferences'));
    if (owners.length === 0 || isTerminating(stored)) continue;
    const states = owners.map((owner) => ownerState(store, stored, owner));
    if (states.includes('unknown')) continue;
    if (states.includes('invalid')) {
      const known = store.happenings.some(({ kind, key }) => kind === 'owner-invalid' && key === stored.key);
      if (stored.written && !known)
        store.happen('owner-invalid', stored.key, `${stored.key} is cluster-scoped and names a namespaced owner`);
      continue;
    }
    const absent = states.filter((state) => state === 'absent').length;
    if (absent === 0) continue;
    moved = true;
    const names = owners.map((owner) => `${textOf(at(owner, 'kind'))}/${textOf(at(owner, 'name'))}`).join(', ');
    if (absent === owners.length) {
      store.objects.delete(stored.key);
      store.happen('collected', stored.key, `${stored.key} was collected: none of its owners exists (${names})`);
    } else {
      const metadata = stored.body.metadata as Body;
      metadata.ownerReferences = owners.filter((_, index) => states[index] !== 'absent');
      store.happen('owner-lost', stored.key, `the collector took an absent owner off ${stored.key} (${names})`);
    }
  }
  return moved;
}
