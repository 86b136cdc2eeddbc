import { isJsonObject, type Json, type MutableJsonObject } from '../../objects/json.ts';
import { unrecognized } from '../api/decode.ts';
import { goJsonError } from '../api/go-json-error.ts';
import { duplicateFields } from '../api/json-text.ts';
import { refusal, unsupported } from '../status/refusal.ts';
import { headerOf, type SandboxRequest } from './exchange.ts';
import { parseYaml } from './go-yaml.ts';
import { mediaType } from './media.ts';
import { decodeProtobuf, PROTOBUF } from './protobuf.ts';

export const MOST_BYTES = 3 * 1024 * 1024;
const BODY_TYPES = ['application/json', 'application/yaml', PROTOBUF];

export interface ParsedBody {
  readonly value: MutableJsonObject;
  /** `duplicate field "a.b"`, when they were looked for. */
  readonly duplicates: readonly string[];
}

export function checkSize(request: SandboxRequest): Buffer {
  const body = request.body;
  if (body !== undefined && body.byteLength > MOST_BYTES)
    throw refusal({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: `Request entity is too large: limit is ${MOST_BYTES}`,
    });
  if (body === undefined) return EMPTY;
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
const EMPTY = Buffer.alloc(0);

/** The object in a request's body: JSON, YAML, or protobuf of a built-in kind. */
export function parseBody(
  request: SandboxRequest,
  kind: { readonly kind: string; readonly custom: unknown; readonly storageApiVersion?: string },
  lookForDuplicates: boolean,
): ParsedBody {
  const custom = kind.custom !== undefined;
  const bytes = checkSize(request);
  const type = mediaType(headerOf(request, 'content-type'));
  if (type === PROTOBUF && !custom)
    return { value: decodeProtobuf(bytes, kind.kind, kind.storageApiVersion), duplicates: [] };
  const yaml = type === 'application/yaml' || type === 'application/x-yaml';
  if (!yaml && type !== '' && type !== 'application/json')
    throw unsupported(custom ? BODY_TYPES.slice(0, 2) : BODY_TYPES);
  const text = bytes.toString('utf8');
  const value = yaml ? yamlOf(text, kind.kind) : parseJson(text, kind.kind);
  if (!isJsonObject(value))
    throw unrecognized(
      kind.kind,
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${goKind(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
      text,
    );
  const duplicates = lookForDuplicates && !yaml ? duplicateFields(text, value) : [];
  return {
    value: value as MutableJsonObject,
    duplicates: duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`),
  };
}

const goKind = (value: Json): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : value === null ? 'null' : typeof value;

function yamlOf(text: string, kind: string): Json {
  try {
    return parseYaml(text);
  } catch (error) {
    throw unrecognized(kind, (error as Error).message, text);
  }
}

export function parseJson(text: string, kind: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw unrecognized(kind, `couldn't get version/kind; json parse error: ${goJsonError(text)}`, text);
  }
}
