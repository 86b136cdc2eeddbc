import type { KubeObject, OwnerReference } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { controllerOf } from '../../objects/owners.ts';
import { type Hands, refusedAs } from './hands.ts';
import type { OwnedObjects } from './owned-objects.ts';
import type { Selects } from './selectors.ts';

/** Who claims: its apiVersion and kind (lists of objects do not carry them through every version). */
export interface Claimant {
  readonly apiVersion: string;
  readonly kind: string;
  readonly object: KubeObject;
  /** Whether it still exists with this uid and is not being deleted, as the server knows now. */
  mayAdopt(): boolean;
  /** False: what it controls and no longer selects is left to it (revisions of StatefulSets). */
  readonly releases?: boolean;
}

/** `controller: true, blockOwnerDeletion: true`, in the order of metav1.NewControllerRef. */
export function controllerReference(apiVersion: string, kind: string, owner: KubeObject): OwnerReference {
  const { name = '', uid = '' } = owner.metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/**
 * The objects that are the claimant's: those it controls and selects, those without a controller that it selects (they
 * are adopted), not those that it controls and no longer selects (they are released). As the real reference managers.
 */
export async function claim<T extends KubeObject>(
  hands: Hands,
  resource: ResourceName,
  claimant: Claimant,
  selected: Selects,
  objects: OwnedObjects<T>,
  wanted: (object: T) => boolean = () => true,
  adoptionFinalizer?: string,
): Promise<T[]> {
  const { object: owner } = claimant;
  const deleting = owner.metadata.deletionTimestamp !== undefined;
  const claimed: T[] = [];
  for (const object of [...objects.ownedBy(owner.metadata.uid)]) {
    if (selected(object.metadata.labels)) {
      if (wanted(object)) claimed.push(object);
    } else if (!deleting && claimant.releases !== false && object.metadata.namespace === owner.metadata.namespace) {
      await release(hands, resource, object, owner);
    }
  }
  if (deleting) return claimed;
  for (const object of [...objects.orphans(owner.metadata.namespace)]) {
    if (!selected(object.metadata.labels) || object.metadata.deletionTimestamp !== undefined || !wanted(object))
      continue;
    if (!claimant.mayAdopt()) continue;
    const adopted = await adopt(hands, resource, claimant, object, adoptionFinalizer);
    if (adopted !== undefined) claimed.push(adopted as T);
  }
  return claimed;
}

async function adopt(
  hands: Hands,
  resource: ResourceName,
  claimant: Claimant,
  object: KubeObject,
  finalizer: string | undefined,
): Promise<KubeObject | undefined> {
  const reference = controllerReference(claimant.apiVersion, claimant.kind, claimant.object);
  try {
    return await hands.patch(resource, object, 'strategic', {
      metadata: {
        ownerReferences: [reference],
        uid: object.metadata.uid,
        ...(finalizer === undefined ? {} : { finalizers: [finalizer] }),
      },
    });
  } catch (error) {
    if (refusedAs(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function release(hands: Hands, resource: ResourceName, object: KubeObject, owner: KubeObject): Promise<void> {
  const { uid } = owner.metadata;
  try {
    await hands.patch(resource, object, 'strategic', {
      metadata: { uid: object.metadata.uid, ownerReferences: [{ $patch: 'delete', uid }] },
    });
  } catch (error) {
    // Gone, or another object of its name: nothing left to release.
    if (!refusedAs(error, 'NotFound', 'Invalid')) throw error;
  }
}

/** Whether the object names this owner as its controller, by uid. */
export const isControlledBy = (object: KubeObject, owner: KubeObject): boolean =>
  controllerOf(object)?.uid === owner.metadata.uid;
