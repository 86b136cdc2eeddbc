import type { MutableJson, MutableJsonObject } from '../../../objects/json.ts';
import type { SchemaNode } from './node.ts';

const isMeta = (name: string): boolean => name === 'apiVersion' || name === 'kind' || name === 'metadata';

/**
 * Removes, in place, what a schema does not name. With `unknown`, the paths of what was removed are added to it
 * (`spec.list[0].colour`); metadata, kind and apiVersion of the root and of embedded resources stay.
 */
export function pruneRoot(object: MutableJsonObject, node: SchemaNode | undefined, unknown?: string[]): void {
  if (node === undefined) {
    for (const name of Object.keys(object)) {
      if (isMeta(name)) continue;
      unknown?.push(name);
      delete object[name];
    }
  } else if (node.preserve) skipMap(object, node, true, '', unknown);
  else pruneMap(object, node, true, '', unknown);
  unknown?.sort();
}

/** The same below the root: of a default, say. */
export function prune(
  value: MutableJson | undefined,
  node: SchemaNode | undefined,
  path = '',
  unknown?: string[],
): void {
  if (typeof value !== 'object' || value === null) return;
  if (node?.preserve) skip(value, node, path, unknown);
  else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1)
      prune(value[index], node?.items, unknown === undefined ? '' : `${path}[${index}]`, unknown);
  } else if (node === undefined) {
    for (const name of Object.keys(value)) {
      unknown?.push(joined(path, name));
      delete value[name];
    }
  } else pruneMap(value, node, node.embedded, path, unknown);
}

const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function pruneMap(map: MutableJsonObject, node: SchemaNode, embedded: boolean, path: string, unknown?: string[]): void {
  for (const name in map) {
    if (embedded && isMeta(name)) continue;
    const property = node.properties.get(name);
    if (property !== undefined) prune(map[name], property, unknown === undefined ? '' : joined(path, name), unknown);
    else if (node.additional !== undefined)
      prune(
        map[name],
        typeof node.additional === 'object' ? node.additional : undefined,
        unknown === undefined ? '' : joined(path, name),
        unknown,
      );
    else {
      if (!isMeta(name) || path !== '') unknown?.push(joined(path, name));
      delete map[name];
    }
  }
}

function skip(value: MutableJson | undefined, node: SchemaNode | undefined, path: string, unknown?: string[]): void {
  if (node === undefined || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value))
    value.forEach((item, index) => {
      skip(item, node.items, `${path}[${index}]`, unknown);
    });
  else skipMap(value, node, node.embedded, path, unknown);
}

/** Under preserve-unknown-fields only what the schema names again is looked into. */
function skipMap(map: MutableJsonObject, node: SchemaNode, embedded: boolean, path: string, unknown?: string[]): void {
  for (const name in map) {
    if (embedded && isMeta(name)) continue;
    const property = node.properties.get(name);
    if (property !== undefined) prune(map[name], property, joined(path, name), unknown);
    else if (node.additional !== undefined)
      prune(map[name], typeof node.additional === 'object' ? node.additional : undefined, joined(path, name), unknown);
  }
}

/** Removes, in place, nulls where the schema wants none and has no default to put there. */
export function dropNulls(value: MutableJson | undefined, node: SchemaNode | undefined): void {
  if (node === undefined || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) dropNulls(item, node.items);
    return;
  }
  for (const name in value) {
    const property = node.properties.get(name);
    if (value[name] === null) {
      const owner = property ?? (typeof node.additional === 'object' ? node.additional : undefined);
      if (owner !== undefined && !owner.nullable && owner.default === undefined) delete value[name];
    } else if (property !== undefined) dropNulls(value[name], property);
    else if (typeof node.additional === 'object') dropNulls(value[name], node.additional);
  }
}
