import { canonicalText } from '../../objects/canonical.ts';
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type MutableJsonObject,
} from '../../objects/json.ts';
import { applyMergePatch } from '../../objects/merge-patch.ts';
import { invalid } from '../status/problem.ts';
import { badRequest, notFound, refusal, unsupported } from '../status/refusal.ts';
import { type Call, requestApiVersion, subjectOf } from './call.ts';
import { applyOperations } from './json-patch.ts';
import { copyObject } from './json-text.ts';
import { matchNamespace, metaOf } from './object-meta.ts';
import type { ServerParts } from './parts.ts';
import { checkName, guaranteedUpdate, recordFields, type Updated } from './update.ts';

export type PatchBody =
  | { readonly kind: 'merge' | 'strategic'; readonly body: JsonObject }
  | { readonly kind: 'json'; readonly body: readonly JsonObject[] }
  | { readonly kind: 'apply'; readonly body: JsonObject; readonly force: boolean };

/** The content types of patches that custom kinds take. */
const CUSTOM_PATCHES = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
export const MOST_OPERATIONS = 10_000;

/** PATCH of any kind. Nothing given is changed. */
export async function patch(
  parts: ServerParts,
  call: Call,
  change: PatchBody,
  complaints: readonly string[] = [],
): Promise<Updated> {
  if (change.kind === 'json' && change.body.length > MOST_OPERATIONS)
    throw refusal({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: `Request entity is too large: The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${change.body.length}`,
    });
  if (call.kind.custom !== undefined && change.kind === 'strategic') throw unsupported(CUSTOM_PATCHES);
  if (change.kind === 'apply') checkConfiguration(call, change.body);
  return await guaranteedUpdate(parts, call, {
    uid: undefined,
    mayCreate: change.kind === 'apply',
    make: (before) => make(parts, call, change, before, complaints),
  });
}

function make(
  parts: ServerParts,
  call: Call,
  change: PatchBody,
  before: KubeObject | undefined,
  complaints: readonly string[],
): MutableJsonObject {
  const { kind } = call;
  if (before === undefined && change.kind !== 'apply') throw notFound(subjectOf(call), call.name);
  const next = changed(parts, call, change, before);
  const given = String(next.apiVersion ?? '');
  if (given !== requestApiVersion(call) && kind.custom === undefined && change.kind !== 'apply')
    throw badRequest(
      `the API version in the data (${given}) does not match the expected API version (${requestApiVersion(call)})`,
    );
  decodeResult(parts, call, next, complaints);
  if (change.kind !== 'apply') recordFields(parts, call, next, before);
  const meta = metaOf(next);
  matchNamespace(meta, call);
  checkName(meta, call);
  return next;
}

function changed(parts: ServerParts, call: Call, change: PatchBody, before: KubeObject | undefined): MutableJsonObject {
  const type = parts.typeOf(call.kind, call.version);
  if (change.kind === 'apply')
    return parts.fields.apply(before, copyObject(change.body), {
      kind: call.kind,
      type,
      apiVersion: requestApiVersion(call),
      manager: call.manager,
      subresource: call.subresource,
      now: parts.clock.now(),
      force: change.force,
    });
  const current = before as unknown as JsonObject;
  if (change.kind === 'strategic') return parts.fields.strategic(current, change.body, type);
  if (change.kind === 'merge') return copyObject(applyMergePatch(current, change.body) as JsonObject);
  const result = applyOperations(current, change.body as readonly JsonObject[]);
  if (!isJsonObject(result)) throw badRequest('the result of the patch is no object');
  return copyObject(result);
}

/** The result is decoded as a body is; what strict decoding complains about is a 422 here. */
function decodeResult(parts: ServerParts, call: Call, next: MutableJsonObject, complaints: readonly string[]): void {
  // What the server quotes is the patched JSON, the keys of what was patched sorted.
  const quoted =
    call.kind.custom === undefined
      ? JSON.stringify(Object.fromEntries(Object.entries(next).sort(([a], [b]) => (a < b ? -1 : 1))))
      : canonicalText(next);
  let found: readonly string[];
  try {
    found = complaints.concat(parts.decoding.decode(next, call.kind, call.version));
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'Refusal') throw error;
    throw patchInvalid(quoted, error.message);
  }
  if (found.length === 0 || call.validation === 'Ignore') return;
  if (call.validation === 'Strict') throw patchInvalid(quoted, `strict decoding error: ${found.join(', ')}`);
  for (const one of found) call.warnings.add(one);
}

const patchInvalid = (value: string, detail: string) =>
  invalid('', '', '', [{ kind: 'invalid', field: 'patch', value, detail }]);

/** As Go writes a GroupVersionKind. */
function gvkText(apiVersion: unknown, kind: unknown): string {
  const text = typeof apiVersion === 'string' ? apiVersion : '';
  return `${text.includes('/') ? text : `/${text}`}, Kind=${typeof kind === 'string' ? kind : ''}`;
}

function checkConfiguration(call: Call, body: JsonObject): void {
  const managed = isJsonObject(body.metadata) ? (body.metadata.managedFields as Json | undefined) : undefined;
  if (Array.isArray(managed) && managed.length > 0) throw badRequest('metadata.managedFields must be nil');
  const { apiVersion, kind } = body;
  if (typeof apiVersion !== 'string' || apiVersion === '' || typeof kind !== 'string' || kind === '')
    throw badRequest(`invalid object type: ${gvkText(apiVersion, kind)}`);
  if (apiVersion !== requestApiVersion(call))
    throw badRequest(
      `invalid object type: patch object is ${gvkText(apiVersion, kind)}, but request is for ${gvkText(requestApiVersion(call), call.kind.kind)}`,
    );
}
