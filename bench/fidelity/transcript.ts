import type { Json } from '../../src/objects/json.ts';

/** What a server said to one step of a script. */
export type Said =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Json; readonly body: Json }
  | { readonly kind: 'wait'; readonly satisfied: boolean; readonly last?: Json }
  | { readonly kind: 'watch'; readonly status: number; readonly headers: Json; readonly body: Json }
  | { readonly kind: 'events'; readonly events: readonly Json[]; readonly ended: boolean }
  | { readonly kind: 'settled' }
  /** No answer at all: the connection broke, or the time was up. */
  | { readonly kind: 'broken'; readonly why: string };

/** One play of one script: what was said to each step, and the lists that make up the state afterwards. */
export interface Transcript {
  readonly said: readonly Said[];
  readonly state: Readonly<Record<string, Json>>;
}
