import type { JsonObject, KubeObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import type { Problem } from '../../status/problem.ts';
import { dns1035Label, pathSegment } from '../metadata/names.ts';
import { validateObjectMeta } from '../metadata/object-meta.ts';

export const dns1035Problems = dns1035Label;

/** What is wrong with the metadata of an embedded resource; it may lack a name. */
export function metadataProblems(metadata: JsonObject, path: string): Problem[] {
  const object = { metadata: { ...metadata, name: metadata.name || 'fakename' } } as unknown as KubeObject;
  const namespaced = typeof metadata.namespace === 'string' && metadata.namespace !== '';
  return validateObjectMeta(object, { resource: '' as ResourceName, namespaced, nameCheck: pathSegment }).map(
    (problem) => ({ ...problem, field: `${path}${problem.field.slice('metadata'.length)}` }),
  );
}
