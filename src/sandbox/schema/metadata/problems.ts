import type { Problem } from '../../status/problem.ts';

/** Short ways to write findings; `field` is the whole path. */
export const required = (field: string, detail = ''): Problem => ({ kind: 'required', field, detail });
export const invalidValue = (field: string, value: unknown, detail: string): Problem => ({
  kind: 'invalid',
  field,
  value,
  detail,
});
export const duplicate = (field: string, value: unknown): Problem => ({ kind: 'duplicate', field, value });
export const notSupported = (field: string, value: unknown, supported: readonly string[]): Problem => ({
  kind: 'not-supported',
  field,
  value,
  supported,
});
export const forbiddenField = (field: string, detail: string): Problem => ({ kind: 'forbidden', field, detail });
export const tooMany = (field: string, value: number, max: number): Problem => ({
  kind: 'too-many',
  field,
  value,
  detail: `must have at most ${max} items`,
});
export const notFoundValue = (field: string, value: unknown): Problem => ({ kind: 'not-found', field, value });
/** One `invalid` for each sentence. */
export const each = (field: string, value: unknown, sentences: readonly string[]): Problem[] =>
  sentences.map((sentence) => invalidValue(field, value, sentence));
export const IMMUTABLE = 'field is immutable';
/** `must be greater than or equal to 0`, when it is not. */
export const nonNegative = (field: string, value: number): Problem[] =>
  value < 0 ? [invalidValue(field, value, 'must be greater than or equal to 0')] : [];
