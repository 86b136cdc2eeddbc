import { isJsonObject, type Json, type JsonObject, type MutableJsonObject } from '../../objects/json.ts';
import { timestamp } from '../clock.ts';
import { badRequest, refusal } from '../status/refusal.ts';
import { conflictRefusal } from './apply-conflict.ts';
import { claimedPaths } from './comparison.ts';
import { configurationProblems } from './configuration-problems.ts';
import { copyJson } from './copy-json.ts';
import { difference, emptySet, type FieldSet, hasPath, intersection, isEmptySet, union } from './field-set.ts';
import { allowedByLastApplied, LAST_APPLIED, lastAppliedOf, writtenLastApplied } from './last-applied.ts';
import { type ManagerId, type Owner, type Owners, ownerKey, readOwners, writeOwners } from './managers.ts';
import { mergeApplied, removePaths, withNamedFields } from './merge.ts';
import {
  compareWrites,
  entriesOf,
  type FieldConflict,
  inPresentTypes,
  metadataOf,
  type OtherVersion,
  owned,
  takeFields,
  type WriteShape,
  withoutReset,
} from './ownership.ts';
import { emptyOf, mutableMetadata, recordUpdate, setEntries } from './record-update.ts';
import { equalJson } from './type-walk.ts';

export interface ApplyWrite extends WriteShape {
  /** The stored object in the version of the request; undefined when the apply creates. */
  readonly live: JsonObject | undefined;
  readonly applied: JsonObject;
  readonly manager: string;
  readonly force: boolean;
  readonly now: number;
  /** Group, version and kind that the path serves, for messages. */
  readonly kind: string;
  /** What an object of the kind is before anything is set; default: `emptyObject`. */
  readonly empty?: JsonObject;
  /** For messages: what the body itself says, not the path. */
  readonly namespace?: string;
  readonly name: string;
}

/**
 * Server-side apply: the live object with the configuration merged in, without what this manager applied before, no longer
 * applies and nobody else owns; managed fields set. The result is a new object that the caller owns; defaults are still to be
 * filled in. Refuses with 409 and one cause a conflict, 400 and 500 for bodies that cannot be applied.
 */
export function applyConfiguration(write: ApplyWrite): MutableJsonObject {
  const { applied } = write;
  checkBody(write);
  const problems = configurationProblems(applied, write.type);
  if (problems !== undefined) {
    const { group, version } = split(write.apiVersion);
    const gvk = `${group}/${version}, Kind=${write.kind}`;
    const at = `${write.namespace ?? ''}/${write.name}`;
    throw refusal({
      code: 500,
      message: `failed to create typed patch object (${at}; ${gvk}): ${problems}`,
    });
  }
  const empty = write.empty ?? emptyOf(write.apiVersion, write);
  const live = write.live ?? empty;
  const owners = startingOwners(live, empty, write);
  const self = ownerKey(idOf(write), write.apiVersion);
  let outcome = attempt(live, owners, self, write, write.force);
  if (outcome.kind === 'conflicts') {
    const conflicts = beyondLastApplied(outcome.conflicts, live, write);
    if (conflicts.length > 0) throw conflictRefusal(conflicts, owners);
    outcome = attempt(live, owners, self, write, true);
  }
  if (outcome.kind === 'conflicts') throw new Error('a forced apply has no conflicts');
  return finish(outcome, live, self, write);
}

function finish(
  outcome: Extract<Outcome, { kind: 'applied' }>,
  live: JsonObject,
  self: string,
  write: ApplyWrite,
): MutableJsonObject {
  const { owners } = outcome;
  const changed = !equalJson(outcome.object, live);
  const object = copyJson(outcome.object) as MutableJsonObject;
  const own = owners.get(self);
  if (own !== undefined) {
    const set = owned(own.set);
    if (isEmptySet(set)) owners.delete(self);
    else owners.set(self, { ...own, set, time: changed ? timestamp(write.now) : own.time });
  }
  setEntries(object, writeOwners(owners));
  if (write.manager === 'kubectl' && lastAppliedOf(object as JsonObject) !== undefined)
    setLastApplied(object, write.applied);
  return object;
}

function setLastApplied(object: MutableJsonObject, applied: JsonObject): void {
  const metadata = mutableMetadata(object);
  const annotations = { ...(metadata.annotations as MutableJsonObject) };
  const text = writtenLastApplied(applied, annotations as JsonObject);
  if (text === undefined) delete annotations[LAST_APPLIED];
  else annotations[LAST_APPLIED] = text;
  metadata.annotations = annotations;
}

const idOf = ({ manager, subresource = '' }: ApplyWrite): ManagerId => ({
  manager: manager === '' ? 'unknown' : manager,
  operation: 'Apply',
  subresource,
});

function checkBody({ applied, apiVersion, kind }: ApplyWrite): void {
  const { group, version } = split(apiVersion);
  const sent = split(typeof applied.apiVersion === 'string' ? applied.apiVersion : '');
  if (applied.kind !== kind || sent.group !== group || sent.version !== version)
    throw badRequest(`invalid object type: ${sent.group}/${sent.version}, Kind=${String(applied.kind ?? '')}`);
  const entries = metadataOf(applied).managedFields;
  if (entries !== undefined && entries !== null) throw badRequest('metadata.managedFields must be nil');
}

function split(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

/** Before the first apply of an object that nobody is known to own, all there is belongs to `before-first-apply`. */
function startingOwners(live: JsonObject, empty: JsonObject, write: ApplyWrite): Owners {
  const owners = readOwners(entriesOf(live)) ?? new Map<string, Owner>();
  if (owners.size > 0 || write.live === undefined) return owners;
  const next = { ...live, metadata: { ...metadataOf(live) } } as unknown as MutableJsonObject;
  const { type, apiVersion, subresource = '', reset, now } = write;
  recordUpdate({ live: empty, next, manager: 'before-first-apply', type, apiVersion, subresource, reset, now });
  return readOwners(entriesOf(next as JsonObject)) ?? owners;
}

type Outcome =
  | { readonly kind: 'applied'; readonly object: JsonObject; readonly owners: Owners }
  | { readonly kind: 'conflicts'; readonly conflicts: readonly FieldConflict[] };

function attempt(live: JsonObject, before: Owners, self: string, write: ApplyWrite, force: boolean): Outcome {
  const { type, applied, apiVersion } = write;
  const owners: Owners = new Map(before);
  inPresentTypes(owners, write);
  const last = owners.get(self);
  const merged = (mergeApplied(live, applied, type) ?? {}) as JsonObject;
  const set = withoutReset(claimedPaths(applied, type), write.reset);
  owners.set(self, { ...idOf(write), apiVersion, set, time: last?.time });
  const object = last === undefined || isEmptySet(last.set) ? merged : pruned(merged, owners, last, write);
  const { kept } = compareWrites(live, object, write);
  const conflicts = takeFields(owners, self, live, object, write, kept, force);
  return conflicts.length > 0 ? { kind: 'conflicts', conflicts } : { kind: 'applied', object, owners };
}

/** Without what the manager applied last time and does not now, as long as nobody else owns it. */
function pruned(merged: JsonObject, owners: Owners, last: Owner, write: ApplyWrite): JsonObject {
  const lastView = viewOf(last.apiVersion, write);
  if (lastView === undefined) return merged;
  const whole = lastView.convert(merged);
  let rest = asObject(removePaths(whole, withNamedFields(last.set, lastView.type), lastView.type));
  // The version of the last set first: what is owned in it may be needed to convert to the others.
  const versions = new Set([last.apiVersion, ...[...owners.values()].map(({ apiVersion }) => apiVersion)]);
  for (const version of versions) rest = withOwned(whole, rest, version, owners, write);
  const { type } = lastView;
  const restSet = withNamedFields(claimedPaths(lastView.convert(rest), type), type);
  const wholeSet = withNamedFields(claimedPaths(whole, type), type);
  const lost = intersection(difference(wholeSet, restSet), withNamedFields(last.set, type));
  const result = asObject(removePaths(whole, lost, type));
  return viewOf(write.apiVersion, write)?.convert(result) ?? result;
}

/** What `rest` lacks of `whole` and somebody owns in that version comes back. */
function withOwned(
  whole: JsonObject,
  rest: JsonObject,
  version: string,
  owners: Owners,
  write: ApplyWrite,
): JsonObject {
  const view = viewOf(version, write);
  if (view === undefined) return rest;
  const { type } = view;
  let managed: FieldSet = emptySet();
  for (const owner of owners.values()) if (owner.apiVersion === version) managed = union(managed, owner.set);
  const all = view.convert(whole);
  const allSet = withNamedFields(claimedPaths(all, type), type);
  const restSet = withNamedFields(claimedPaths(view.convert(rest), type), type);
  const keep = union(restSet, withNamedFields(managed, type));
  return asObject(removePaths(all, difference(allSet, keep), type));
}

/** Objects as a version has them; undefined when it is not served any more. */
function viewOf(apiVersion: string, write: ApplyWrite): OtherVersion | undefined {
  const other = write.otherVersion?.(apiVersion);
  const convert = (object: JsonObject): JsonObject =>
    object.apiVersion === apiVersion || other === undefined ? object : other.convert(object);
  if (apiVersion === write.apiVersion) return { type: write.type, convert };
  return other === undefined ? undefined : { type: other.type, convert };
}
const asObject = (value: Json): JsonObject => (isJsonObject(value) ? value : {});

/** `kubectl` once applied on the client's side: what its annotation already said is no conflict. */
function beyondLastApplied(
  conflicts: readonly FieldConflict[],
  live: JsonObject,
  { manager, type, apiVersion }: ApplyWrite,
): readonly FieldConflict[] {
  if (manager !== 'kubectl') return conflicts;
  const allowed = allowedByLastApplied(live, type, apiVersion);
  return allowed === undefined ? conflicts : conflicts.filter(({ path }) => !hasPath(allowed, path));
}
