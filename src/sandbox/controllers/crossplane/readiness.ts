import type { JsonObject } from '../../../objects/json.ts';
import { valueAt } from './field-path.ts';
import { condition, type Resource } from './resource.ts';
import type { Template } from './template.ts';

/** Whether a composed resource passes its template's checks; without any: its condition Ready is True. */
export function isReady(object: Resource, { readinessChecks }: Template): boolean {
  if (readinessChecks.length === 0) return condition(object, 'Ready')?.status === 'True';
  return readinessChecks.every((check) => passes(object, check));
}

function passes(object: Resource, check: JsonObject): boolean {
  const at = (): unknown => valueAt(object, String(check.fieldPath));
  switch (check.type) {
    case 'None':
      return true;
    case 'NonEmpty':
      return at() !== undefined && at() !== '';
    case 'MatchString':
      return at() === check.matchString;
    case 'MatchInteger':
      return at() === check.matchInteger;
    case 'MatchTrue':
      return at() === true;
    case 'MatchFalse':
      return at() === false;
    case 'MatchCondition': {
      const { type = 'Ready', status = 'True' } = (check.matchCondition ?? {}) as { type?: string; status?: string };
      return condition(object, type)?.status === status;
    }
    default:
      return false;
  }
}
