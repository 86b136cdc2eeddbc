import type { Cluster } from '../cluster/port.ts';
import type { KubeObject } from '../objects/json.ts';
import type { KeyText, ResourceName } from '../objects/key.ts';
import type { RunTime } from '../recover/run-time.ts';

/** One change on the stage. Of a deletion, `object` is the last state. */
export interface SeenChange {
  readonly kind: 'added' | 'modified' | 'deleted';
  readonly key: KeyText;
  readonly object: KubeObject;
  readonly before?: KubeObject;
  /** The controller that made it, as the real one is named; absent: it came by a request, so the recovery made it. */
  readonly by?: string;
}

/** A thing outside the cluster, by what kind of thing it is and how it is named there. */
export interface OutsideThing {
  readonly kind: string;
  readonly id: string;
}
/** What happened outside since the stage was set. */
export interface Outside {
  readonly created: readonly OutsideThing[];
  readonly deleted: readonly OutsideThing[];
  /** Things that serve the same purpose, where at least one was created now: paid for twice. */
  readonly twice: readonly (readonly OutsideThing[])[];
}

export type SecretLookup = (namespace: string, name: string) => Promise<KubeObject | undefined>;

/** `acts`: a model acted on such objects. `idle`: there is a model, and nothing on the stage ever ran it. `none`: there is no model. */
export type Acting = 'acts' | 'idle' | 'none';

/** Everything that a rehearsal needs of the place where it happens: a cluster, its time, its witnesses and its outside. */
export interface Stage {
  readonly cluster: Cluster;
  readonly time: RunTime;
  /** How it began. */
  readonly began: 'empty' | 'like the target';
  /** Whether Pods become ready. */
  readonly nodes: boolean;
  /** Tells every change from now on, in order, at once; gives the unsubscribe. */
  onChange(listener: (change: SeenChange) => void): () => void;
  /** Whether an object of this UID exists now. */
  lives(uid: string): boolean;
  /** Work beside the cluster that the recovery waits for: time stands still meanwhile. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Who acts on objects of a resource for a system of knowledge. */
  acting(system: string, resource: ResourceName): Acting;
  /** Why nobody here can know what becomes of an object of the system; undefined: it is known. */
  unknown(system: string, object: KubeObject): string | undefined;
  /** Says that what a captured object names outside exists; its passwords stand in captured Secrets. */
  standsOutside(system: string, object: KubeObject, secretOf: SecretLookup): Promise<void>;
  outside(): Outside;
  /** Webhooks that would have been asked and were not, because they live outside of the stage. */
  webhooksNotAsked(): readonly string[];
  /** Objects of the target that the stage could not take over, by resource or kind. */
  leftOut(): ReadonlyMap<string, number>;
  /** Writes of the recovery so far, by resource. */
  writes(): ReadonlyMap<ResourceName, number>;
  /** Milliseconds that went by while nothing was being written: waiting. */
  waited(): number;
}
