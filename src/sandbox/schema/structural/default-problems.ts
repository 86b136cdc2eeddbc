import type { Problem } from '../../status/problem.ts';
import { deepEqual } from './deep-equal.ts';
import { copyJson } from './defaults.ts';
import { coerceEmbedded, embeddedProblems, MalformedEmbedded } from './embedded.ts';
import { compileNode, type SchemaNode } from './node.ts';
import { prune } from './prune.ts';
import { compileRules } from './rules.ts';
import type { SchemaJson } from './schema-json.ts';
import { schemaProblems } from './validate.ts';

/** What is wrong with the default values of a schema: unknown fields, values that the schema itself refuses. */
export function defaultProblems(schema: SchemaJson, path: string, requirePruned: boolean): Problem[] {
  const found: Problem[] = [];
  walk(compileNode(schema), path, requirePruned, found);
  return found;
}

function walk(node: SchemaNode, path: string, requirePruned: boolean, found: Problem[]): void {
  if (!node.hasDefaults) return;
  if (node.default !== undefined) ofOne(node, `${path}.default`, requirePruned, found);
  if (node.items !== undefined) walk(node.items, `${path}.items`, requirePruned, found);
  for (const [name, property] of node.properties) walk(property, `${path}.properties[${name}]`, requirePruned, found);
}

function ofOne(node: SchemaNode, path: string, requirePruned: boolean, found: Problem[]): void {
  const value = copyJson(node.default);
  if (requirePruned) {
    const pruned = copyJson(node.default);
    prune(pruned, node);
    if (!deepEqual(pruned, value))
      found.push({ kind: 'invalid', field: path, value, detail: 'must not have unknown fields' });
  }
  try {
    coerceEmbedded(value, node, path);
  } catch (error) {
    if (!(error instanceof MalformedEmbedded)) throw error;
    found.push({ kind: 'invalid', field: path, value, detail: error.message });
    return;
  }
  const steps = [
    () => embeddedProblems(value, node, path),
    () => schemaProblems(value, node, undefined, path),
    () => compileRules(node, false)?.problems(value, value, undefined, path) ?? [],
  ];
  for (const step of steps) {
    const problems = step();
    if (problems.length === 0) continue;
    found.push(...problems);
    return;
  }
}
