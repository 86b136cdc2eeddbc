import { clusterFault } from '../codes.ts';
import type { CollectionAddress, ObjectAddress } from '../port.ts';

/** Query parameters; an undefined one is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** `/api/v1`, `/apis/apps/v1`. */
export function groupVersionPath(group: string, version: string): string {
  return group === '' ? `/api/${segment(version)}` : `/apis/${segment(group)}/${segment(version)}`;
}

export function collectionPath(at: CollectionAddress): string {
  const root = groupVersionPath(at.group, at.version);
  const scope = at.namespace === undefined ? '' : `/namespaces/${segment(at.namespace)}`;
  return `${root}${scope}/${segment(at.resource)}`;
}

export function objectPath(at: ObjectAddress, subresource?: string): string {
  const path = `${collectionPath(at)}/${segment(at.name)}`;
  return subresource === undefined ? path : `${path}/${segment(subresource)}`;
}

export function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(String(value))}`],
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** An empty name would turn an object's URL into its collection's, and `..` into another's: neither may be sent. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..' || /[/%]/.test(text) || text.length > 1024)
    throw clusterFault('BAD-ADDRESS', `${JSON.stringify(text.slice(0, 80))} cannot stand in a URL of the API.`, {
      hint: 'Names hold no slash and no percent sign, and are never empty.',
    });
  return encodeURIComponent(text);
}
