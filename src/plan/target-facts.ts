import type { KeyText, Uid } from '../objects/key.ts';

/** A resource as the target serves it: every version, preferred first. */
export interface TargetResource {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly versions: readonly string[];
  readonly verbs: readonly string[];
  readonly hasStatus: boolean;
}

/** An object of the target whose key is also in the point. */
export interface ExistingObject {
  readonly uid: Uid;
  readonly terminating: boolean;
  /** UIDs of its owners as they stand in the target. */
  readonly owners: readonly Uid[];
  /** A completed run of ours brought it back: it is the captured object, whatever operators have made of it since. */
  readonly ours?: boolean;
  /** A run of ours wrote it last and never gave its captured managed fields back: the rest of its writes is still to be done. */
  readonly unfinished?: boolean;
  /** Whether content over the planned fields is equal; `differs` names up to five pointers. Owners are compared while planning. */
  readonly content: { readonly kind: 'equal' } | { readonly kind: 'differs'; readonly paths: readonly string[] };
}

/** A workload of a known operator that lives in the target, found by the labels that `knowledge/` gives. */
export interface LivingWorkload {
  readonly system: string;
  readonly key: KeyText;
  readonly version: string;
  readonly kind: string;
  readonly uid: Uid;
  readonly replicas: number;
}
export interface LivingWebhook {
  readonly system: string;
  readonly key: KeyText;
  readonly version: string;
  readonly kind: string;
  readonly uid: Uid;
}

/** Everything that planning knows of the target; plain data, made by `recover/survey`. */
export interface TargetFacts {
  readonly fingerprint: Uid;
  readonly name: string;
  readonly version: string;
  readonly resources: readonly TargetResource[];
  readonly existing: ReadonlyMap<KeyText, ExistingObject>;
  readonly workloads: readonly LivingWorkload[];
  readonly webhooks: readonly LivingWebhook[];
  /** Captured fields that a CRD of the target would drop, by object: up to five pointers. */
  readonly droppedFields: ReadonlyMap<KeyText, readonly string[]>;
}
