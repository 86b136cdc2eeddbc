import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type MutableJsonObject,
} from '../../objects/json.ts';
import { applyMergePatch } from '../../objects/merge-patch.ts';
import { unstructuredProblem } from '../schema/unstructured-problem.ts';
import { invalid } from '../status/problem.ts';
import { badRequest, notFound, refusal, unsupported } from '../status/refusal.ts';
import { type Call, requestApiVersion, subjectOf } from './call.ts';
import { wrongKind } from './decode.ts';
import { applyOperations } from './json-patch.ts';
import { copyObject } from './json-text.ts';
import { matchNamespace, metaOf } from './object-meta.ts';
import type { ServerParts } from './parts.ts';
import type { PatchBody } from './patch-body.ts';
import { patchedText } from './patched-text.ts';
import { checkName, guaranteedUpdate, recordFields, type Updated } from './update.ts';

/** The content types of patches that custom kinds take. */
const CUSTOM_PATCHES = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
export const MOST_OPERATIONS = 10_000;

/** A patch before it is parsed: the server parses it when it has found what is to be patched. */
export interface LazyPatch {
  readonly kind: PatchBody['kind'];
  read(): { readonly change: PatchBody; readonly complaints: readonly string[] };
}

export const readPatch = (change: PatchBody): LazyPatch => ({
  kind: change.kind,
  read: () => ({ change, complaints: [] }),
});

/** PATCH of any kind. Nothing given is changed. */
export async function patch(parts: ServerParts, call: Call, lazy: LazyPatch): Promise<Updated> {
  const { kind } = lazy;
  if (call.kind.custom !== undefined && kind === 'strategic') throw unsupported(CUSTOM_PATCHES);
  const read = once(() => {
    const { change, complaints } = lazy.read();
    if (change.kind === 'json') checkCount(change.body);
    return { change, complaints };
  });
  return await guaranteedUpdate(parts, call, {
    uid: undefined,
    mayCreate: kind === 'apply' && call.subresource === undefined,
    make: (before) => {
      if (before === undefined && kind !== 'apply') throw notFound(subjectOf(call), call.name);
      return patchedObject(parts, call, read(), before);
    },
  });
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function checkCount(operations: readonly JsonObject[]): void {
  if (operations.length > MOST_OPERATIONS)
    throw refusal({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: `Request entity is too large: The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${operations.length}`,
    });
}

/** What a patch makes of an object, decoded and with its managed fields. */
export function patchedObject(
  parts: ServerParts,
  call: Call,
  { change, complaints }: ReturnType<LazyPatch['read']>,
  before: KubeObject | undefined,
): MutableJsonObject {
  const next = changed(parts, call, change, before);
  if (change.kind === 'apply') complain(call, complaints);
  decodeResult(parts, call, { next, change, before, complaints: change.kind === 'apply' ? [] : complaints });
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

/** What the strict reader of an applied text says. */
function complain(call: Call, complaints: readonly string[]): void {
  const [first] = complaints;
  if (first !== undefined && call.validation === 'Strict') throw badRequest(`error strict decoding YAML: ${first}`);
  for (const one of complaints) call.warnings.add(one);
}

interface Result {
  readonly next: MutableJsonObject;
  readonly change: PatchBody;
  readonly before: KubeObject | undefined;
  readonly complaints: readonly string[];
}

/** The result is decoded as a body is; what decoding complains about is a 422 here that quotes what was patched. */
function decodeResult(parts: ServerParts, call: Call, { next, change, before, complaints }: Result): void {
  const { kind } = call;
  // Decoding changes the result in place: what is quoted is made when it is needed, from what it was made from.
  const refused = (why: string, sent?: Json): Error =>
    patchInvalid(patchedText(kind, change, before, sent ?? (next as JsonObject)), why);
  const custom = kind.custom === undefined ? undefined : copyObject(next);
  if (kind.custom === undefined && change.kind !== 'apply') {
    const why = change.kind === 'strategic' ? typed(call, next) : wrongKind(parts, call, next);
    if (why !== undefined) throw refused(why);
  }
  let found: readonly string[];
  try {
    if (kind.custom !== undefined && change.kind === 'apply') found = kind.custom.decode(next, call.version, true);
    else found = complaints.concat(parts.decoding.decode(next, kind, call.version));
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'Refusal') throw error;
    throw refused(error.message, custom as JsonObject | undefined);
  }
  if (found.length === 0 || call.validation === 'Ignore') return;
  if (call.validation === 'Strict')
    throw refused(`strict decoding error: ${found.join(', ')}`, custom as JsonObject | undefined);
  for (const one of found) call.warnings.add(one);
}

/** A strategic patch cannot make another kind of an object: its Go type stays. */
function typed(call: Call, next: MutableJsonObject): string | undefined {
  const { group, kind } = call.kind;
  next.apiVersion = requestApiVersion(call);
  next.kind = kind;
  return unstructuredProblem(next as JsonObject, { group, version: call.version, kind });
}

const patchInvalid = (value: string, detail: string) =>
  invalid('', '', '', [{ kind: 'invalid', field: 'patch', value, detail }]);
