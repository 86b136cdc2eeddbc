import type { KeyText } from '../../objects/key.ts';

/** One claim about the recovered cluster. `id` is unique in a result; `not run` is never green. */
export interface CheckResult {
  readonly id: string;
  readonly kind: 'present' | 'owners' | 'kept' | 'ready' | 'external' | 'count' | 'data';
  readonly status: 'verified' | 'failed' | 'not run';
  readonly code: string;
  readonly sentence: string;
  readonly key?: KeyText;
}

/** What the recovery wrote, adopted or merged into, by key, with the UID on record. */
export interface Expected {
  readonly key: KeyText;
  readonly uid: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
}
