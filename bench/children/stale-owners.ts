import type { Cluster } from '../../src/cluster/port.ts';
import { isJsonObject, type Json } from '../../src/objects/json.ts';
import { uidFor } from '../worlds/random.ts';
import { instead } from './instead.ts';

/** A defect, played: every owner reference goes out with a UID that nothing has, as if relinking were switched off. */
export function staleOwners(cluster: Cluster): Cluster {
  return instead(cluster, { create: (at, body, options) => cluster.create(at, stale(body as Json), options) });
}

function stale(body: Json): Json {
  if (!isJsonObject(body) || !isJsonObject(body.metadata ?? null)) return body;
  const metadata = body.metadata as Record<string, Json>;
  if (!Array.isArray(metadata.ownerReferences)) return body;
  const ownerReferences = metadata.ownerReferences.map((owner, number) => ({ ...owner, uid: uidFor(0xdead, number) }));
  return { ...body, metadata: { ...metadata, ownerReferences } };
}
