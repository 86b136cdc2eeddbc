import type { JsonObject } from '../../objects/json.ts';

/** A patch of any kind, parsed. */
export type PatchBody =
  | { readonly kind: 'merge'; readonly body: JsonObject }
  | { readonly kind: 'strategic'; readonly body: JsonObject }
  | { readonly kind: 'json'; readonly body: readonly JsonObject[] }
  | { readonly kind: 'apply'; readonly body: JsonObject; readonly force: boolean };
