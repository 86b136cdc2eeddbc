import type { KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';

/** One version of one object in the store. `object.metadata.resourceVersion` is `revision`. Never changed in place. */
export interface Stored {
  readonly resource: ResourceName;
  /** Namespace and name as the store orders them: `namespace/name`, or `name` for cluster scope. */
  readonly key: string;
  readonly object: KubeObject;
  readonly revision: number;
}

/** One committed change. Of a deletion, `now` is the last state with the deletion's revision. */
export type StoreChange =
  | { readonly kind: 'added'; readonly now: Stored }
  | { readonly kind: 'modified'; readonly now: Stored; readonly before: Stored }
  | { readonly kind: 'deleted'; readonly now: Stored; readonly before: Stored };
