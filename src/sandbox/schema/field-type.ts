import type { Json } from '../../objects/json.ts';

/**
 * What the server knows of one place in an object: enough for strategic merge, server-side apply, unknown fields,
 * pruning. Made from the recorded OpenAPI documents for built-in kinds and from the structural schema for custom ones.
 * Types are lazy (`fields` is asked for by name), because built-in schemas refer to themselves.
 */
export type FieldType =
  | {
      readonly kind: 'scalar';
      readonly scalar: 'string' | 'number' | 'integer' | 'boolean' | 'int-or-string' | 'quantity' | 'any';
    }
  /** A struct. `atomic`: owned and merged whole. `preserve`: fields that are not named here are kept, as untyped. */
  | {
      readonly kind: 'struct';
      field(name: string): FieldType | undefined;
      readonly names: readonly string[];
      readonly atomic: boolean;
      readonly preserve: boolean;
      readonly default?: Json;
      readonly patchStrategies?: ReadonlyMap<string, StrategicRule>;
    }
  /** A map from free keys (labels, data). */
  | { readonly kind: 'map'; readonly values: FieldType; readonly atomic: boolean }
  /** `keys` only with `map`. `keyDefaults`: what a key field is when it is absent (protocol TCP). */
  | {
      readonly kind: 'list';
      readonly items: FieldType;
      readonly listType: 'atomic' | 'set' | 'map';
      readonly keys: readonly string[];
      readonly keyDefaults: Readonly<Record<string, Json>>;
    }
  /** Nothing is known below (RawExtension, x-kubernetes-preserve-unknown-fields): deduced from the value. */
  | { readonly kind: 'untyped' };

/** How strategic merge patch treats a field of a struct (x-kubernetes-patch-strategy, x-kubernetes-patch-merge-key). */
export interface StrategicRule {
  readonly strategies: readonly ('merge' | 'replace' | 'retainKeys')[];
  readonly mergeKey?: string;
}

/** Group, version, kind. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The types of all kinds that are served, built-in ones and definitions alike. */
export interface TypeBook {
  typeOf(gvk: Gvk): FieldType | undefined;
}
