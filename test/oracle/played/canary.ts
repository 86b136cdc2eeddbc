import type { Cluster, CollectionAddress } from '../../../src/cluster/port.ts';
import type { RunTime } from '../../../src/recover/run-time.ts';

const PATIENCE_MS = 90_000;
const NOBODY = '0badcafe-0000-4000-8000-000000000001';
let number = 0;

/** Makes an object whose owner never was, and waits until the garbage collector has taken it: so it works, and has come this far. */
export async function canaryIsCollected(
  cluster: Cluster,
  time: RunTime,
  place: CollectionAddress,
  type: { readonly apiVersion: string; readonly kind: string },
): Promise<void> {
  const name = `canary-${number++}`;
  const owner = {
    apiVersion: 'v1',
    kind: place.namespace === undefined ? 'Namespace' : 'ConfigMap',
    name: 'never-was',
    uid: NOBODY,
  };
  const metadata = {
    name,
    ...(place.namespace === undefined ? {} : { namespace: place.namespace }),
    ownerReferences: [owner],
  };
  const made = await cluster.create(place, { ...type, metadata } as never, { fieldManager: 'maker' });
  if (made.kind === 'rejected') throw new Error(`${name}: ${made.status} ${made.message}`);
  for (const end = time.now() + PATIENCE_MS; ; ) {
    const answer = await cluster.get({ ...place, name });
    if (answer.kind === 'rejected' && answer.status === 404) return;
    if (time.now() > end)
      throw new Error(`the garbage collector has not taken the canary ${place.resource} in ${PATIENCE_MS / 1000} s`);
    await time.sleep(50);
  }
}
