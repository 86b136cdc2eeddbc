import type { Edit } from '../knowledge/edit.ts';
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type ManagedFieldsEntry,
  type MutableJson,
  type OwnerReference,
} from '../objects/json.ts';
import type { KeyText, Uid } from '../objects/key.ts';
import { renameUids } from '../objects/managed-fields.ts';
import { getAt, parsePointer, removeAt, setAt } from '../objects/pointer.ts';
import { uidInForm } from '../objects/uid-text.ts';
import { planFault } from './codes.ts';
import type { AmendStep, CopyStep, CreateStep, NamePart, OwnerLink, Writing } from './plan.ts';

/** The UID that an object has in the target; undefined while it is not there. */
export type UidOf = (key: KeyText) => Uid | undefined;

export interface Written {
  /** For POST. */
  readonly body: JsonObject;
  /** For /status, when the writing says `after`. */
  readonly status?: Json;
}
/** The part of a step that says how an object is written. */
export type WritingStep = Pick<CreateStep | CopyStep, 'target' | 'writing'>;

/** Metadata that the server sets, or that must not travel (`generateName` and `generation` stay: the server keeps or corrects them, lab 2). */
const SERVER_SET = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
  'ownerReferences',
]);

/**
 * What is written for a captured object. `answer` is what the first write came to: its name for a copy, its generation so
 * that a status says the same of it that the captured one said of the captured generation.
 * Faults with `OWNER-NOT-WRITTEN` when an owner, or an object whose UID is rewritten, is not there yet.
 */
export function bodyOf(
  step: WritingStep,
  captured: KubeObject,
  uidOf: UidOf,
  answer: { readonly name?: string; readonly generation?: number } = {},
): Written {
  const { target, writing } = step;
  const edited = edit(captured, writing.edits, uidOf);
  const metadata: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(edited.metadata)) if (!SERVER_SET.has(field)) metadata[field] = value;
  const owners = ownersWritten(captured, writing.owners, uidOf, 'create');
  if (owners.length > 0) metadata.ownerReferences = owners;
  if (answer.name !== undefined) metadata.name = answer.name;
  const body: Record<string, unknown> = {
    ...edited,
    apiVersion: target.group === '' ? target.version : `${target.group}/${target.version}`,
    kind: target.kind,
    metadata,
  };
  const status = body.status as Json | undefined;
  delete body.status;
  const generation = captured.metadata.generation;
  if (writing.status === 'inline' && status !== undefined) body.status = statusAt(status, generation, 1);
  if (writing.status !== 'after' || status === undefined) return { body: body as JsonObject };
  return { body: body as JsonObject, status: statusAt(status, generation, answer.generation) };
}

/** The captured managed fields with the UIDs of owners, and the renamed keys, as they are in the target; a dropped owner's key is dropped. */
export function managedFieldsOf(
  step: WritingStep,
  captured: KubeObject,
  uidOf: UidOf,
): readonly ManagedFieldsEntry[] | undefined {
  const entries = captured.metadata.managedFields;
  if (step.writing.fields === 'leave' || entries === undefined) return undefined;
  const uids = new Map<string, string | null>();
  for (const link of step.writing.owners)
    uids.set(link.was, link.kind === 'drop' ? null : (ownerUid(link, uidOf) ?? null));
  const keys = new Map<string, string>();
  for (const one of step.writing.edits) {
    if (one.kind !== 'rewrite-uid' || one.place !== 'key') continue;
    const key = parsePointer(one.path).at(-1) ?? '';
    keys.set(key, rewritten(key, one, uidOf));
  }
  return renameUids(
    entries,
    (uid) => uids.get(uid),
    (key) => keys.get(key),
  );
}

/**
 * The managed fields to write back over what the target has now: the captured entries, then those that the target's own
 * managers made meanwhile; what this program wrote is nobody's.
 */
export function fieldsOver(
  captured: readonly ManagedFieldsEntry[],
  live: readonly ManagedFieldsEntry[],
  fieldManager: string,
): readonly ManagedFieldsEntry[] {
  const identity = (entry: ManagedFieldsEntry): string =>
    [entry.manager, entry.operation, entry.subresource ?? '', entry.apiVersion].join('|');
  const known = new Set(captured.map(identity));
  return [...captured, ...live.filter((entry) => entry.manager !== fieldManager && !known.has(identity(entry)))];
}

/** The merge patch of a second write (without metadata.uid, which the cluster port adds as precondition). */
export function amendmentOf(step: AmendStep, captured: KubeObject, uidOf: UidOf): JsonObject {
  const patch: Record<string, unknown> = {};
  for (const one of step.edits) {
    const value = one.kind === 'remove' ? null : one.kind === 'set' ? one.value : undefined;
    if (value !== undefined) putPatch(patch, one.path, value);
    else if (one.kind === 'rewrite-uid') rewriteInPatch(patch, one, captured, uidOf);
  }
  const owners = ownersWritten(captured, step.owners, uidOf, 'amend');
  if (owners.length > 0) putPatch(patch, '/metadata/ownerReferences', owners as unknown as Json);
  return patch as JsonObject;
}

/** A name with the UIDs in it. */
export function nameOf(parts: readonly NamePart[], uidOf: UidOf): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : uidInForm(known(part.of, uidOf), part.form))).join('');
}

function edit(captured: KubeObject, edits: readonly Edit[], uidOf: UidOf): KubeObject {
  if (edits.length === 0) return captured;
  const copy = structuredClone(captured) as unknown as MutableJson;
  for (const one of edits) {
    switch (one.kind) {
      case 'remove':
        removeAt(copy, one.path);
        break;
      case 'set':
        setAt(copy, one.path, one.value as MutableJson);
        break;
      case 'rewrite-uid':
        rewrite(copy, one, uidOf);
        break;
    }
  }
  return copy as unknown as KubeObject;
}

type Rewrite = Extract<Edit, { kind: 'rewrite-uid' }>;

function rewrite(root: MutableJson, one: Rewrite, uidOf: UidOf): void {
  const value = getAt(root, one.path);
  if (value === undefined) return;
  if (one.place === 'value') {
    if (typeof value === 'string') setAt(root, one.path, rewritten(value, one, uidOf));
    return;
  }
  const segments = parsePointer(one.path);
  const key = segments.pop() ?? '';
  removeAt(root, one.path);
  const parent = getAt(root, pointer(segments));
  if (isJsonObject(parent))
    setAt(root, pointer(segments), { ...parent, [rewritten(key, one, uidOf)]: value } as MutableJson);
}
function rewritten(text: string, one: Rewrite, uidOf: UidOf): string {
  return text.replaceAll(new RegExp(uidInForm(one.was, one.form), 'gi'), uidInForm(known(one.of, uidOf), one.form));
}
function known(key: KeyText, uidOf: UidOf): Uid {
  const uid = uidOf(key);
  if (uid === undefined) throw planFault('OWNER-NOT-WRITTEN', `the UID of ${key} is asked for before it is there`);
  return uid;
}

function ownersWritten(
  captured: KubeObject,
  links: readonly OwnerLink[],
  uidOf: UidOf,
  write: 'create' | 'amend',
): OwnerReference[] {
  const references = captured.metadata.ownerReferences ?? [];
  return links.flatMap((link): OwnerReference[] => {
    const reference = references[link.index];
    if (
      link.kind === 'drop' ||
      reference === undefined ||
      (write === 'create' && link.kind === 'relink' && link.when === 'amend')
    )
      return [];
    const uid = link.kind === 'living' ? link.uid : known(link.owner, uidOf);
    return [{ ...reference, apiVersion: link.apiVersion, uid }];
  });
}
function ownerUid(link: Exclude<OwnerLink, { kind: 'drop' }>, uidOf: UidOf): string | undefined {
  return link.kind === 'living' ? link.uid : uidOf(link.owner);
}

/** `observedGeneration` says how far a controller had come: of the captured generation, which the target counts anew from 1. */
function statusAt(status: Json, captured: number | undefined, generation: number | undefined): Json {
  if (captured === undefined || generation === undefined || captured === generation) return status;
  const seen = (value: number): number => (value >= captured ? generation : Math.min(value, generation - 1));
  const walk = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === 'observedGeneration' && typeof inner === 'number' ? seen(inner) : walk(inner as Json),
      ]),
    );
  };
  return walk(status);
}

function putPatch(patch: Record<string, unknown>, path: string, value: Json): void {
  const segments = parsePointer(path);
  const last = segments.pop() ?? '';
  let here = patch;
  for (const segment of segments) {
    const next = here[segment];
    if (typeof next === 'object' && next !== null) here = next as Record<string, unknown>;
    else {
      const made: Record<string, unknown> = {};
      here[segment] = made;
      here = made;
    }
  }
  here[last] = value;
}

/** A merge patch replaces lists whole: what lies in a list is written with the list around it. */
function rewriteInPatch(patch: Record<string, unknown>, one: Rewrite, captured: KubeObject, uidOf: UidOf): void {
  const segments = parsePointer(one.path);
  const key = segments.at(-1) ?? '';
  if (one.place === 'key') {
    const value = getAt(captured, one.path);
    putPatch(patch, one.path, null);
    if (value !== undefined) putPatch(patch, pointer([...segments.slice(0, -1), rewritten(key, one, uidOf)]), value);
    return;
  }
  const inList = segments.findIndex((_, index) => Array.isArray(getAt(captured, pointer(segments.slice(0, index)))));
  const place = inList < 0 ? one.path : pointer(segments.slice(0, inList));
  const whole = structuredClone(getAt(patch as JsonObject, place) ?? getAt(captured, place)) as MutableJson;
  const inner = pointer(segments.slice(inList < 0 ? segments.length : inList));
  if (inner === '') putPatch(patch, place, typeof whole === 'string' ? rewritten(whole, one, uidOf) : (whole as Json));
  else {
    const text = getAt(whole, inner);
    if (typeof text === 'string') setAt(whole, inner, rewritten(text, one, uidOf));
    putPatch(patch, place, whole as Json);
  }
}

function pointer(segments: readonly string[]): string {
  return segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export type { Writing };
