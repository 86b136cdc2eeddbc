import { isJsonObject, type JsonObject } from '../../objects/json.ts';
import type { FieldType } from '../schema/field-type.ts';
import { claimedPaths, compareObjects } from './comparison.ts';
import { difference, type FieldSet, goJson } from './field-set.ts';
import { metadataOf } from './ownership.ts';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Bytes of all annotations together. */
const ANNOTATIONS_LIMIT = 256 * 1024;

export function lastAppliedOf(object: JsonObject): string | undefined {
  const { annotations } = metadataOf(object);
  const text = isJsonObject(annotations) ? annotations[LAST_APPLIED] : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** The paths that the annotation claims and that still are as it says; undefined without a usable annotation. */
export function allowedByLastApplied(live: JsonObject, type: FieldType, apiVersion: string): FieldSet | undefined {
  const text = lastAppliedOf(live);
  if (text === undefined) return undefined;
  let last: unknown;
  try {
    last = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(last) || last.apiVersion !== apiVersion) return undefined;
  const { added, modified, removed } = compareObjects(last, live, type);
  return [modified, added, removed].reduce(difference, claimedPaths(last, type));
}

/** What the annotation becomes after `kubectl` applied; undefined when it would be too big for an annotation. */
export function writtenLastApplied(applied: JsonObject, annotations: JsonObject): string | undefined {
  const metadata = { ...metadataOf(applied) };
  if (isJsonObject(metadata.annotations)) {
    const { [LAST_APPLIED]: _, ...rest } = metadata.annotations;
    if (Object.keys(rest).length === 0) delete (metadata as Record<string, unknown>).annotations;
    else Object.assign(metadata, { annotations: rest });
  }
  const text = `${goJson(sorted({ ...applied, metadata }))}\n`;
  let size = Buffer.byteLength(text) + LAST_APPLIED.length;
  for (const [key, value] of Object.entries(annotations))
    if (key !== LAST_APPLIED) size += Buffer.byteLength(key) + Buffer.byteLength(String(value));
  return size > ANNOTATIONS_LIMIT ? undefined : text;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}
