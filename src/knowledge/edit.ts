import type { Json } from '../objects/json.ts';
import type { KeyText, Uid } from '../objects/key.ts';
import type { UidForm } from '../objects/uid-text.ts';

/**
 * One change to a captured body, at a concrete JSON pointer (RFC 6901) of the captured bytes; applied in the order given,
 * so removals inside one list stand from its end to its start. `rule` is the code of the knowledge rule that asks for it.
 */
export type Edit =
  | { readonly kind: 'remove'; readonly path: string; readonly rule: string }
  | { readonly kind: 'set'; readonly path: string; readonly value: Json; readonly rule: string }
  /** Every standing of `was` (in `form`) in the string at `path`, or in the map key that `path` ends with, becomes the new UID of `of`. */
  | {
      readonly kind: 'rewrite-uid';
      readonly path: string;
      readonly place: 'value' | 'key';
      readonly was: Uid;
      readonly form: UidForm;
      readonly of: KeyText;
      readonly rule: string;
    };
