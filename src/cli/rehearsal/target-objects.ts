import type { Cluster, ServedResource } from '../../cluster/port.ts';
import type { KubeObject } from '../../objects/json.ts';
import { type ResourceName, resourceName } from '../../objects/key.ts';
import { expand } from '../../objects/pattern.ts';
import { getAt } from '../../objects/pointer.ts';
import { listAll } from '../../recover/target-reading.ts';

/** Heartbeats, reports and measurements: nothing of a recovery depends on them. */
const NOT_READ: readonly string[] = [
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'componentstatuses',
];
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

/**
 * Everything that a cluster holds, definitions first, each resource once: in the version in which it is stored where that is
 * served. Reads only; what cannot be listed faults with TARGET-UNREADABLE.
 */
export async function targetObjects(
  cluster: Cluster,
  onRead: (objects: number) => void,
  signal?: AbortSignal,
): Promise<KubeObject[]> {
  const { resources, preferred } = await cluster.discovery();
  const byName = Map.groupBy(
    resources.filter(({ verbs }) => verbs.includes('list') && verbs.includes('get')),
    ({ group, resource }) => resourceName(group, resource),
  );
  const objects: KubeObject[] = [];
  const uids = new Set<string>();
  const stored = new Map<ResourceName, string>();
  const read = async (name: ResourceName, served: readonly ServedResource[]): Promise<void> => {
    const order = preferred[served[0]?.group ?? ''] ?? [];
    const inOrder = [...served].sort((a, b) => order.indexOf(a.version) - order.indexOf(b.version));
    const chosen = inOrder.find(({ version }) => version === stored.get(name)) ?? inOrder[0];
    if (chosen === undefined) return;
    const { group, version, resource, kind } = chosen;
    const found: KubeObject[] = [];
    await listAll(
      cluster,
      { group, version, resource },
      () => found.splice(0),
      (item) => {
        const body = JSON.parse(Buffer.from(item.bytes).toString('utf8')) as KubeObject;
        // Items of built-in lists carry no type. A resource that two groups serve is one object.
        if (!uids.has(item.uid))
          found.push({ ...body, apiVersion: group === '' ? version : `${group}/${version}`, kind });
      },
      signal === undefined ? {} : { signal },
    );
    for (const object of found) {
      uids.add(object.metadata.uid ?? '');
      objects.push(object);
    }
    onRead(objects.length);
  };
  await read(DEFINITIONS as ResourceName, byName.get(DEFINITIONS as ResourceName) ?? []);
  for (const definition of objects) stored.set(definition.metadata.name as ResourceName, storageVersion(definition));
  // The core group and the like first: where two groups serve one object it is kept under the older name.
  for (const [name, served] of byName) if (name !== DEFINITIONS && !isSkipped(name)) await read(name, served);
  return objects;
}

const isSkipped = (name: string): boolean => NOT_READ.includes(name) || /(^|\.)metrics\.k8s\.io$/.test(name);

function storageVersion(definition: KubeObject): string {
  const place = expand(definition, '/spec/versions/*').find((path) => getAt(definition, `${path}/storage`) === true);
  return String(getAt(definition, `${place ?? ''}/name`));
}
