import type { Answer } from '../../cluster/port.ts';
import type { JsonObject, KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import type { User } from '../access/user.ts';
import type { StoreChange } from '../storage/store.ts';
import type { StoreView } from '../storage/store-view.ts';

export interface ObjectAt {
  readonly resource: ResourceName;
  /** Served version; default: the storage version. */
  readonly version?: string;
  readonly namespace?: string;
  readonly name: string;
}
export interface WriteAs {
  readonly user: User;
  /** Field manager of the write. */
  readonly manager: string;
  readonly subresource?: string;
  readonly dryRun?: boolean;
}
export type ObjectPatch =
  | { readonly kind: 'merge'; readonly body: JsonObject }
  | { readonly kind: 'strategic'; readonly body: JsonObject }
  | { readonly kind: 'json'; readonly body: readonly JsonObject[] }
  | { readonly kind: 'apply'; readonly body: JsonObject; readonly force: boolean };

/**
 * The API server as a controller inside the process sees it: reads look straight at the store (the cache of an informer
 * that is never behind); writes go the whole way of a request: permission, defaults, admission, validation, store.
 */
export interface ObjectApi extends StoreView {
  byUid(uid: string): KubeObject | undefined;
  create(at: Omit<ObjectAt, 'name'>, body: JsonObject, as: WriteAs): Promise<Answer>;
  /** PUT; `as.subresource: 'status'` for the status. */
  update(at: ObjectAt, body: JsonObject, as: WriteAs): Promise<Answer>;
  patch(at: ObjectAt, patch: ObjectPatch, as: WriteAs): Promise<Answer>;
  delete(
    at: ObjectAt,
    as: WriteAs & {
      readonly uid?: string;
      readonly resourceVersion?: string;
      readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
      readonly graceSeconds?: number;
    },
  ): Promise<Answer>;
  /** Every change of the store in order, at once, in the storage version; returns the unsubscribe. */
  subscribe(listener: (change: StoreChange) => void): () => void;
  /** The resources that are served now. */
  serves(resource: ResourceName): boolean;
}
