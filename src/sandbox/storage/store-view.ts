import type { KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';

/** The store as it is, in storage versions, for who looks at other objects besides the one in hand. */
export interface StoreView {
  get(resource: ResourceName, namespace: string | undefined, name: string): KubeObject | undefined;
  /** All namespaces when `namespace` is undefined. Do not keep or change what is given. */
  list(resource: ResourceName, namespace?: string): Iterable<KubeObject>;
}
