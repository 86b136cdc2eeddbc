import { isJsonObject, type MutableJson, type MutableJsonObject } from '../../../objects/json.ts';
import type { Problem } from '../../status/problem.ts';
import { dns1035Problems, metadataProblems } from './names.ts';
import type { SchemaNode } from './node.ts';
import { MalformedMeta, normalMeta } from './object-meta.ts';

/** Type and metadata of an embedded resource that cannot be read: the sentence of the 400. */
export class MalformedEmbedded extends Error {}

/** Brings the metadata of embedded resources into its normal form, in place, below the root. */
export function coerceEmbedded(
  value: MutableJson | undefined,
  node: SchemaNode | undefined,
  path: string,
  unknown?: string[],
): void {
  if (node === undefined || !node.hasEmbedded || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      coerceEmbedded(item, node.items, `${path}[${index}]`, unknown);
    });
    return;
  }
  if (node.embedded) coerceOne(value, path, unknown);
  for (const name of Object.keys(value)) {
    const property = node.properties.get(name);
    if (property !== undefined) coerceEmbedded(value[name], property, path === '' ? name : `${path}.${name}`, unknown);
    else if (typeof node.additional === 'object')
      coerceEmbedded(value[name], node.additional, `${path}[${name}]`, unknown);
  }
}

function coerceOne(value: MutableJsonObject, path: string, unknown?: string[]): void {
  for (const name of ['apiVersion', 'kind'])
    if (Object.hasOwn(value, name) && typeof value[name] !== 'string')
      throw new MalformedEmbedded(`${path}.${name}: Invalid value: ${shown(value[name])}: must be a string`);
  if (!Object.hasOwn(value, 'metadata')) return;
  try {
    value.metadata = normalMeta(value.metadata, `${path}.metadata`, unknown);
  } catch (error) {
    if (!(error instanceof MalformedMeta)) throw error;
    throw new MalformedEmbedded(`${path}.metadata: Invalid value: ${shown(value.metadata)}: ${error.message}`);
  }
}

const shown = (value: unknown): string => (value === undefined ? 'null' : JSON.stringify(value));

/** What is wrong with type and metadata of embedded resources. */
export function embeddedProblems(value: unknown, node: SchemaNode | undefined, path = ''): Problem[] {
  const problems: Problem[] = [];
  if (node?.hasEmbedded) walk(value, node, path, problems);
  return problems;
}

function walk(value: unknown, node: SchemaNode | undefined, path: string, problems: Problem[]): void {
  if (node === undefined || !node.hasEmbedded || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      walk(item, node.items, `${path}[${index}]`, problems);
    });
    return;
  }
  const map = value as Record<string, unknown>;
  if (node.embedded) resourceProblems(map, path, problems);
  for (const [name, property] of node.properties)
    if (Object.hasOwn(map, name)) walk(map[name], property, path === '' ? name : `${path}.${name}`, problems);
  if (typeof node.additional === 'object')
    for (const name of Object.keys(map))
      if (!node.properties.has(name)) walk(map[name], node.additional, `${path}[${name}]`, problems);
}

/** Of one embedded resource at `path`. */
export function resourceProblems(map: Record<string, unknown>, path: string, problems: Problem[]): void {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of ['apiVersion', 'kind'])
    if (!Object.hasOwn(map, name)) problems.push({ kind: 'required', field: at(name), detail: '' });
  const { apiVersion, kind, metadata } = map;
  const invalid = (field: string, value: unknown, detail: string): void => {
    problems.push({ kind: 'invalid', field, value, detail });
  };
  if (Object.hasOwn(map, 'apiVersion')) {
    if (typeof apiVersion !== 'string') invalid(at('apiVersion'), apiVersion, 'must be a string');
    else if (apiVersion === '') invalid(at('apiVersion'), apiVersion, 'must not be empty');
    else if (apiVersion.split('/').length > 2)
      invalid(at('apiVersion'), apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  }
  if (Object.hasOwn(map, 'kind')) {
    if (typeof kind !== 'string') invalid(at('kind'), kind, 'must be a string');
    else if (kind === '') invalid(at('kind'), kind, 'must not be empty');
    else {
      const found = dns1035Problems(kind.toLowerCase());
      if (found.length > 0)
        invalid(at('kind'), kind, `may have mixed case, but should otherwise match: ${found.join(',')}`);
    }
  }
  if (isJsonObject(metadata)) problems.push(...metadataProblems(metadata, at('metadata')));
}
