import type { Answer, Cluster, CollectionAddress } from '../../../src/cluster/port.ts';
import type { KubeObject } from '../../../src/objects/json.ts';
import type { Uid } from '../../../src/objects/key.ts';
import type { RunTime } from '../../../src/recover/run-time.ts';
import { at, type Body, copyOf, listOf, textOf } from '../places.ts';
import { groupIn, type Living, versionIn, type World } from '../world.ts';
import { canaryIsCollected } from './canary.ts';
import { isMintedAccountOrRoot, withUids } from './real-world.ts';

const PATIENCE_MS = 30_000;
const MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
const HELD = 'example.org/wait';

/** Where objects of a resource stand, in the version that a body speaks. */
export const placeOf = (resource: string, body: KubeObject): CollectionAddress => ({
  group: groupIn(body.apiVersion),
  version: versionIn(body.apiVersion),
  resource: resource.split('.')[0] ?? resource,
  ...(body.metadata.namespace === undefined ? {} : { namespace: body.metadata.namespace }),
});

/**
 * Brings the target's living objects into a cluster: made without owners, then owned, then deleted where they are to be dying.
 * The world with the UIDs that they have got; where the target is the captured cluster the point has them too.
 */
export async function prepared(cluster: Cluster, time: RunTime, world: World): Promise<World> {
  const uids = new Map<string, string>();
  const renewed = (text: string): string => {
    let found = text;
    for (const [was, is] of uids) found = found.replaceAll(was, is);
    return found;
  };
  const gone = new Set<string>();
  const order = [...world.target.living].sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1));
  for (const living of order) {
    const made = await madeOrFound(cluster, time, living);
    uids.set(living.body.metadata.uid ?? '', made.metadata.uid ?? '');
  }
  for (const living of order) {
    const ownerReferences = listOf(at(living.body, 'metadata', 'ownerReferences'));
    const finalizers = living.terminating ? [HELD] : undefined;
    if (ownerReferences.length === 0 && finalizers === undefined) continue;
    const metadata = {
      ...(ownerReferences.length === 0
        ? {}
        : { ownerReferences: JSON.parse(renewed(JSON.stringify(ownerReferences))) }),
      ...(finalizers === undefined ? {} : { finalizers }),
    };
    const { place, uid } = livingAt(living, uids);
    const answer = await cluster.patch(place, { kind: 'merge', body: { metadata } as never }, { uid });
    // Its controller, or the collector after its owner, was faster: it does not stand in this target.
    if (answer.kind === 'rejected' && answer.status === 404) gone.add(living.key);
    else accepted(answer, living.key);
  }
  for (const living of order.filter(({ terminating, key }) => terminating && !gone.has(key))) {
    const { place, uid } = livingAt(living, uids);
    accepted(await cluster.delete(place, { uid }, { propagation: 'Background' }), living.key);
  }
  // What the target's own collector takes is gone before anyone comes to recover.
  if (order.some(({ body }) => at(body, 'metadata', 'ownerReferences') !== undefined)) {
    await canaryIsCollected(
      cluster,
      time,
      { group: '', version: 'v1', resource: 'configmaps', namespace: 'default' },
      MAP,
    );
    for (const living of order)
      if ((await cluster.get(livingAt(living, uids).place)).kind === 'rejected') gone.add(living.key);
  }
  const standing = world.target.living.filter(({ key }) => !gone.has(key));
  const living = standing.map((one): Living => {
    const body = JSON.parse(renewed(JSON.stringify(one.body))) as Body;
    return { ...one, body: body as unknown as KubeObject };
  });
  const moved = world.target.mode === 'same' ? withUids(world, uids) : world;
  // Of the captured cluster itself the fingerprint is the target's.
  const system = moved.objects.find(({ key }) => key === 'namespaces/kube-system');
  const point = { ...moved.point, fingerprint: (system?.uid ?? moved.point.fingerprint) as Uid };
  return { ...moved, point, target: { ...moved.target, living } };
}

const rank = ({ resource }: Living): number =>
  resource.startsWith('customresourcedefinitions.') ? 0 : resource === 'namespaces' ? 1 : 2;

function livingAt({ resource, body }: Living, uids: ReadonlyMap<string, string>) {
  const place = { ...placeOf(resource, body), name: body.metadata.name ?? '' };
  return { place, uid: (uids.get(body.metadata.uid ?? '') ?? '') as Uid };
}

/** What the server has by itself, such as `kube-system`, is taken as it is. A kind or namespace that is only coming is waited for. */
async function madeOrFound(cluster: Cluster, time: RunTime, { resource, body: from }: Living): Promise<KubeObject> {
  const body = copyOf(from) as unknown as Body;
  const metadata = body.metadata as Body;
  for (const field of [
    'uid',
    'resourceVersion',
    'creationTimestamp',
    'ownerReferences',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'managedFields',
    'finalizers',
  ])
    delete metadata[field];
  const place = placeOf(resource, from);
  const minted = isMintedAccountOrRoot(resource, from.metadata.name);
  for (const end = time.now() + PATIENCE_MS; ; ) {
    const answer = await (minted
      ? cluster.get({ ...place, name: textOf(metadata.name) })
      : cluster.create(place, body as never, { fieldManager: 'maker' }));
    if (answer.kind === 'accepted') return await withStatus(cluster, resource, from, answer.object);
    const found = await cluster.get({ ...place, name: textOf(metadata.name) });
    if (found.kind === 'accepted') return found.object;
    const coming = answer.status === 404 || answer.status === 429;
    if (!coming || time.now() > end)
      throw new Error(
        `the target cannot have ${from.kind} ${textOf(metadata.name)}: ${answer.status} ${answer.message}`,
      );
    await time.sleep(100);
  }
}

/** Claims of a composite and the like look at their status; what refuses it goes without. */
async function withStatus(cluster: Cluster, resource: string, from: KubeObject, made: KubeObject): Promise<KubeObject> {
  if (from.status === undefined || !/example\.org$/.test(resource)) return made;
  const place = { ...placeOf(resource, from), name: from.metadata.name ?? '' };
  const body = { status: from.status } as never;
  await cluster.patch(place, { kind: 'merge', body }, { uid: made.metadata.uid as Uid }, { subresource: 'status' });
  return made;
}

export function accepted(answer: Answer, what: string): KubeObject {
  if (answer.kind === 'rejected') throw new Error(`${what}: ${answer.status} ${answer.message}`);
  return answer.object;
}
