import type { KubeObject, OwnerReference } from '../../objects/json.ts';
import { ownersOf, sameOwners } from '../../objects/owners.ts';
import type { ControllerMaker } from './controller.ts';
import { FOREGROUND, GarbageGraph, type Node, ORPHAN } from './garbage-graph.ts';
import { handsOf, refusedAs, resource, WriteRefused } from './hands.ts';
import { kindPlace } from './kind-mapping.ts';
import { NotYet, queuedController } from './queued-controller.ts';
import { WorkQueue } from './work-queue.ts';

const DEFINITIONS = resource('customresourcedefinitions.apiextensions.k8s.io');
const ORPHANING = 'orphan ';
/** After a new kind is served: the real one asks again within seconds (lab 8: 3 s). */
const NEW_KIND_MS = 1000;

/** What an owner reference comes to when the server is asked. */
type Found = 'solid' | 'dangling' | 'waiting';
/** The server does not know a kind (yet), or a cluster-scoped object names an owner in a namespace: it is kept. */
type Unanswered = 'unknown kind' | 'owner in a namespace';

/** Deletes what has no owner left, by UID; carries out foreground and orphan deletion. */
export const garbageCollector: ControllerMaker = (context) => {
  const { api, clock } = context;
  const queue = new WorkQueue(clock);
  const hands = handsOf(context, 'generic-garbage-collector');
  const unknown = new Set<string>();
  const graph = new GarbageGraph({
    toDelete: (uid) => queue.add(uid),
    toOrphan: (uid) => queue.add(ORPHANING + uid),
  });

  function find(reference: OwnerReference, node: Node): Found | Unanswered {
    const place = kindPlace(api, reference.apiVersion, reference.kind);
    if (place === undefined) return 'unknown kind';
    if (place.namespaced && node.namespace === undefined) return 'owner in a namespace';
    const owner = api.get(place.resource, place.namespaced ? node.namespace : undefined, reference.name);
    if (owner?.metadata.uid !== reference.uid) return 'dangling';
    return waitsForDependents(owner) ? 'waiting' : 'solid';
  }

  async function withoutOwners(node: Node, uids: readonly string[]): Promise<void> {
    const references = uids.map((uid) => ({ $patch: 'delete', uid }));
    const rest = (): readonly OwnerReference[] =>
      ownersOf(api.byUid(node.uid) ?? { metadata: {} }).filter(({ uid }) => !uids.includes(uid));
    await patchOwners(node, references, rest);
  }

  /** Strategic where the server can, else a merge patch of the whole list at the present revision. */
  async function patchOwners(node: Node, strategic: readonly object[], merged: () => readonly OwnerReference[]) {
    const at = {
      metadata: { name: node.name, ...(node.namespace === undefined ? {} : { namespace: node.namespace }) },
    };
    try {
      await hands.patch(node.resource, at, 'strategic', { metadata: { uid: node.uid, ownerReferences: strategic } });
    } catch (error) {
      if (!(error instanceof WriteRefused) || error.status !== 415) throw error;
      const resourceVersion = api.byUid(node.uid)?.metadata.resourceVersion;
      const owners = merged();
      const ownerReferences = owners.length === 0 ? null : owners;
      await hands.patch(node.resource, at, 'merge', { metadata: { resourceVersion, ownerReferences } });
    }
  }

  async function remove(node: Node, latest: KubeObject, propagation: 'Background' | 'Foreground' | 'Orphan') {
    const { resourceVersion } = latest.metadata;
    try {
      const exactly = resourceVersion === undefined ? {} : { resourceVersion };
      await hands.remove(node.resource, latest, { uid: node.uid, ...exactly, propagation });
    } catch (error) {
      if (!refusedAs(error, 'Conflict')) throw error;
      const now = api.byUid(node.uid);
      if (now === undefined) return;
      if (!sameOwners(ownersOf(now), ownersOf(latest))) throw error;
      await hands.remove(node.resource, latest, { uid: node.uid, propagation });
    }
  }

  async function removeFinalizer(node: Node, finalizer: string): Promise<void> {
    const object = api.byUid(node.uid);
    const finalizers = object?.metadata.finalizers ?? [];
    if (object === undefined || !finalizers.includes(finalizer)) return;
    const rest = finalizers.filter((name) => name !== finalizer);
    await hands.patch(node.resource, object, 'merge', {
      metadata: {
        resourceVersion: object.metadata.resourceVersion,
        finalizers: rest.length === 0 ? null : rest,
      },
    });
  }

  async function orphan(node: Node): Promise<void> {
    for (const dependent of graph.dependentsOf(node.uid)) {
      try {
        await withoutOwners(dependent, [node.uid]);
      } catch (error) {
        if (!refusedAs(error, 'NotFound')) throw error;
      }
    }
    await removeFinalizer(node, ORPHAN);
  }

  async function deleteDependents(node: Node): Promise<void> {
    const blocking = graph
      .dependentsOf(node.uid)
      .filter(({ owners }) =>
        owners.some(({ uid, blockOwnerDeletion }) => uid === node.uid && blockOwnerDeletion === true),
      );
    if (blocking.length === 0) return removeFinalizer(node, FOREGROUND);
    for (const dependent of blocking) if (!dependent.deletingDependents) queue.add(dependent.uid);
  }

  async function attempt(node: Node): Promise<void> {
    if (node.beingDeleted && !node.deletingDependents) return;
    const latest = api.byUid(node.uid);
    if (latest === undefined) return;
    if (node.deletingDependents) return deleteDependents(node);
    const owners = ownersOf(latest);
    if (owners.length === 0) return;
    const found = owners.map((owner) => ({ owner, as: find(owner, node) }));
    const unanswered = found.find(({ as }) => as === 'unknown kind' || as === 'owner in a namespace');
    if (unanswered?.as === 'unknown kind') {
      unknown.add(node.uid);
      throw new NotYet(`the kind of an owner is not known to the server: ${node.resource} ${node.name} is known`);
    }
    if (unanswered !== undefined) return;
    unknown.delete(node.uid);
    const waiting = found.some(({ as }) => as === 'waiting');
    const gone = found.filter(({ as }) => as !== 'solid').map(({ owner }) => owner.uid);
    if (gone.length < found.length) {
      if (gone.length > 0) await withoutOwners(node, gone);
      return;
    }
    const dependents = graph.dependentsOf(node.uid);
    if (waiting && dependents.length > 0) {
      if (dependents.some(({ deletingDependents }) => deletingDependents)) {
        const loosened = owners.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
        const blocking = loosened.filter((_, index) => owners[index]?.blockOwnerDeletion === true);
        await patchOwners(node, blocking, () => loosened);
      }
      return remove(node, api.byUid(node.uid) ?? latest, 'Foreground');
    }
    const finalizers = latest.metadata.finalizers ?? [];
    const byFinalizer = finalizers.includes(FOREGROUND) ? 'Foreground' : 'Background';
    await remove(node, latest, finalizers.includes(ORPHAN) ? 'Orphan' : byFinalizer);
  }

  const controller = queuedController({
    name: 'garbage-collector-controller',
    queue,
    context,
    noted(change) {
      graph.note(change);
      if (change.now.resource === DEFINITIONS && change.kind !== 'deleted')
        for (const uid of unknown) queue.addAfter(uid, NEW_KIND_MS);
    },
    async reconcile(key) {
      const orphaning = key.startsWith(ORPHANING);
      const node = graph.node(orphaning ? key.slice(ORPHANING.length) : key);
      if (node === undefined) unknown.delete(key);
      else if (orphaning) await orphan(node);
      else await attempt(node);
    },
  });
  return controller;
};

function waitsForDependents({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(FOREGROUND);
}
