import type { Discovery, ServedResource } from '../cluster/port.ts';
import { compareText, type ResourceName, resourceName } from '../objects/key.ts';
import { compareVersions } from '../objects/versions.ts';
import type { TargetResource } from '../plan/target-facts.ts';

/** What discovery says, one entry a resource: versions as the server prefers them, verbs and status of the preferred one. Sorted. */
export function targetResources(discovery: Discovery): TargetResource[] {
  const byName = new Map<ResourceName, ServedResource[]>();
  for (const served of discovery.resources) {
    const name = resourceName(served.group, served.resource);
    const list = byName.get(name);
    if (list === undefined) byName.set(name, [served]);
    else list.push(served);
  }
  return [...byName.entries()]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, served]) => {
      const order = discovery.preferred[served[0]?.group ?? ''] ?? [];
      const rank = (version: string): number => (order.includes(version) ? order.indexOf(version) : order.length);
      served.sort((a, b) => rank(a.version) - rank(b.version) || compareVersions(a.version, b.version));
      const [first] = served;
      if (first === undefined) return [];
      const { group, resource, kind, namespaced, verbs } = first;
      const hasStatus = first.subresources.some((one) => one === 'status' || one.endsWith('/status'));
      return [{ group, resource, kind, namespaced, versions: served.map((one) => one.version), verbs, hasStatus }];
    });
}
