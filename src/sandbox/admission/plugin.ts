import type { KubeObject, MutableJsonObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import type { User } from '../access/user.ts';
import type { WriteContext } from '../kinds/kind-rules.ts';

/** One write as admission sees it. Refuse by throwing a `Refusal`. */
export interface Attempt {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly resource: ResourceName;
  readonly group: string;
  /** Of the request, not of the store. */
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  /** '' on a create with generateName. */
  readonly name: string;
  /** The new object; undefined on DELETE. Only `mutate` may change it. */
  readonly object: MutableJsonObject | undefined;
  /** The stored object; undefined on CREATE. */
  readonly before: KubeObject | undefined;
  readonly user: User;
  readonly dryRun: boolean;
  /** The options object of the verb, as a webhook sees it. */
  readonly options: MutableJsonObject;
  readonly context: WriteContext;
}

/** One admission plugin. Mutating ones run first, all of them, then the validating ones, in the order of the chain. */
export interface AdmissionPlugin {
  readonly name: string;
  mutate?(attempt: Attempt): void | Promise<void>;
  validate?(attempt: Attempt): void | Promise<void>;
}
