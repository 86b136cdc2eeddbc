import { isJsonObject, type Json, type KubeObject } from '../objects/json.ts';
import { compilePattern, expand } from '../objects/pattern.ts';
import { getAt } from '../objects/pointer.ts';
import { sameJson } from '../objects/same-json.ts';
import type { Where } from './language.ts';

const expressions = new Map<string, RegExp>();

/** Patterns of rules, compiled once. */
export function expression(pattern: string): RegExp {
  const known = expressions.get(pattern) ?? new RegExp(pattern);
  expressions.set(pattern, known);
  return known;
}

/** Whether the claim is true of the object. A path with `*` speaks of any of its places. */
export function holds(claim: Where, object: KubeObject): boolean {
  switch (claim.kind) {
    case 'has':
      return valuesAt(object, claim.path).some((value) => value !== null);
    case 'equals':
      return valuesAt(object, claim.path).some((value) => sameJson(value, claim.value));
    case 'matches':
      return valuesAt(object, claim.path).some(
        (value) => typeof value === 'string' && expression(claim.pattern).test(value),
      );
    case 'condition':
      return conditionsOf(object).some(
        (item) => isJsonObject(item) && item.type === claim.type && item.status === claim.status,
      );
    case 'newer': {
      const time = Date.parse(String(getAt(object, claim.path)));
      const others = claim.than
        .map((path) => Date.parse(String(getAt(object, path))))
        .filter((other) => !Number.isNaN(other));
      return !Number.isNaN(time) && others.every((other) => time > other);
    }
    case 'not':
      return !holds(claim.of, object);
    case 'all':
      return claim.of.every((part) => holds(part, object));
    case 'any':
      return claim.of.some((part) => holds(part, object));
  }
}

function valuesAt(object: KubeObject, path: string): Json[] {
  if (compilePattern(path).literal) {
    const value = getAt(object, path);
    return value === undefined ? [] : [value];
  }
  return expand(object, path).flatMap((place) => getAt(object, place) ?? []);
}

function conditionsOf(object: KubeObject): readonly Json[] {
  const conditions = getAt(object, '/status/conditions');
  return Array.isArray(conditions) ? conditions : [];
}
