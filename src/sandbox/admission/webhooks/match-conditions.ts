import { type CelProgram, celEnvironment, compileExpression } from '../../schema/cel/expression.ts';
import { plainValue } from '../../schema/cel/values.ts';
import { aggregate } from '../attempts.ts';
import type { Attempt } from '../plugin.ts';
import type { MatchCondition } from './hook.ts';
import { admissionReview, type ReviewOf } from './review.ts';
import type { ConditionsVerdict } from './webhooks.ts';

const ENVIRONMENT = celEnvironment(['object', 'oldObject', 'request', 'authorizer']);
const programs = new Map<string, CelProgram>();

function programOf(expression: string): CelProgram {
  const known = programs.get(expression) ?? compileExpression(ENVIRONMENT, expression);
  if (programs.size > 1000) programs.clear();
  programs.set(expression, known);
  return known;
}

/** All must hold; one that is false wins over those that fail. The variable `authorizer` is not there. */
export function celConditions(
  conditions: readonly MatchCondition[],
  _attempt: Attempt,
  review: ReviewOf,
): ConditionsVerdict {
  const { object, oldObject, ...request } = (admissionReview('v1', review) as { request: Record<string, unknown> })
    .request;
  const variables = {
    object: plainValue(object ?? null),
    oldObject: plainValue(oldObject ?? null),
    request: plainValue(request),
    authorizer: null,
  };
  const errors: string[] = [];
  for (const { expression } of conditions) {
    try {
      if (programOf(expression).run(variables) === false) return { kind: 'no-match' };
    } catch (error) {
      errors.push(`expression '${expression}' resulted in error: ${(error as Error).message}`);
    }
  }
  const error = aggregate(errors);
  return error === undefined ? { kind: 'match' } : { kind: 'error', error };
}
