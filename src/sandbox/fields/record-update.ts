import { isJsonObject, type JsonObject, type ManagedFieldsEntry, type MutableJsonObject } from '../../objects/json.ts';
import { groupOf, versionOf } from '../../objects/key.ts';
import { timestamp } from '../clock.ts';
import { emptyObject } from '../schema/go-shape.ts';
import { isEmptySet, union } from './field-set.ts';
import { capUpdaters, type ManagerId, type Owners, ownerKey, readOwners, setOwner, writeOwners } from './managers.ts';
import {
  compareWrites,
  entriesOf,
  inPresentTypes,
  metadataOf,
  owned,
  takeFields,
  type WriteShape,
  withoutEntries,
  withoutReset,
} from './ownership.ts';
import { createdFields } from './record-create.ts';

export interface UpdateWrite extends WriteShape {
  /** The stored object in the version of the request; undefined on a create. */
  readonly live: JsonObject | undefined;
  /**
   * The body as decoded (defaults filled in, patch done) in the version of the request, before admission and before the
   * kind puts back what cannot be written: what those change is owned by nobody. Its managed fields are set in place.
   */
  readonly next: MutableJsonObject;
  /** Field manager; '' is written as `unknown`. */
  readonly manager: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What an object of the kind is before anything is set; default: `emptyObject`. */
  readonly empty?: JsonObject;
}

/**
 * Sets `metadata.managedFields` of `next` as the server does for POST, PUT and the patches that are no apply: the managers that the
 * body names (or else the live ones) keep what was not changed, the writer owns what it added or changed, empty entries go,
 * the eleventh updater makes the oldest share `ancient-changes`. An update that changes nothing keeps all times.
 */
export function recordUpdate(write: UpdateWrite): void {
  const { live, next, manager } = write;
  const subresource = write.subresource ?? '';
  const owners = ownersBefore(live, next, subresource !== '');
  const metadata = mutableMetadata(next);
  delete metadata.managedFields;
  // Never tracked so far, and not new: stays so.
  if (owners.size === 0 && metadataOf(live ?? {}).uid !== undefined) return;
  const id: ManagerId = { manager: manager === '' ? 'unknown' : manager, operation: 'Update', subresource };
  if (owners.size === 0 && live === undefined) {
    recordCreate(id, write);
    return;
  }
  recordChange(owners, id, write);
  capUpdaters(owners);
  setEntries(next, writeOwners(owners));
}

/** The general way would come to the same; creates are many. */
function recordCreate({ manager, operation, subresource }: ManagerId, write: UpdateWrite): void {
  const { next, type, apiVersion, now } = write;
  const fieldsV1 = createdFields(write.empty ?? emptyOf(apiVersion, next), next as JsonObject, type, write.reset);
  if (fieldsV1 === undefined) return;
  const entry = { manager, operation, apiVersion, time: timestamp(now), fieldsType: 'FieldsV1', fieldsV1 };
  setEntries(next, [subresource === '' ? entry : { ...entry, subresource }]);
}

function recordChange(owners: Owners, id: ManagerId, write: UpdateWrite): void {
  const { next, apiVersion, now } = write;
  const live = withoutEntries(write.live ?? write.empty ?? emptyOf(apiVersion, next));
  inPresentTypes(owners, write);
  const { kept } = compareWrites(live, next as JsonObject, write);
  takeFields(owners, undefined, live, next as JsonObject, write, kept, true);
  const set = owned(withoutReset(union(kept.modified, kept.added), write.reset));
  if (isEmptySet(set)) return;
  const before = owners.get(ownerKey(id, apiVersion));
  setOwner(owners, id, apiVersion, before === undefined ? set : union(set, before.set), now);
}

/** What an object of the kind is before anything is set: being there by itself is nobody's doing. */
export function emptyOf(apiVersion: string, { kind }: { readonly kind?: unknown }): JsonObject {
  return emptyObject({ group: groupOf(apiVersion), version: versionOf(apiVersion), kind: String(kind) });
}

function ownersBefore(live: JsonObject | undefined, next: MutableJsonObject, ofLive: boolean): Owners {
  const lives = (): Owners => readOwners(entriesOf(live ?? {})) ?? new Map();
  if (ofLive) return lives();
  const entries = entriesOf(next as JsonObject);
  if (entries !== undefined && isReset(entries)) return new Map();
  const sent = readOwners(entries);
  return sent === undefined || sent.size === 0 ? lives() : sent;
}

/** `[]` and `[{}]` ask for a fresh start. */
function isReset(entries: readonly ManagedFieldsEntry[]): boolean {
  const [only] = entries;
  return only === undefined || (entries.length === 1 && isJsonObject(only) && Object.keys(only).length === 0);
}

export function mutableMetadata(object: MutableJsonObject): MutableJsonObject {
  const { metadata } = object;
  if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)) return metadata;
  const made: MutableJsonObject = {};
  object.metadata = made;
  return made;
}

export function setEntries(object: MutableJsonObject, entries: ManagedFieldsEntry[] | undefined): void {
  const metadata = mutableMetadata(object);
  if (entries === undefined) delete metadata.managedFields;
  else metadata.managedFields = entries as unknown as MutableJsonObject[];
}
