import { isJsonObject, type Json, type MutableJsonObject } from '../../objects/json.ts';
import { unrecognized } from '../api/decode.ts';
import { goJsonError } from '../api/go-json-error.ts';
import { NO_REPEATS, type Repeats, repeatsIn } from '../api/repeated-fields.ts';
import { refusal, unsupported } from '../status/refusal.ts';
import { headerOf, type SandboxRequest } from './exchange.ts';
import { parseYaml, repeatedKeys, unmarshalErrors } from './go-yaml.ts';
import { mediaType } from './media.ts';
import { decodeProtobuf, PROTOBUF } from './protobuf.ts';

export const MOST_BYTES = 3 * 1024 * 1024;
const BODY_TYPES = ['application/json', 'application/yaml', PROTOBUF];

export interface ParsedBody {
  readonly value: MutableJsonObject;
  /** Fields that stand twice, when they were looked for. */
  readonly duplicates: Repeats;
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
    return { value: decodeProtobuf(bytes, kind.kind, kind.storageApiVersion), duplicates: NO_REPEATS };
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
  if (yaml)
    return { value: value as MutableJsonObject, duplicates: lookForDuplicates ? yamlRepeats(text) : NO_REPEATS };
  const read = repeatsIn(text, value);
  if (read === undefined) return { value: value as MutableJsonObject, duplicates: NO_REPEATS };
  const told = lookForDuplicates ? read.repeated.map((path) => `duplicate field ${JSON.stringify(path)}`) : [];
  return {
    // Built-in kinds are read into structs, custom ones into a map, where the last of two counts.
    value: (custom ? value : read.value) as MutableJsonObject,
    duplicates: { strict: told, warned: told, ...(custom ? {} : { places: read.places }) },
  };
}

function yamlRepeats(text: string): Repeats {
  const lines = repeatedKeys(text);
  return lines.length === 0 ? NO_REPEATS : { strict: [unmarshalErrors(lines)], warned: lines };
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
