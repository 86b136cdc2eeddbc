import type { Cluster } from '../src/cluster/port.ts';
import type { KubeObject, OwnerReference } from '../src/objects/json.ts';
import { type KeyText, keyTextOf, resourceName } from '../src/objects/key.ts';

/** Everything that a server holds at one moment, by key. */
export type Holding = ReadonlyMap<KeyText, KubeObject>;

/** What comes and goes by itself, or is no object at all. */
const NOT_READ = ['events', 'leases', 'componentstatuses'];

/** Lists every resource of a server in its preferred version. */
export async function readHolding(cluster: Cluster): Promise<Holding> {
  const holding = new Map<KeyText, KubeObject>();
  const { resources, preferred } = await cluster.discovery();
  const decoder = new TextDecoder();
  for (const { group, version, resource, verbs } of resources) {
    if (preferred[group]?.[0] !== version || !verbs.includes('list') || NOT_READ.includes(resource)) continue;
    const outcome = await cluster.list({ group, version, resource }, ({ bytes, name, namespace }) => {
      const key = keyTextOf(resourceName(group, resource), namespace, name);
      holding.set(key, JSON.parse(decoder.decode(bytes)) as KubeObject);
    });
    if (outcome.kind !== 'complete') throw new Error(`the list of ${resource}.${group} is not complete`);
  }
  return holding;
}

export const resourceOf = (key: string): string => key.slice(0, key.indexOf('/'));

export function countOf(holding: Holding, resource: string): number {
  return of(holding, resource).length;
}
export function of(holding: Holding, resource: string): readonly (readonly [KeyText, KubeObject])[] {
  return [...holding].filter(([key]) => resourceOf(key) === resource);
}

/** The status of one of an object's conditions. */
export function conditionOf(object: KubeObject | undefined, type: string): string | undefined {
  const { conditions = [] } = (object?.status ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  return conditions.find((one) => one.type === type)?.status;
}

export const ownersOf = (object: KubeObject | undefined): readonly OwnerReference[] =>
  object?.metadata.ownerReferences ?? [];

/** A key of a Secret, in the clear. */
export function secretText(object: KubeObject | undefined, field: string): string | undefined {
  const found = (object?.data as Readonly<Record<string, string>> | undefined)?.[field];
  return found === undefined ? undefined : Buffer.from(found, 'base64').toString('utf8');
}
