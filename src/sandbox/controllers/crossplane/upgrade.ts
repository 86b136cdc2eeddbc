import type { JsonObject, KubeObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import type { Writer } from './writer.ts';

/**
 * What Crossplane does before its first server-side apply on an object: forgets every manager, applies, and then removes the
 * manager that stood in for them. After a restore that lost the managed fields it happens again.
 */
export async function clearForeignManagers(
  writer: Writer,
  resource: ResourceName,
  object: KubeObject,
  manager: string,
): Promise<void> {
  const entries = object.metadata.managedFields ?? [];
  const known = entries.some((entry) => entry.manager === manager);
  const standIn = entries.findIndex((entry) => entry.manager === 'before-first-apply');
  if (known && standIn < 0) return;
  const revision: JsonObject = {
    op: 'replace',
    path: '/metadata/resourceVersion',
    value: object.metadata.resourceVersion ?? '',
  };
  await writer.jsonPatch(resource, object, [
    known
      ? { op: 'remove', path: `/metadata/managedFields/${standIn}` }
      : { op: 'replace', path: '/metadata/managedFields', value: [{}] },
    revision,
  ]);
}
