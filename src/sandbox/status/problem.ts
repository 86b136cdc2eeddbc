import { type Refusal, refusal } from './refusal.ts';

/** One finding of a validation: the field, what is wrong with it, and the sentence the server gives for it. */
export type Problem =
  | { readonly kind: 'required'; readonly field: string; readonly detail: string }
  | { readonly kind: 'invalid'; readonly field: string; readonly value: unknown; readonly detail: string }
  | { readonly kind: 'duplicate'; readonly field: string; readonly value: unknown }
  | {
      readonly kind: 'not-supported';
      readonly field: string;
      readonly value: unknown;
      readonly supported: readonly string[];
    }
  | { readonly kind: 'not-found'; readonly field: string; readonly value: unknown }
  | { readonly kind: 'forbidden'; readonly field: string; readonly detail: string }
  | { readonly kind: 'too-long'; readonly field: string; readonly detail: string }
  | { readonly kind: 'too-many'; readonly field: string; readonly value: number; readonly detail: string }
  | { readonly kind: 'type-invalid'; readonly field: string; readonly value: unknown; readonly detail: string };

const REASONS: Readonly<Record<Problem['kind'], string>> = {
  required: 'FieldValueRequired',
  invalid: 'FieldValueInvalid',
  duplicate: 'FieldValueDuplicate',
  'not-supported': 'FieldValueNotSupported',
  'not-found': 'FieldValueNotFound',
  forbidden: 'FieldValueForbidden',
  'too-long': 'FieldValueTooLong',
  'too-many': 'FieldValueTooMany',
  'type-invalid': 'FieldValueTypeInvalid',
};

/** As Go's encoder writes JSON: what HTML would take for its own is escaped. */
const htmlSafe = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** As the value of a problem: the server says nothing of it. */
export const OMITTED: unique symbol = Symbol('omitted');

const shown = (value: unknown): string =>
  value === undefined || value === null
    ? 'null'
    : typeof value === 'object'
      ? htmlSafe(JSON.stringify(value))
      : typeof value === 'string'
        ? JSON.stringify(value)
        : String(value);

/** The sentence after the field's path, as field.Error of apimachinery gives it. */
function sentence(problem: Problem): string {
  switch (problem.kind) {
    case 'required':
      return problem.detail === '' ? 'Required value' : `Required value: ${problem.detail}`;
    case 'invalid':
      return problem.value === OMITTED
        ? `Invalid value: ${problem.detail}`
        : `Invalid value: ${shown(problem.value)}: ${problem.detail}`;
    case 'duplicate':
      return `Duplicate value: ${shown(problem.value)}`;
    case 'not-supported':
      return `Unsupported value: ${shown(problem.value)}: supported values: ${problem.supported.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'not-found':
      return `Not found: ${shown(problem.value)}`;
    case 'forbidden':
      return problem.detail === '' ? 'Forbidden' : `Forbidden: ${problem.detail}`;
    case 'too-long':
      return `Too long: ${problem.detail}`;
    case 'too-many':
      return `Too many: ${problem.value}: ${problem.detail}`;
    case 'type-invalid':
      return `Invalid value: ${shown(problem.value)}: ${problem.detail}`;
  }
}

/** `spec.a: Required value`, as a line of its own. */
export const problemText = (problem: Problem): string => `${problem.field}: ${sentence(problem)}`;

/** 422 Invalid over all problems: `Kind.group "name" is invalid: ...`, one cause each. */
export function invalid(group: string, kind: string, name: string, problems: readonly Problem[]): Refusal {
  const told = [...new Set(problems.map(problemText))];
  const list = told.length === 1 ? told[0] : `[${told.join(', ')}]`;
  return refusal({
    code: 422,
    reason: 'Invalid',
    message: `${group === '' ? kind : `${kind}.${group}`} ${JSON.stringify(name)} is invalid: ${list}`,
    details: {
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { group }),
      ...(kind === '' ? {} : { kind }),
      causes: problems.map((problem) => ({
        reason: REASONS[problem.kind],
        message: sentence(problem),
        field: problem.field,
      })),
    },
  });
}
