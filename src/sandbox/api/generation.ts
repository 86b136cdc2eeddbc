import type { Json, JsonObject, KubeObject, MutableJsonObject } from '../../objects/json.ts';
import { sameJson } from '../../objects/same-json.ts';
import { metaOf } from './object-meta.ts';
import type { ServedKind } from './served-kind.ts';

/** Whether a built-in kind counts its generations: by its rules, else when it has a status of its own. */
export function hasGeneration(kind: ServedKind): boolean {
  const told = kind.rules?.generation;
  if (told !== undefined) return told;
  return kind.versions.get(kind.storageVersion)?.subresources.has('status') === true && !NEVER.has(kind.resource);
}

/** Kinds with spec and status whose objects have no generation on the pinned server. */
const NEVER: ReadonlySet<string> = new Set([
  'namespaces',
  'nodes',
  'persistentvolumes',
  'persistentvolumeclaims',
  'services',
  'resourcequotas',
  'certificatesigningrequests.certificates.k8s.io',
  'horizontalpodautoscalers.autoscaling',
  'volumeattachments.storage.k8s.io',
  'apiservices.apiregistration.k8s.io',
  'storageversions.internal.apiserver.k8s.io',
]);

const NOT_COUNTED: ReadonlySet<string> = new Set(['kind', 'apiVersion', 'metadata', 'status']);

/** One more when anything but metadata and status changed. */
export function countGeneration(kind: ServedKind, next: MutableJsonObject, before: KubeObject): void {
  if (!hasGeneration(kind)) return;
  const keys = new Set([...Object.keys(next), ...Object.keys(before)]);
  for (const key of keys) {
    if (NOT_COUNTED.has(key) || sameJson(next[key] as Json, (before as unknown as JsonObject)[key])) continue;
    metaOf(next).generation = (before.metadata.generation ?? 0) + 1;
    return;
  }
}
