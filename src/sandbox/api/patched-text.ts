import { canonicalText } from '../../objects/canonical.ts';
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type MutableJsonObject,
} from '../../objects/json.ts';
import { groupOf, versionOf } from '../../objects/key.ts';
import { decodeBuiltIn } from '../schema/decode.ts';
import { applyOperations } from './json-patch.ts';
import { copyObject } from './json-text.ts';
import type { PatchBody } from './patch-body.ts';
import type { ServedKind } from './served-kind.ts';

/**
 * The patched object as a refusal quotes it. Of a built-in kind the server patches the text that Go has written: maps that the
 * patch went through come out with their keys sorted, all others as they were. A strategic patch is quoted itself, as Go prints maps.
 */
export function patchedText(kind: ServedKind, change: PatchBody, before: KubeObject | undefined, next: Json): string {
  if (change.kind === 'strategic') return goText(change.body);
  if (kind.custom !== undefined || before === undefined || change.kind === 'apply') return canonicalText(next);
  const written = copyObject(before);
  const { apiVersion, kind: name } = before;
  decodeBuiltIn(written, { group: groupOf(apiVersion), version: versionOf(apiVersion), kind: name });
  if (change.kind === 'merge') return JSON.stringify(merged(written as JsonObject, change.body));
  const { body } = change;
  const done = applyOperations(written as JsonObject, body);
  return JSON.stringify(
    sortedAlong(
      done,
      body.map(({ path }) => String(path).split('/').slice(1, -1)),
    ),
  );
}

function merged(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch) || !isJsonObject(target)) return patch;
  const out: Record<string, Json | undefined> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete out[key];
    else out[key] = merged(out[key], value);
  }
  return sorted(out as JsonObject);
}

const sorted = (map: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))) as JsonObject;

function sortedAlong(value: Json, paths: readonly (readonly string[])[]): Json {
  const inside = (key: string, member: Json): Json => {
    const deeper = paths.filter(([first]) => first === key).map((path) => path.slice(1));
    return deeper.length === 0 ? member : sortedAlong(member, deeper);
  };
  if (Array.isArray(value)) return (value as readonly Json[]).map((item, at) => inside(String(at), item));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, inside(key, member as Json)] as const);
  return sorted(Object.fromEntries(entries) as JsonObject);
}

/** A value as Go's %v prints it. */
export function goText(value: Json | MutableJsonObject | undefined): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(goText).join(' ')}]`;
  if (!isJsonObject(value)) return String(value);
  const members = Object.entries(sorted(value)).map(([key, member]) => `${key}:${goText(member)}`);
  return `map[${members.join(' ')}]`;
}
