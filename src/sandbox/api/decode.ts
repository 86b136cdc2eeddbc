import type { MutableJsonObject } from '../../objects/json.ts';
import { groupOf, versionOf } from '../../objects/key.ts';
import { badRequest } from '../status/refusal.ts';
import { type Call, requestApiVersion } from './call.ts';
import type { ServerParts } from './parts.ts';
import { inTextOrder, type Repeats } from './repeated-fields.ts';

/**
 * From a parsed body to one that is complete and typed: apiVersion and kind agree with the URL, unknown fields are gone
 * (and refused or warned about, as the request asks), defaults are in. In place.
 */
export function decodeBody(
  parts: ServerParts,
  call: Call,
  body: MutableJsonObject,
  duplicates: Repeats,
): MutableJsonObject {
  const { kind } = call;
  const expected = requestApiVersion(call);
  const apiVersion = body.apiVersion ?? '';
  const own = body.kind ?? '';
  if (kind.custom !== undefined && own === '') {
    const text = JSON.stringify(body);
    throw unrecognized(kind.kind, `Object 'Kind' is missing in '${text}'`, text);
  }
  if (kind.custom !== undefined && apiVersion === '') throw badRequest(otherVersion(call, ''));
  if (apiVersion === '') body.apiVersion = expected;
  if (own === '') body.kind = kind.kind;
  const version = String(body.apiVersion);
  const misnamed = body.kind !== kind.kind && !(kind.custom !== undefined && version === expected);
  if (version !== expected || misnamed) throw otherKind(parts, call, version, String(body.kind));
  let unknown: readonly string[];
  try {
    unknown = parts.decoding.decode(body, kind, call.version);
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'Refusal') throw error;
    throw badRequest(
      `${kind.kind} in version ${JSON.stringify(call.version)} cannot be handled as a ${kind.kind}: ${error.message}`,
    );
  }
  if (call.validation === 'Ignore') return body;
  const strict = call.validation === 'Strict';
  const found = inTextOrder(strict ? duplicates : { ...duplicates, strict: duplicates.warned }, unknown);
  if (found.length === 0) return body;
  if (strict)
    throw badRequest(
      `${kind.kind} in version ${JSON.stringify(call.version)} cannot be handled as a ${kind.kind}: strict decoding error: ${found.join(', ')}`,
    );
  for (const one of found) call.warnings.add(one);
  return body;
}

/** The body says that it is something else than the URL. */
function otherKind(parts: ServerParts, call: Call, apiVersion: string, kind: string): Error {
  const version = versionOf(apiVersion);
  const cannot = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${call.kind.kind}`;
  const why = call.kind.custom === undefined ? unlike(parts, call, apiVersion, kind) : undefined;
  return badRequest(why === undefined ? otherVersion(call, apiVersion) : `${cannot}: ${why}`);
}

const otherVersion = (call: Call, apiVersion: string): string =>
  `the API version in the data (${apiVersion}) does not match the expected API version (${requestApiVersion(call)})`;

/** Why the result of a patch is no object of the kind; throws when it is one, but of another version. */
export function wrongKind(parts: ServerParts, call: Call, { apiVersion, kind }: MutableJsonObject): string | undefined {
  const [version, own] = [String(apiVersion ?? ''), String(kind ?? '')];
  if (version === requestApiVersion(call) && own === call.kind.kind) return undefined;
  const why = unlike(parts, call, version, own);
  if (why === undefined) throw badRequest(otherVersion(call, version));
  return why;
}

function unlike(parts: ServerParts, call: Call, apiVersion: string, kind: string): string | undefined {
  const version = versionOf(apiVersion);
  const known = parts.catalog.byKind(groupOf(apiVersion), version, kind);
  if (known === undefined || known.custom !== undefined)
    return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:110"`;
  if (known.kind !== call.kind.kind || known.group !== call.kind.group)
    return `converting (${version}.${kind}) to (${goPackage(call.kind.group)}.${call.kind.kind}): unknown conversion`;
  return undefined;
}

/** The Go package that holds the internal types of a group. */
export const goPackage = (group: string): string =>
  group === '' || group === 'events.k8s.io' ? 'core' : (group.split('.')[0] as string);

const SHOWN = 30;

/** What was sent is nothing that the server knows: 400 with the beginning of it. */
export function unrecognized(kind: string, why: string, text: string): Error {
  const start =
    text === ''
      ? '<empty>'
      : text[0] !== '{'
        ? hexOf(text)
        : text.length > SHOWN
          ? `${text.slice(0, SHOWN)} ...`
          : text;
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${start})`);
}

function hexOf(text: string): string {
  const hex = Buffer.from(text, 'utf8').subarray(0, SHOWN).toString('hex');
  return Buffer.byteLength(text) > SHOWN ? `${hex} ...` : hex;
}
