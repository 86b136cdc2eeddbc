import type { KubeObject, MutableJsonObject } from '../objects/json.ts';
import { groupOf, versionOf } from '../objects/key.ts';
import { copyObject } from './api/json-text.ts';
import { inOrder, metaOf } from './api/object-meta.ts';
import type { ServerParts } from './api/parts.ts';
import { keyOf } from './api/served-kind.ts';
import { timestamp } from './clock.ts';
import { recordedObjects } from './recorded/recorded.ts';

/** Puts what a fresh server holds into an empty store: as recorded, with uids and times of its own. */
export function putFirstObjects(parts: ServerParts): void {
  for (const object of recordedObjects('alone')) putObject(parts, object);
}

/** Stores an object as if it had been there before; its uid and times are made anew unless `exactly`. */
export function putObject(parts: ServerParts, object: KubeObject, exactly = false): void {
  const kind = parts.catalog.byKind(groupOf(object.apiVersion), versionOf(object.apiVersion), object.kind);
  if (kind === undefined) throw new Error(`${object.apiVersion} ${object.kind} is not served`);
  const body = inOrder(copyObject(object));
  const meta = metaOf(body);
  if (!exactly) {
    const now = timestamp(parts.clock.now());
    meta.uid = parts.newUid();
    meta.creationTimestamp = now;
    if (Array.isArray(meta.managedFields))
      for (const entry of meta.managedFields as MutableJsonObject[]) if (entry.time !== undefined) entry.time = now;
  }
  const { namespace, name = '' } = object.metadata;
  parts.store.put(kind.storedAs, keyOf(kind, namespace, name), body);
}

/** Puts objects exactly as they stood in another cluster; tells those whose kind is not served. */
export function putLiving(
  parts: ServerParts,
  objects: Iterable<KubeObject>,
  onUnserved: (object: KubeObject) => void,
): void {
  for (const object of objects) {
    const { apiVersion, kind } = object;
    if (parts.catalog.byKind(groupOf(apiVersion), versionOf(apiVersion), kind) === undefined) onUnserved(object);
    else putObject(parts, object, true);
  }
}

/** Gives kube-system the UID by which the cluster is known. */
export function putFingerprint(parts: ServerParts, fingerprint: string): void {
  change(parts, 'v1', 'Namespace', 'kube-system', (there) => ({
    ...there,
    metadata: { ...there.metadata, uid: fingerprint },
  }));
}

/** From which ranges Services get their addresses. */
export function putServiceRanges(parts: ServerParts, cidrs: readonly string[]): void {
  change(parts, 'networking.k8s.io/v1', 'ServiceCIDR', 'kubernetes', (there) => ({
    ...there,
    spec: { ...(there.spec as object), cidrs: [...cidrs] },
  }));
}

function change(
  parts: ServerParts,
  apiVersion: string,
  kind: string,
  name: string,
  make: (there: KubeObject) => KubeObject,
): void {
  const served = parts.catalog.byKind(groupOf(apiVersion), versionOf(apiVersion), kind);
  const there = served === undefined ? undefined : parts.store.get(served.storedAs, name)?.object;
  if (there === undefined) throw new Error(`there is no ${kind} ${name}`);
  putObject(parts, make(there), true);
}
