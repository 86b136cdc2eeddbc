import { hash } from 'node:crypto';
import type { Json, JsonObject, KubeObject } from './json.ts';
import { compareText } from './key.ts';

/**
 * The one text of a JSON value: map keys in the order of their UTF-16 code units, no white space, numbers and strings as
 * JSON.stringify writes them, undefined members left out (null inside a list). Equal values give equal texts on every machine.
 */
export function canonicalText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) {
    let text = '';
    for (const item of value) text += text === '' ? canonicalText(item) : `,${canonicalText(item)}`;
    return `[${text}]`;
  }
  const map = value as JsonObject;
  let text = '';
  for (const key of Object.keys(map).sort(compareText)) {
    const member = map[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalText(member)}`;
  }
  return `{${text}}`;
}

/** `canonicalText` as UTF-8. */
export function canonicalBytes(value: unknown): Uint8Array {
  return Buffer.from(canonicalText(value), 'utf8');
}

/** Lower-case hex SHA-256 of any JSON value's canonical bytes. */
export function canonicalHash(value: unknown): string {
  return hash('sha256', canonicalText(value), 'hex');
}

/** Metadata that a server writes anew for each object or each write, and that therefore says nothing of the content. */
const NOT_CONTENT: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'selfLink',
  'managedFields',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

/** The part of an object that `contentHash` speaks of. */
export function contentOf(object: KubeObject, options: { readonly status?: boolean } = {}): JsonObject {
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([key]) => !NOT_CONTENT.has(key)));
  const { status, ...rest } = object;
  const content = { ...rest, metadata } as unknown as JsonObject;
  return options.status === true && status !== undefined ? { ...content, status: status as Json } : content;
}

/**
 * Lower-case hex SHA-256 over the canonical bytes of an object's content.
 *
 * In: `apiVersion`, `kind`, every field beside `metadata` (spec, data, rules, ...), and of the metadata name, namespace,
 * generateName, labels, annotations, finalizers and owner references with their UIDs.
 * Out: `uid`, `resourceVersion`, `generation`, `creationTimestamp`, `selfLink`, `managedFields`, `deletionTimestamp`,
 * `deletionGracePeriodSeconds`, and `status` unless `options.status` is true.
 */
export function contentHash(object: KubeObject, options: { readonly status?: boolean } = {}): string {
  return canonicalHash(contentOf(object, options));
}
