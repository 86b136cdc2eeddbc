import type { KubeObject, OwnerReference } from './json.ts';
import { compareText, groupOf } from './key.ts';

const NONE: readonly OwnerReference[] = [];

/** The owner references of an object as they stand; an empty list when it has none. */
export function ownersOf(object: Pick<KubeObject, 'metadata'>): readonly OwnerReference[] {
  return object.metadata.ownerReferences ?? NONE;
}

/** The one owner that says `controller: true` (a server allows no second), or undefined. */
export function controllerOf(object: Pick<KubeObject, 'metadata'>): OwnerReference | undefined {
  return ownersOf(object).find((owner) => owner.controller === true);
}

/** The same reference to an owner that now has another UID; its own fields stay in their order. */
export function withOwnerUid(owner: OwnerReference, uid: string): OwnerReference {
  return { ...owner, uid };
}

/** Whether both name one owner, whatever its UID and version are: group, kind and name are equal. */
export function namesSameOwner(a: OwnerReference, b: OwnerReference): boolean {
  return a.kind === b.kind && a.name === b.name && groupOf(a.apiVersion) === groupOf(b.apiVersion);
}

/** Equal in every field; an absent `controller` or `blockOwnerDeletion` is false. */
export function sameOwner(a: OwnerReference, b: OwnerReference): boolean {
  return ownerText(a) === ownerText(b);
}

/** Equal as sets: the order of owner references has no meaning to Kubernetes. */
export function sameOwners(a: readonly OwnerReference[], b: readonly OwnerReference[]): boolean {
  if (a.length !== b.length) return false;
  const left = a.map(ownerText).sort(compareText);
  const right = b.map(ownerText).sort(compareText);
  return left.every((text, index) => text === right[index]);
}

function ownerText(owner: OwnerReference): string {
  const flags = [owner.controller === true, owner.blockOwnerDeletion === true];
  return JSON.stringify([owner.apiVersion, owner.kind, owner.name, owner.uid, ...flags]);
}
