import type { Problem } from '../../status/problem.ts';
import type { Correlation } from './correlation.ts';
import { deepEqual } from './deep-equal.ts';
import { add, type Finding, problemOf } from './finding.ts';
import type { SchemaNode } from './node.ts';
import { checkEnum, checkNumber, checkString, checkType } from './scalar-checks.ts';

/**
 * Validates a value against a schema as kube-openapi does. `prefix` stands before all paths (`status` for /status).
 * With a correlation (update), what did not change is not complained about.
 */
export function schemaProblems(
  value: unknown,
  node: SchemaNode | undefined,
  correlation?: Correlation,
  prefix = '',
): Problem[] {
  if (node === undefined) return [];
  const findings: Finding[] = [];
  validate(value, node, '', findings, correlation);
  return findings.map((finding) => problemOf(finding, prefix));
}

/**
 * Adds what is wrong and gives how many checks were passed or tried: of several alternatives that all fail, the one
 * with the highest count explains the failure.
 */
function validate(value: unknown, node: SchemaNode, path: string, out: Finding[], correlation?: Correlation): number {
  const mine: Finding[] = correlation === undefined ? out : [];
  const count = inspect(value, node, path, mine, correlation);
  if (correlation !== undefined && mine.length > 0 && !correlation.unchanged())
    for (const finding of mine) add(out, finding);
  return count;
}

function inspect(value: unknown, node: SchemaNode, path: string, out: Finding[], correlation?: Correlation): number {
  if (value === null || value === undefined) {
    let count = 1;
    if (node.types.length > 0 && !node.nullable) {
      count = 0;
      const text = `${path} in body must be of type ${node.typeText}: "null"`;
      add(out, { kind: 'type', name: path, text, value: 'null' });
    }
    checkEnum(null, node, path, out);
    return count;
  }
  let count = 3;
  if (node.types.length > 0 || node.format !== '') count += 1 + checkType(value, node, path, out);
  count += checkCombined(value, node, path, out);
  if (typeof value === 'string') {
    count += 1;
    checkString(value, node, path, out);
    if (node.formatCheck !== undefined) {
      count += 1;
      if (!node.formatCheck(value)) {
        const text = `${path} in body must be of type ${node.format}: ${JSON.stringify(value)}`;
        add(out, { kind: 'type', name: path, text, value });
      }
    }
  } else if (typeof value === 'number') {
    count += 2;
    checkNumber(value, node, path, out);
  } else if (Array.isArray(value)) count += 2 + checkList(value, node, path, out, correlation);
  checkEnum(value, node, path, out);
  if (typeof value === 'object' && !Array.isArray(value))
    count += 1 + checkMap(value as Record<string, unknown>, node, path, out, correlation);
  return count;
}

function checkList(
  value: readonly unknown[],
  node: SchemaNode,
  path: string,
  out: Finding[],
  correlation?: Correlation,
): number {
  let count = 0;
  const { items } = node;
  if (items !== undefined)
    for (let index = 0; index < value.length; index += 1)
      count += validate(value[index], items, `${path}[${index}]`, out, correlation?.item(index));
  const { minItems, maxItems, uniqueItems } = node.schema;
  const size = value.length;
  if (minItems !== undefined && size < minItems)
    add(out, {
      kind: 'invalid',
      name: path,
      text: `${path} in body should have at least ${minItems} items`,
      value: size,
    });
  if (maxItems !== undefined && size > maxItems) {
    const text = `${path} in body should have at most ${maxItems} items`;
    add(out, { kind: 'too-many', name: path, text, value: size, limit: maxItems });
  }
  if (uniqueItems && value.some((item, index) => value.slice(0, index).some((other) => deepEqual(item, other))))
    add(out, { kind: 'invalid', name: path, text: `${path} in body shouldn't contain duplicates` });
  return count;
}

function checkMap(
  value: Record<string, unknown>,
  node: SchemaNode,
  path: string,
  out: Finding[],
  correlation?: Correlation,
): number {
  let count = 0;
  const { minProperties, maxProperties } = node.schema;
  if (minProperties !== undefined || maxProperties !== undefined) {
    const size = Object.keys(value).length;
    if (minProperties !== undefined && size < minProperties) {
      const text = `${path} in body should have at least ${minProperties} properties`;
      add(out, { kind: 'invalid', name: path, text, value: size });
    }
    if (maxProperties !== undefined && size > maxProperties) {
      const text = `${path} in body should have at most ${maxProperties} properties`;
      add(out, { kind: 'too-many', name: path, text, value: size, limit: maxProperties });
    }
  }
  const below = (name: string): Correlation | undefined =>
    path === '' && (name === 'kind' || name === 'apiVersion') ? undefined : correlation?.field(name);
  const { additional } = node;
  if (additional === false) {
    for (const name of Object.keys(value))
      if (!node.properties.has(name)) {
        const text = `${path}.${name} in body is a forbidden property`;
        add(out, { kind: 'invalid', name: path, text, value: name });
      }
  } else if (typeof additional === 'object')
    for (const name of Object.keys(value))
      if (!node.properties.has(name)) count += validate(value[name], additional, `${path}.${name}`, out, below(name));
  for (const [name, property] of node.properties)
    if (Object.hasOwn(value, name))
      count += validate(value[name], property, path === '' ? name : `${path}.${name}`, out, below(name));
  for (const name of node.required)
    if (!Object.hasOwn(value, name))
      add(out, { kind: 'required', name: `${path}.${name}`, text: `${path}.${name} in body is required` });
  return count;
}

/** The alternative with the most passed checks, when all fail. */
interface Failed {
  readonly findings: readonly Finding[];
  readonly count: number;
}

function checkCombined(value: unknown, node: SchemaNode, path: string, out: Finding[]): number {
  let count = 1;
  const told = JSON.stringify(path);
  const composite = (text: string): void => add(out, { kind: 'composite', name: path, text });
  if (node.anyOf.length > 0) {
    let best: Failed | undefined;
    let passed: number | undefined;
    for (const alternative of node.anyOf) {
      const findings: Finding[] = [];
      const tried = validate(value, alternative, path, findings);
      if (findings.length === 0) {
        passed = tried;
        break;
      }
      if (best === undefined || tried > best.count) best = { findings, count: tried };
    }
    if (passed === undefined) {
      composite(`${told} must validate at least one schema (anyOf)`);
      for (const finding of best?.findings ?? []) add(out, finding);
      count += best?.count ?? 0;
    } else count += passed;
  }
  if (node.oneOf.length > 0) {
    let best: Failed | undefined;
    let first: number | undefined;
    let valid = 0;
    for (const alternative of node.oneOf) {
      const findings: Finding[] = [];
      const tried = validate(value, alternative, path, findings);
      if (findings.length === 0) {
        valid += 1;
        best = undefined;
        first ??= tried;
      } else if (valid === 0 && (best === undefined || tried > best.count)) best = { findings, count: tried };
    }
    if (valid === 1) count += first ?? 0;
    else {
      const why = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
      composite(`${told} must validate one and only one schema (oneOf). ${why}`);
      for (const finding of best?.findings ?? []) add(out, finding);
      count += best?.count ?? 0;
    }
  }
  if (node.allOf.length > 0) {
    let valid = 0;
    for (const part of node.allOf) {
      const findings: Finding[] = [];
      count += validate(value, part, path, findings);
      if (findings.length === 0) valid += 1;
      for (const finding of findings) add(out, finding);
    }
    if (valid !== node.allOf.length)
      composite(`${told} must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`);
  }
  if (node.not !== undefined) {
    const findings: Finding[] = [];
    validate(value, node.not, path, findings);
    if (findings.length === 0) composite(`${told} must not validate the schema (not)`);
  }
  return count;
}
