import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type MutableJsonObject,
} from '../../objects/json.ts';
import { sameJson } from '../../objects/same-json.ts';
import { type Call, contextOf } from './call.ts';
import { countGeneration } from './generation.ts';
import { copyJson } from './json-text.ts';
import { keepParts } from './lasting-parts.ts';
import { metaOf } from './object-meta.ts';
import type { ServerParts } from './parts.ts';

/** Puts back what an update may not change, by the rules of the kind; counts the generation. */
export function prepareUpdate(parts: ServerParts, call: Call, next: MutableJsonObject, before: KubeObject): void {
  const { kind } = call;
  const meta = metaOf(next);
  if (before.metadata.generation === undefined) delete meta.generation;
  else meta.generation = before.metadata.generation;
  const status = call.subresource === 'status';
  if (kind.custom !== undefined) {
    if (status) kind.custom.prepareStatus(next, before, call.version);
    else kind.custom.prepareUpdate(next, before, call.version);
    return;
  }
  if (status) {
    keepAllButStatus(next, before, kind.rules?.statusKeeps);
    kind.rules?.prepareStatus?.(next, before, contextOf(parts, call));
    keepParts(next, kind);
    return;
  }
  const own = kind.rules?.subresources?.[call.subresource ?? ''];
  if (own !== undefined) {
    own.prepare(next, before, contextOf(parts, call));
    keepParts(next, kind);
    return;
  }
  // A binding is written as it was made.
  if (call.subresource === 'binding') return;
  const field = SPEC_FIELD[call.subresource ?? ''];
  if (field !== undefined) {
    keepAllButSpecField(next, before, field);
    return;
  }
  if (kind.versions.get(call.version)?.subresources.has('status') === true && call.subresource !== 'finalize') {
    if (before.status === undefined) delete next.status;
    else next.status = copyJson(before.status);
  }
  kind.rules?.prepareUpdate?.(next, before, contextOf(parts, call));
  keepParts(next, kind);
  countGeneration(kind, next, before);
}

/** The one field of the spec that comes in through a subresource. */
const SPEC_FIELD: Readonly<Record<string, string>> = { finalize: 'finalizers' };

function keepAllButSpecField(next: MutableJsonObject, before: KubeObject, field: string): void {
  const value = isJsonObject(next.spec) ? next.spec[field] : undefined;
  for (const key of Object.keys(next)) if (key !== 'metadata' && !(key in before)) delete next[key];
  for (const [key, kept] of Object.entries(before)) if (key !== 'metadata') next[key] = copyJson(kept);
  const spec: MutableJsonObject = isJsonObject(next.spec) ? next.spec : {};
  if (value === undefined || (Array.isArray(value) && value.length === 0)) delete spec[field];
  else spec[field] = value;
  next.spec = spec;
}

const KEPT_BY_STATUS = {
  labels: ['labels'],
  metadata: ['labels', 'annotations', 'finalizers', 'ownerReferences'],
} as const;

/** Through /status only the status comes in, and what the kind lets in of the metadata. */
function keepAllButStatus(next: MutableJsonObject, before: KubeObject, keeps?: 'labels' | 'metadata'): void {
  for (const key of Object.keys(next)) if (key !== 'status' && key !== 'metadata' && !(key in before)) delete next[key];
  for (const [key, value] of Object.entries(before))
    if (key !== 'status' && key !== 'metadata') next[key] = copyJson(value);
  if (keeps === undefined) return;
  const meta = metaOf(next);
  for (const key of KEPT_BY_STATUS[keeps]) {
    const value = before.metadata[key];
    if (value === undefined) delete meta[key];
    else meta[key] = copyJson(value as Json);
  }
}

export function keepSystemFields(meta: MutableJsonObject, before: KubeObject): void {
  const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds } = before.metadata;
  if (meta.uid === undefined || meta.uid === '') meta.uid = uid;
  if (creationTimestamp !== undefined && creationTimestamp !== null) meta.creationTimestamp = creationTimestamp;
  if (deletionTimestamp !== undefined) meta.deletionTimestamp = deletionTimestamp;
  else delete meta.deletionTimestamp;
  if (deletionGracePeriodSeconds !== undefined && meta.deletionGracePeriodSeconds === undefined)
    meta.deletionGracePeriodSeconds = deletionGracePeriodSeconds;
  delete meta.selfLink;
  meta.resourceVersion = before.metadata.resourceVersion as string;
}

/** When nothing but the times of managed fields differs, nothing differs. */
export function keepTimes(meta: MutableJsonObject, next: MutableJsonObject, before: KubeObject): void {
  const had = before.metadata.managedFields;
  if (had === undefined || !Array.isArray(meta.managedFields)) return;
  const own = meta.managedFields;
  const timeless = (entries: readonly unknown[]): Json =>
    entries.map((entry) => ({ ...(entry as JsonObject), time: undefined })) as Json;
  if (!sameJson(timeless(own), timeless(had))) return;
  meta.managedFields = undefined;
  const same = sameJson(
    next as JsonObject,
    { ...before, metadata: { ...before.metadata, managedFields: undefined } } as unknown as Json,
  );
  meta.managedFields = same ? copyJson(had) : own;
}
