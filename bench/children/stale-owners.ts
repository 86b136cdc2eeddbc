import type { Cluster } from '../../src/cluster/port.ts';
import { isJsonObject, type Json } from '../../src/objects/json.ts';
import { uidFor } from '../worlds/random.ts';

/** A defect, played: every owner reference goes out with a UID that nothing has, as if relinking were switched off. */
export function staleOwners(cluster: Cluster): Cluster {
  return new Proxy(cluster, {
    get(target, name) {
      if (name === 'create') return (at: never, body: Json, options: never) => target.create(at, stale(body), options);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function stale(body: Json): Json {
  if (!isJsonObject(body) || !isJsonObject(body.metadata ?? null)) return body;
  const metadata = body.metadata as Record<string, Json>;
  if (!Array.isArray(metadata.ownerReferences)) return body;
  const ownerReferences = metadata.ownerReferences.map((owner, number) => ({ ...owner, uid: uidFor(0xdead, number) }));
  return { ...body, metadata: { ...metadata, ownerReferences } };
}
