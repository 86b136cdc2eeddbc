import type { ManagedFieldsEntry } from '../../objects/json.ts';
import { difference, hasPath, isEmptySet, setOfPaths } from './field-set.ts';
import { type Owners, readOwners, writeOwners } from './managers.ts';

/** Where a kind keeps its replicas, by version (`apps/v1`): `['f:spec', 'f:replicas']`. */
export type ReplicasPaths = Readonly<Record<string, readonly string[]>>;

const SCALE_VERSION = 'autoscaling/v1';
const IN_SCALE = ['f:spec', 'f:replicas'];
type Entries = readonly ManagedFieldsEntry[] | undefined;

/** The managed fields of the Scale of an object: those of its owners that own the replicas. */
export function scaleEntriesOf(entries: Entries, paths: ReplicasPaths): ManagedFieldsEntry[] | undefined {
  const scale: Owners = new Map();
  for (const [key, owner] of readOwners(entries) ?? []) {
    const path = paths[owner.apiVersion];
    if (path === undefined || !hasPath(owner.set, path)) continue;
    scale.set(key, { ...owner, apiVersion: SCALE_VERSION, set: setOfPaths([IN_SCALE]) });
  }
  return writeOwners(scale);
}

/**
 * The managed fields of the object after a write to its /scale left these on the Scale: who lost the replicas there loses
 * them here, who won them has an entry in the object's version, without a time. As in the server, an updater of the object
 * never is the one that the Scale names, because the version is part of who it is: the replicas move to an entry of their own,
 * and the next reading of two entries of one manager forgets the first.
 */
export function entriesAfterScale(
  entries: Entries,
  scaleEntries: Entries,
  apiVersion: string,
  paths: ReplicasPaths,
): ManagedFieldsEntry[] | undefined {
  const scale: Owners = readOwners(scaleEntries) ?? new Map();
  const owners: Owners = new Map();
  for (const [key, owner] of readOwners(entries) ?? []) {
    const path = paths[owner.apiVersion];
    if (path === undefined) continue;
    if (!hasPath(owner.set, path)) owners.set(key, owner);
    else if (scale.delete(key)) owners.set(key, owner);
    else {
      const set = difference(owner.set, setOfPaths([path]));
      if (!isEmptySet(set)) owners.set(key, { ...owner, set });
    }
  }
  const path = paths[apiVersion];
  for (const [key, owner] of scale)
    if (path !== undefined && hasPath(owner.set, IN_SCALE))
      owners.set(key, { ...owner, apiVersion, set: setOfPaths([path]), time: undefined });
  return writeOwners(owners);
}
