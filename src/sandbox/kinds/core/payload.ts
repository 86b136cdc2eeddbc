import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { forbiddenField } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { flag } from '../values.ts';

export const DATA_LIMIT = 1024 * 1024;

/** Bytes behind a base64 text. */
export function byteCount(value: unknown): number {
  if (typeof value !== 'string') return 0;
  return (value.length / 4) * 3 - (value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0);
}

/** What an immutable ConfigMap or Secret may not change. */
export function validateImmutable(next: KubeObject, before: KubeObject, fields: readonly string[]): Problem[] {
  if (!flag(before, 'immutable')) return [];
  const said = 'field is immutable when `immutable` is set';
  const found = flag(next, 'immutable') ? [] : [forbiddenField('immutable', said)];
  for (const field of fields) {
    if (!sameJson((next[field] ?? {}) as Json, (before[field] ?? {}) as Json)) found.push(forbiddenField(field, said));
  }
  return found;
}
