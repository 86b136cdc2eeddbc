import { isJsonObject, type Json, type JsonObject } from '../../objects/json.ts';
import type { FieldType } from '../schema/field-type.ts';
import { pathText } from './field-set.ts';
import { goSyntax, goText, goTypeName } from './go-text.ts';
import { formOf, itemSegment, type ListType, listOf, typeUnder } from './type-walk.ts';

/** What keeps a configuration from being applied, in the words of the server; undefined when nothing does. */
export function configurationProblems(applied: JsonObject, type: FieldType): string | undefined {
  const found: string[] = [];
  visit(applied, type, '', found);
  if (found.length === 0) return undefined;
  return found.length === 1 ? found[0] : `errors:\n${found.map((line) => `  ${line}`).join('\n')}`;
}

function visit(value: Json, type: FieldType, path: string, found: string[]): void {
  const say = (message: string): void => {
    found.push(path === '' ? message : `${path}: ${message}`);
  };
  switch (type.kind) {
    case 'untyped':
      return;
    case 'scalar': {
      const problem = scalarProblem(value, type.scalar);
      if (problem !== undefined) say(problem);
      return;
    }
    case 'struct':
    case 'map':
      if (value === null) return;
      if (isJsonObject(value)) visitMap(value, type, path, found);
      else say(`expected map, got &{${goText(value)}}`);
      return;
    case 'list': {
      if (value === null) return;
      const list = listOf(value);
      if (list === undefined) say(`expected list, got &{${goText(value)}}`);
      else visitList(list, type, path, found);
      return;
    }
  }
}

function visitMap(map: JsonObject, type: FieldType, path: string, found: string[]): void {
  for (const key of Object.keys(map)) {
    const value = map[key];
    if (value === undefined) continue;
    const under = typeUnder(type, key);
    if (under === undefined) {
      found.push(`${path}.${key}: field not declared in schema`);
      return;
    }
    visit(value, under, `${path}.${key}`, found);
  }
}

function visitList(list: readonly Json[], type: ListType, path: string, found: string[]): void {
  const seen = new Set<string>();
  const say = (message: string): void => {
    found.push(path === '' ? message : `${path}: ${message}`);
  };
  for (const [at, item] of list.entries()) {
    let segment = `i:${at}`;
    if (formOf(type, list) === 'list') {
      const told = itemSegment(type, item);
      if ('problem' in told) {
        say(`element ${at}: ${told.problem}`);
        return;
      }
      segment = told.segment;
      if (seen.has(segment)) say(`duplicate entries for key ${pathText([segment])}`);
      seen.add(segment);
    }
    visit(item, type.items, `${path}${pathText([segment])}`, found);
  }
}

function scalarProblem(value: Json, scalar: Extract<FieldType, { kind: 'scalar' }>['scalar']): string | undefined {
  if (value === null) return undefined;
  const kind = typeof value;
  switch (scalar) {
    case 'any':
      return undefined;
    case 'number':
    case 'integer':
      return kind === 'number' ? undefined : `expected numeric (int or float), got ${goTypeName(value)}`;
    case 'string':
      return kind === 'string' ? undefined : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'boolean':
      return kind === 'boolean' ? undefined : `expected boolean, got &{${goText(value)}}`;
    case 'int-or-string':
    case 'quantity':
      return kind === 'object' ? `expected any scalar, got &{${goText(value)}}` : undefined;
  }
}
