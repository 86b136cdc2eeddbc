import { isJsonObject, type Json, type JsonObject, ownValue } from '../objects/json.ts';
import { escapeSegment } from '../objects/pointer.ts';

const KEEPS = 'x-kubernetes-preserve-unknown-fields';
/** Fields that every object has beside its schema; of `metadata` the server keeps what it knows. */
const ROOT = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * The pointers of a body that a CustomResourceDefinition's structural schema would prune, at most `limit`, as the API
 * server prunes: a member is kept when `properties` names it, when `additionalProperties` is there (`true` keeps all below), or
 * below `x-kubernetes-preserve-unknown-fields`; an embedded resource keeps its apiVersion, kind and metadata; values are not judged
 * (`x-kubernetes-int-or-string` is a scalar and has nothing to prune).
 */
export function prunedFields(body: JsonObject, schema: Json | undefined, limit = 5): string[] {
  const found: string[] = [];
  // Without any schema the server drops everything but what every object has.
  walk(body, isJsonObject(schema) ? schema : {}, '', true, found, limit);
  return found;
}

function walk(
  value: Json | undefined,
  schema: JsonObject,
  at: string,
  isObject: boolean,
  found: string[],
  limit: number,
): void {
  if (found.length >= limit) return;
  if (Array.isArray(value)) {
    // A list without items has no schema for what is in it: pruned as an empty schema prunes. What keeps unknown fields
    // keeps them in the items too.
    const items = {
      ...(isJsonObject(schema.items) ? schema.items : {}),
      ...(schema[KEEPS] === true ? { [KEEPS]: true } : {}),
    };
    for (const [index, item] of value.entries()) walk(item as Json, items, `${at}/${index}`, false, found, limit);
    return;
  }
  if (!isJsonObject(value)) return;
  const keeps = schema[KEEPS] === true;
  const embedded = isObject || schema['x-kubernetes-embedded-resource'] === true;
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const more = schema.additionalProperties;
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || (embedded && ROOT.has(name))) continue;
    const place = `${at}/${escapeSegment(name)}`;
    const known = ownValue(properties, name);
    if (isJsonObject(known)) walk(member, known, place, false, found, limit);
    else if (isJsonObject(more)) walk(member, more, place, false, found, limit);
    else if (more === true || keeps) continue;
    else if (found.length < limit) found.push(place);
  }
}
