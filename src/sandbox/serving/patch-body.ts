import { isJsonObject, type Json, type JsonObject } from '../../objects/json.ts';
import { goJsonError } from '../api/go-json-error.ts';
import type { PatchBody } from '../api/patch-body.ts';
import { repeatsIn } from '../api/repeated-fields.ts';
import { badRequest, refusal, unsupported } from '../status/refusal.ts';
import { checkSize } from './body.ts';
import { headerOf, type SandboxRequest } from './exchange.ts';
import { parseYaml, repeatedKeys, unmarshalErrors } from './go-yaml.ts';
import { mediaType } from './media.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';
const TYPES = [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH];

export interface RawPatch {
  readonly type: PatchBody['kind'];
  /** Parses it; what strict decoding complains about is found when somebody will listen. */
  read(
    validation: 'Ignore' | 'Warn' | 'Strict',
    force: boolean,
  ): { readonly change: PatchBody; readonly complaints: readonly string[] };
}

/** The kind of patch by its content type (custom kinds have no strategic one), and its body. */
export function patchBody(request: SandboxRequest, custom: boolean): RawPatch {
  const type = mediaType(headerOf(request, 'content-type'));
  const known = custom ? TYPES.filter((one) => one !== STRATEGIC_PATCH) : TYPES;
  if (!known.includes(type))
    throw custom && TYPES.includes(type)
      ? unsupported(known)
      : refusal({ code: 415, reason: 'UnsupportedMediaType', message: '415: Unsupported Media Type', details: {} });
  const bytes = checkSize(request);
  const kind =
    type === JSON_PATCH ? 'json' : type === MERGE_PATCH ? 'merge' : type === APPLY_PATCH ? 'apply' : 'strategic';
  return {
    type: kind,
    read(validation, force) {
      const text = bytes.toString('utf8');
      if (kind === 'apply') {
        const lines = validation === 'Ignore' ? [] : repeatedKeys(text);
        const complaints = lines.length === 0 ? [] : [`error converting YAML to JSON: ${unmarshalErrors(lines)}`];
        return { change: { kind, body: applied(text), force }, complaints };
      }
      const value = parsed(text, kind === 'strategic' ? '' : 'error decoding patch: ');
      const twice = validation === 'Ignore' ? [] : (repeatsIn(text, value)?.repeated ?? []);
      const complaints = twice.map(
        (path) => `${kind === 'json' ? 'json patch ' : ''}duplicate field ${JSON.stringify(path)}`,
      );
      if (kind === 'json') return { change: { kind, body: operations(value) }, complaints };
      if (!isJsonObject(value))
        throw badRequest(
          `${kind === 'strategic' ? '' : 'error decoding patch: '}json: cannot unmarshal ${goType(value)} into Go value of type map[string]interface {}`,
        );
      return { change: { kind, body: value }, complaints };
    },
  };
}

function applied(text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    try {
      value = parseYaml(text);
    } catch (error) {
      throw badRequest(`error decoding YAML: error converting YAML to JSON: ${(error as Error).message}`);
    }
  }
  if (!isJsonObject(value))
    throw badRequest(
      `error decoding YAML: json: cannot unmarshal ${goType(value)} into Go value of type map[string]interface {}`,
    );
  return value;
}

function parsed(text: string, before: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw badRequest(`${before}${goJsonError(text)}`);
  }
}

function operations(value: Json): readonly JsonObject[] {
  if (!Array.isArray(value))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${goType(value)} into Go value of type []handlers.jsonPatchOp`,
    );
  return (value as readonly Json[]).filter(isJsonObject);
}

const goType = (value: Json): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value;
