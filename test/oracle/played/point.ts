import type { ResourceName } from '../../../src/objects/key.ts';
import { openVault } from '../../../src/vault/open-vault.ts';
import type { PointReader, ResourceRecord } from '../../../src/vault/vault.ts';
import { type Captured, keyFor, resourceOf, type World } from '../world.ts';

/** The world's objects as a point of a vault in memory, and the world with the rows that they have there. */
export async function writtenPoint(world: World): Promise<{ reader: PointReader; world: World }> {
  const vault = openVault('memory:');
  const takenAt = new Date().toISOString();
  const writer = await vault.begin(takenAt);
  const counts = new Map<string, number>();
  for (const [resource, objects] of Map.groupBy(world.objects, (object) => object.resource)) {
    const [first] = objects;
    if (first === undefined) continue;
    writer.declare(resource, { apiVersion: first.body.apiVersion, kind: first.body.kind });
    counts.set(resource, objects.length);
    for (const { namespace, name, uid, text } of objects)
      await writer.add({ resource, namespace, name, uid }, Buffer.from(text));
  }
  const resources = world.kinds
    .filter((kind) => counts.has(resourceOf(kind)))
    .map(
      (kind): ResourceRecord => ({
        resource: resourceOf(kind) as ResourceName,
        version: kind.versions[0] ?? 'v1',
        kind: kind.kind,
        namespaced: kind.namespaced,
        count: counts.get(resourceOf(kind)) ?? 0,
        revision: { kind: 'exact' },
        served: [...kind.versions],
      }),
    );
  const manifest = await writer.commit({
    takenAt,
    tookMs: 1,
    cluster: { fingerprint: world.point.fingerprint, name: 'lost', version: 'v1.34.4' },
    revision: '1000',
    complete: true,
    resources,
    skipped: [],
    dead: [],
  });
  const reader = await vault.open(manifest.id);
  const byKey = new Map<string, Captured>(world.objects.map((object) => [object.key, object]));
  const objects = reader.entries.map(({ resource, namespace, name, row, digest }): Captured => {
    const object = byKey.get(keyFor(resource, namespace, name));
    if (object === undefined) throw new Error(`the point has ${resource} ${name}, which is not of this world`);
    return { ...object, row, digest };
  });
  const { fingerprint } = manifest.cluster;
  return { reader, world: { ...world, objects, point: { ...world.point, id: manifest.id, fingerprint } } };
}
