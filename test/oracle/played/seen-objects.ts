import type { Cluster } from '../../../src/cluster/port.ts';
import { at, type Body, listOf, textOf } from '../places.ts';
import { apiVersionOf, type Kind, keyFor, resourceOf } from '../world.ts';

/** One object as the server shows it. */
export interface Seen {
  readonly kind: Kind;
  readonly body: Body;
}
/** Everything of some kinds that a server shows, by key. */
export interface SeenObjects {
  readonly objects: ReadonlyMap<string, Seen>;
  uidOf(key: string): string | undefined;
}

/** Reads all objects of the kinds back; a kind that is not served has none. */
export async function seenObjects(cluster: Cluster, kinds: readonly Kind[]): Promise<SeenObjects> {
  const objects = new Map<string, Seen>();
  const looked = new Set<string>();
  for (const kind of kinds) {
    const resource = resourceOf(kind) as string;
    const version = kind.versions[0] ?? 'v1';
    if (looked.has(resource)) continue;
    looked.add(resource);
    const outcome = await cluster.list({ group: kind.group, version, resource: kind.resource }, ({ bytes }) => {
      const body = JSON.parse(Buffer.from(bytes).toString('utf8')) as Body;
      const namespace = textOf(at(body, 'metadata', 'namespace')) || undefined;
      const named = { apiVersion: apiVersionOf(kind.group, version), kind: kind.kind, ...body };
      objects.set(keyFor(resource, namespace, textOf(at(body, 'metadata', 'name'))), { kind, body: named });
    });
    if (outcome.kind !== 'complete' && !(outcome.kind === 'rejected' && outcome.status === 404))
      throw new Error(`${resource} cannot be listed: ${JSON.stringify(outcome)}`);
  }
  return { objects, uidOf: (key) => textOf(at(objects.get(key)?.body, 'metadata', 'uid')) || undefined };
}

/** UIDs of everything that is there. */
export const uidsThere = ({ objects }: SeenObjects): ReadonlySet<string> =>
  new Set([...objects.values()].map(({ body }) => textOf(at(body, 'metadata', 'uid'))));
export const ownersOf = (body: Body): unknown[] => listOf(at(body, 'metadata', 'ownerReferences'));
