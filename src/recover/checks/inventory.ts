import type { Cluster } from '../../cluster/port.ts';
import type { KubeObject, OwnerReference } from '../../objects/json.ts';
import { type KeyText, keyTextOf, type ResourceName, resourceName } from '../../objects/key.ts';
import { inParallel, listAll } from '../target-reading.ts';
import type { Expected } from './check.ts';

/** What is known of a living object without its body. */
export interface Seen {
  readonly uid: string;
  readonly terminating: boolean;
  readonly owners: readonly OwnerReference[] | undefined;
}
export interface Inventory {
  /** Objects by key, of each resource that was listed. */
  readonly objects: ReadonlyMap<KeyText, Seen>;
  readonly uids: ReadonlySet<string>;
  /** Resources that could not be listed, with the sentence why. */
  readonly unread: ReadonlyMap<ResourceName, string>;
}

/** Lists the metadata of every resource that something is expected of. What cannot be listed is told, not left out. */
export async function takeInventory(cluster: Cluster, expected: readonly Expected[]): Promise<Inventory> {
  const resources = new Map<ResourceName, Expected>();
  for (const one of expected) resources.set(resourceName(one.group, one.resource), one);
  const objects = new Map<KeyText, Seen>();
  const uids = new Set<string>();
  const unread = new Map<ResourceName, string>();
  await inParallel([...resources], 4, async ([name, { group, version, resource }]) => {
    let seen = new Map<KeyText, Seen>();
    const begin = (): void => {
      seen = new Map();
    };
    try {
      await listAll(
        cluster,
        { group, version, resource },
        begin,
        (item) => {
          const { metadata } = JSON.parse(Buffer.from(item.bytes).toString('utf8')) as KubeObject;
          seen.set(keyTextOf(name, item.namespace, item.name), {
            uid: item.uid,
            terminating: metadata.deletionTimestamp !== undefined,
            owners: metadata.ownerReferences,
          });
        },
        { shape: 'metadata' },
      );
    } catch (error) {
      unread.set(name, error instanceof Error ? error.message : String(error));
      return;
    }
    for (const [key, one] of seen) {
      objects.set(key, one);
      uids.add(one.uid);
    }
  });
  return { objects, uids, unread };
}
