import type { Edit } from '../knowledge/edit.ts';
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type MutableJson,
  type OwnerReference,
} from '../objects/json.ts';
import type { KeyText, Uid } from '../objects/key.ts';
import { formatPointer, getAt, parsePointer, removeAt, setAt } from '../objects/pointer.ts';
import { uidInForm } from '../objects/uid-text.ts';
import { planFault } from './codes.ts';
import type { CopyStep, CreateStep, NamePart, OwnerLink } from './plan.ts';

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

export type Rewrite = Extract<Edit, { kind: 'rewrite-uid' }>;

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
  const parent = getAt(root, formatPointer(segments));
  if (isJsonObject(parent))
    setAt(root, formatPointer(segments), { ...parent, [rewritten(key, one, uidOf)]: value } as MutableJson);
}
export function rewritten(text: string, one: Rewrite, uidOf: UidOf): string {
  return text.replaceAll(new RegExp(uidInForm(one.was, one.form), 'gi'), uidInForm(known(one.of, uidOf), one.form));
}
export function known(key: KeyText, uidOf: UidOf): Uid {
  const uid = uidOf(key);
  if (uid === undefined) throw planFault('OWNER-NOT-WRITTEN', `the UID of ${key} is asked for before it is there`);
  return uid;
}

export function ownersWritten(
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
export function ownerUid(link: Exclude<OwnerLink, { kind: 'drop' }>, uidOf: UidOf): string | undefined {
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
