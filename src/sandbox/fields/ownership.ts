import { isJsonObject, type Json, type JsonObject, type ManagedFieldsEntry } from '../../objects/json.ts';
import type { FieldType } from '../schema/field-type.ts';
import { type Comparison, compareObjects } from './comparison.ts';
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  pathsOf,
  recursiveDifference,
  setOfPaths,
  union,
} from './field-set.ts';
import { changeSet, type Owners } from './managers.ts';
import { withPresentTypes } from './merge.ts';

/** One object as another version shows it. */
export interface OtherVersion {
  readonly type: FieldType;
  /** Of an object of any version of the kind; it is not changed. */
  convert(object: JsonObject): JsonObject;
}

/** What a write and its kind bring along, whatever the way of writing. */
export interface WriteShape {
  readonly type: FieldType;
  /** Version of the request: `apps/v1`. */
  readonly apiVersion: string;
  readonly subresource?: string;
  /** Fields that this way of writing cannot set (`resetFields`). */
  readonly reset?: FieldSet | undefined;
  /**
   * The object as an owner's version has it, also for the version of the request; undefined when that version is not served:
   * its owners are forgotten. Default: only the version of the request is served.
   */
  otherVersion?(apiVersion: string): OtherVersion | undefined;
}

/** Never owned by anyone. */
const UNOWNED = setOfPaths([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', `f:${name}`]),
]);
export const owned = (set: FieldSet): FieldSet => difference(set, UNOWNED);

export const withoutReset = (set: FieldSet, reset: FieldSet | undefined): FieldSet =>
  reset === undefined ? set : recursiveDifference(set, reset);

export function compareWrites(
  live: JsonObject,
  next: JsonObject,
  shape: WriteShape,
): { readonly raw: Comparison; readonly kept: Comparison } {
  const raw = compareObjects(live, next, shape.type);
  const { reset } = shape;
  const kept: Comparison =
    reset === undefined
      ? raw
      : {
          added: recursiveDifference(raw.added, reset),
          modified: recursiveDifference(raw.modified, reset),
          removed: recursiveDifference(raw.removed, reset),
        };
  return { raw, kept };
}

export interface FieldConflict {
  readonly key: string;
  readonly path: readonly string[];
}

/**
 * Takes from all owners but `self` what the write changed or removed. Without `force` nothing is taken and the conflicts are
 * given when there are any. `owners` is changed.
 */
export function takeFields(
  owners: Owners,
  self: string | undefined,
  live: JsonObject,
  next: JsonObject,
  shape: WriteShape,
  own: Comparison,
  force: boolean,
): readonly FieldConflict[] {
  const comparisons = new Map<string, Comparison>([[shape.apiVersion, own]]);
  const conflicts: FieldConflict[] = [];
  const losses: [string, FieldSet][] = [];
  for (const [key, owner] of [...owners]) {
    if (key === self) continue;
    let comparison = comparisons.get(owner.apiVersion);
    if (comparison === undefined) {
      const other = shape.otherVersion?.(owner.apiVersion);
      if (other === undefined) {
        owners.delete(key);
        continue;
      }
      const [was, is] = [converted(other, live, 'old'), converted(other, next, 'new')];
      comparison = compareObjects(was, is, other.type);
      comparisons.set(owner.apiVersion, comparison);
    }
    const taken = intersection(owner.set, union(comparison.modified, comparison.added));
    if (!isEmptySet(taken)) {
      for (const path of pathsOf(taken)) conflicts.push({ key, path });
      losses.push([key, taken]);
    }
    if (!isEmptySet(comparison.removed)) losses.push([key, comparison.removed]);
  }
  if (!force && conflicts.length > 0) return conflicts;
  for (const [key, loss] of losses) {
    const owner = owners.get(key);
    if (owner !== undefined) changeSet(owners, key, difference(owner.set, loss));
  }
  for (const [key, { set }] of [...owners]) if (isEmptySet(set)) owners.delete(key);
  return [];
}

/** The owners' sets as the present types have them; owners of versions that are no more are left out. */
export function inPresentTypes(owners: Owners, shape: WriteShape): void {
  for (const [key, owner] of [...owners]) {
    const type = owner.apiVersion === shape.apiVersion ? shape.type : shape.otherVersion?.(owner.apiVersion)?.type;
    if (type === undefined) owners.delete(key);
    else owners.set(key, { ...owner, set: withPresentTypes(owner.set, type) });
  }
}

export function metadataOf(object: JsonObject): JsonObject {
  const { metadata } = object;
  return isJsonObject(metadata) ? metadata : {};
}
export function entriesOf(object: JsonObject): readonly ManagedFieldsEntry[] | undefined {
  const entries: Json | undefined = metadataOf(object).managedFields;
  return Array.isArray(entries) ? (entries as unknown as readonly ManagedFieldsEntry[]) : undefined;
}

/** The object without `metadata.managedFields`, sharing all else. */
export function withoutEntries(object: JsonObject): JsonObject {
  const metadata = metadataOf(object);
  if (metadata.managedFields === undefined) return object;
  const { managedFields: _, ...rest } = metadata;
  return { ...object, metadata: rest };
}

function converted(other: OtherVersion, object: JsonObject, which: 'old' | 'new'): JsonObject {
  try {
    return other.convert(object);
  } catch (error) {
    if (error instanceof Error) error.message = `failed to convert ${which} object: ${error.message}`;
    throw error;
  }
}
