import type { Cluster } from '../../cluster/port.ts';
import type { OwnerReference } from '../../objects/json.ts';
import { groupOf, type KeyText, parseKeyText, versionOf } from '../../objects/key.ts';
import { inParallel } from '../target-reading.ts';
import type { CheckResult, Expected } from './check.ts';
import type { Inventory } from './inventory.ts';

/** No owner reference of what was recovered names a UID that does not exist: the garbage collector would delete it (lab 2). */
export async function checkOwners(
  cluster: Cluster,
  expected: readonly Expected[],
  inventory: Inventory,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const unseen = new Map<string, { owner: OwnerReference; children: KeyText[] }>();
  let references = 0;
  for (const { key } of expected) {
    for (const owner of inventory.objects.get(key)?.owners ?? []) {
      references++;
      if (inventory.uids.has(owner.uid)) continue;
      // The same UID named in two namespaces is two questions.
      const place = `${owner.uid} ${parseKeyText(key)?.namespace ?? ''}`;
      const known = unseen.get(place);
      if (known === undefined) unseen.set(place, { owner, children: [key] });
      else known.children.push(key);
    }
  }
  const kinds = unseen.size === 0 ? undefined : await cluster.discovery();
  await inParallel([...unseen.values()], 8, async ({ owner, children }) => {
    const [group, version] = [groupOf(owner.apiVersion), versionOf(owner.apiVersion)];
    const served = kinds?.resources.find(
      (one) => one.group === group && one.version === version && one.kind === owner.kind,
    );
    const wrong =
      served === undefined ? `${owner.apiVersion} ${owner.kind} is not served` : await missing(served, owner, children);
    if (wrong === undefined) return;
    for (const key of children) {
      const sentence = `${key} names the owner ${owner.kind} ${owner.name} (${owner.uid}), which does not exist: ${wrong}.`;
      results.push({
        id: `owners ${key} ${owner.uid}`,
        kind: 'owners',
        status: 'failed',
        code: 'OWNER-MISSING',
        sentence,
        key,
      });
    }
  });
  if (inventory.unread.size > 0) {
    const sentence = `Owners of ${[...inventory.unread.keys()].join(', ')} could not be read.`;
    results.push({ id: 'owners', kind: 'owners', status: 'not run', code: 'UNREADABLE', sentence });
  } else if (results.length === 0) {
    const sentence = `${references} owner references name objects that exist.`;
    results.push({ id: 'owners', kind: 'owners', status: 'verified', code: 'OWNERS-EXIST', sentence });
  }
  return results;

  async function missing(
    served: { group: string; version: string; resource: string; namespaced: boolean },
    owner: OwnerReference,
    children: readonly KeyText[],
  ): Promise<string | undefined> {
    const { group, version, resource, namespaced } = served;
    const namespace = namespaced ? parseKeyText(children[0] ?? '')?.namespace : undefined;
    if (namespaced && namespace === undefined) return 'a namespaced owner cannot own a cluster-scoped object';
    const at = { group, version, resource, name: owner.name };
    const answer = await cluster.get(namespace === undefined ? at : { ...at, namespace });
    if (answer.kind === 'rejected') return answer.status === 404 ? 'there is none of that name' : answer.message;
    return answer.object.metadata.uid === owner.uid ? undefined : `that name has the UID ${answer.object.metadata.uid}`;
  }
}
