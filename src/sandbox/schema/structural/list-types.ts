import type { Problem } from '../../status/problem.ts';
import type { SchemaNode } from './node.ts';

/** Items that lists of type set and map hold twice: `spec.ports[1]: Duplicate value: {"name":"a"}`. */
export function listTypeProblems(value: unknown, node: SchemaNode | undefined, path = ''): Problem[] {
  const problems: Problem[] = [];
  if (node?.hasListTypes) walk(value, node, path, problems);
  return problems;
}

function walk(value: unknown, node: SchemaNode, path: string, problems: Problem[]): void {
  if (!node.hasListTypes || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    if (node.listType === 'set') {
      for (const index of repeated(value))
        problems.push({ kind: 'duplicate', field: `${path}[${index}]`, value: value[index] });
    } else if (node.listType === 'map') mapProblems(value, node, path, problems);
    if (node.items !== undefined)
      for (let index = 0; index < value.length; index += 1)
        walk(value[index], node.items, `${path}[${index}]`, problems);
    return;
  }
  const map = value as Record<string, unknown>;
  if (typeof node.additional === 'object')
    for (const name of Object.keys(map)) walk(map[name], node.additional, `${path}[${name}]`, problems);
  for (const [name, property] of node.properties)
    if (Object.hasOwn(map, name)) walk(map[name], property, path === '' ? name : `${path}.${name}`, problems);
}

function mapProblems(list: readonly unknown[], node: SchemaNode, path: string, problems: Problem[]): void {
  const odd = list.findIndex((item) => item !== null && (typeof item !== 'object' || Array.isArray(item)));
  if (odd >= 0) {
    const detail = 'must be an object for an array of list-type map';
    problems.push({ kind: 'invalid', field: `${path}[${odd}]`, value: list[odd], detail });
    return;
  }
  const keys = list.map((item) => {
    const key: Record<string, unknown> = {};
    for (const name of node.listKeys) {
      const value = (item as Record<string, unknown> | null)?.[name];
      if (value !== undefined) key[name] = value;
    }
    return key;
  });
  for (const index of repeated(keys))
    problems.push({ kind: 'duplicate', field: `${path}[${index}]`, value: sorted(keys[index]) });
}

const sorted = (map: Record<string, unknown> | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Where a value stands for the second time; later repetitions are not told. */
function repeated(list: readonly unknown[]): number[] {
  if (list.length < 2) return [];
  const times = new Map<string, number>();
  const found: number[] = [];
  list.forEach((item, index) => {
    const text = JSON.stringify(item, ordered);
    const seen = times.get(text) ?? 0;
    times.set(text, seen + 1);
    if (seen === 1) found.push(index);
  });
  return found;
}

const ordered = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? sorted(value as Record<string, unknown>)
    : value;
