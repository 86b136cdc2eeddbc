import type { KubeObject, OwnerReference } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { ownersOf, sameOwner } from '../../objects/owners.ts';
import type { StoreChange } from '../storage/store.ts';
import { resource } from './hands.ts';

export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';
const IGNORED: ReadonlySet<ResourceName> = new Set([resource('events'), resource('events.events.k8s.io')]);

/** One object as the collector sees it. */
export interface Node {
  readonly uid: string;
  readonly resource: ResourceName;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  owners: readonly OwnerReference[];
  beingDeleted: boolean;
  /** Deleted in the foreground: it waits until its dependents are gone. */
  deletingDependents: boolean;
}

/** What the graph asks the collector to look at. */
export interface Attention {
  /** The object itself: do its owners exist? */
  toDelete(uid: string): void;
  /** Its dependents are to lose their reference to it. */
  toOrphan(uid: string): void;
}

/** Who owns whom by UID. Owners that are referred to and never seen have dependents and no node. */
export class GarbageGraph {
  readonly #nodes = new Map<string, Node>();
  readonly #dependents = new Map<string, Set<Node>>();
  readonly #attention: Attention;

  constructor(attention: Attention) {
    this.#attention = attention;
  }

  node(uid: string): Node | undefined {
    return this.#nodes.get(uid);
  }

  dependentsOf(uid: string): readonly Node[] {
    return [...(this.#dependents.get(uid) ?? [])];
  }

  note(change: StoreChange): void {
    if (IGNORED.has(change.now.resource)) return;
    const { object } = change.now;
    const uid = object.metadata.uid ?? '';
    const node = this.#nodes.get(uid);
    if (change.kind === 'deleted') {
      if (node !== undefined) this.#remove(node);
      return;
    }
    if (node === undefined) this.#insert(uid, change.now.resource, object);
    else this.#renew(node, object, change.kind === 'modified' ? change.before.object : undefined);
  }

  #insert(uid: string, resource: ResourceName, object: KubeObject): void {
    const { namespace, name = '', deletionTimestamp, finalizers = [] } = object.metadata;
    const beingDeleted = deletionTimestamp !== undefined;
    const node: Node = {
      uid,
      resource,
      apiVersion: object.apiVersion,
      kind: object.kind,
      namespace,
      name,
      owners: ownersOf(object),
      beingDeleted,
      deletingDependents: beingDeleted && finalizers.includes(FOREGROUND),
    };
    this.#nodes.set(uid, node);
    // Those who were told of this owner before it was seen may have named it wrongly.
    for (const dependent of this.dependentsOf(uid))
      if (!refersRightly(dependent, node)) this.#attention.toDelete(dependent.uid);
    this.#addToOwners(node, node.owners);
    this.#transitions(node, object, undefined);
  }

  #renew(node: Node, object: KubeObject, before: KubeObject | undefined): void {
    const owners = ownersOf(object);
    if (owners !== node.owners) {
      const old = node.owners;
      const added = owners.filter(({ uid }) => !old.some((owner) => owner.uid === uid));
      const removed = old.filter(({ uid }) => !owners.some((owner) => owner.uid === uid));
      const changed = old.filter((owner) =>
        owners.some(
          (other) => other.uid === owner.uid && other.blockOwnerDeletion !== true && !sameOwner(other, owner),
        ),
      );
      for (const owner of [...removed, ...changed])
        if (owner.blockOwnerDeletion === true && this.#nodes.has(owner.uid)) this.#attention.toDelete(owner.uid);
      node.owners = owners;
      this.#addToOwners(node, added);
      this.#removeFromOwners(node, removed);
    }
    if (object.metadata.deletionTimestamp !== undefined) node.beingDeleted = true;
    this.#transitions(node, object, before);
  }

  #remove(node: Node): void {
    this.#nodes.delete(node.uid);
    this.#removeFromOwners(node, node.owners);
    for (const dependent of this.dependentsOf(node.uid)) this.#attention.toDelete(dependent.uid);
    for (const owner of node.owners)
      if (this.#nodes.get(owner.uid)?.deletingDependents === true) this.#attention.toDelete(owner.uid);
  }

  #addToOwners(node: Node, owners: readonly OwnerReference[]): void {
    for (const owner of owners) {
      const set = this.#dependents.get(owner.uid);
      if (set === undefined) this.#dependents.set(owner.uid, new Set([node]));
      else set.add(node);
      const known = this.#nodes.get(owner.uid);
      if (known === undefined || !refersRightly(node, known)) this.#attention.toDelete(node.uid);
    }
  }

  #removeFromOwners(node: Node, owners: readonly OwnerReference[]): void {
    for (const { uid } of owners) {
      const set = this.#dependents.get(uid);
      set?.delete(node);
      if (set?.size === 0) this.#dependents.delete(uid);
    }
  }

  #transitions(node: Node, object: KubeObject, before: KubeObject | undefined): void {
    if (startsWaiting(object, before, ORPHAN)) this.#attention.toOrphan(node.uid);
    else if (startsWaiting(object, before, FOREGROUND)) {
      node.deletingDependents = true;
      for (const dependent of this.dependentsOf(node.uid)) this.#attention.toDelete(dependent.uid);
      this.#attention.toDelete(node.uid);
    }
  }
}

/** Whether every reference of the dependent to this owner names its kind, name and, where it has one, its namespace. */
function refersRightly(dependent: Node, owner: Node): boolean {
  if (owner.namespace !== undefined && owner.namespace !== dependent.namespace) return false;
  return dependent.owners.every(
    ({ uid, apiVersion, kind, name }) =>
      uid !== owner.uid || (kind === owner.kind && name === owner.name && apiVersion === owner.apiVersion),
  );
}

function startsWaiting(now: KubeObject, before: KubeObject | undefined, finalizer: string): boolean {
  const waits = ({ metadata }: KubeObject): boolean =>
    metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(finalizer);
  return waits(now) && (before === undefined || !waits(before));
}
