import type { Json, JsonObject, KubeObject } from '../objects/json.ts';
import type { ResourceName, Uid } from '../objects/key.ts';

/** One served resource of one group-version. Subresources (`pods/log`) are told by name only. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  /** Plural, as in the URL. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
  readonly categories: readonly string[];
}

/** A group-version that discovery names but that did not answer (a dead aggregated API). */
export interface DeadGroup {
  readonly group: string;
  readonly version: string;
  readonly why: string;
}

export interface Discovery {
  /** Every served version of every resource. */
  readonly resources: readonly ServedResource[];
  /** Versions of a group in the server's order of preference; the first is preferred. */
  readonly preferred: Readonly<Record<string, readonly string[]>>;
  readonly dead: readonly DeadGroup[];
}

/** How the server said no: its Status, or what stands for one when the body was not a Status. */
export interface Rejection {
  readonly kind: 'rejected';
  /** HTTP status. */
  readonly status: number;
  /** `AlreadyExists`, `Conflict`, `Invalid`, `Expired`, ...; '' when the server gave none. */
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly { readonly field: string; readonly reason: string; readonly message: string }[];
  /** Seconds, from Retry-After or the Status. */
  readonly retryAfter?: number;
}
export interface Accepted {
  readonly kind: 'accepted';
  /** HTTP status: 200, 201, 202. */
  readonly status: number;
  readonly object: KubeObject;
  /** `Warning` headers of the answer. */
  readonly warnings: readonly string[];
}
/** What a write or a read of one object came to. Loss of the connection throws a Fault instead. */
export type Answer = Accepted | Rejection;

/** The URL of an object: version is a served one. */
export interface ObjectAddress {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
}
export type CollectionAddress = Omit<ObjectAddress, 'name'>;

export interface WriteOptions {
  /** Default `seaworthy`; never begins with `kubectl` (lab 9: Flux strips what such managers wrote). */
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  /** Default `Strict`: a field that the schema would drop is refused. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  readonly subresource?: 'status';
  readonly signal?: AbortSignal;
}

export type Patch =
  | { readonly kind: 'merge'; readonly body: JsonObject }
  | { readonly kind: 'json'; readonly body: readonly JsonObject[] }
  | { readonly kind: 'apply'; readonly body: JsonObject; readonly force: boolean };

export interface DeletePreconditions {
  /** Required: a delete never goes out without the UID of what is meant. */
  readonly uid: Uid;
  readonly resourceVersion?: string;
}

/** One item of a list as bytes: exactly what the server sent for it. Valid until the callback returns: copy to keep. */
export interface RawItem {
  readonly bytes: Uint8Array;
  /** From `metadata` of the item, found without parsing the rest. */
  readonly name: string;
  readonly namespace: string | undefined;
  readonly uid: string;
  readonly resourceVersion: string;
}

export interface ListOptions {
  /** Items a page; default 500. */
  readonly limit?: number;
  /** With `exact`, every page is of this revision; otherwise the newest. */
  readonly revision?: { readonly exact: string };
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** `metadata` asks for PartialObjectMetadata. */
  readonly shape?: 'full' | 'metadata';
  /** Ends with the first page: with `limit: 1` a cheap count, see `announced`. */
  readonly firstPageOnly?: boolean;
  readonly signal?: AbortSignal;
}
export interface ListEnd {
  /** `metadata.resourceVersion` of the first page; '' when the server gave none. */
  readonly revision: string;
  readonly items: number;
  readonly bytes: number;
  /**
   * How many items the list has, as the first page told: its items and its `remainingItemCount`, or its items alone when it was the only page.
   * Absent when there were more pages and the server did not say.
   */
  readonly announced?: number;
  /** `apiVersion` and `kind` of the list, e.g. `v1`, `ConfigMapList`: built-in items carry neither. */
  readonly apiVersion: string;
  readonly kind: string;
}
/** `expired`: 410 on the first page or between pages (the items already given are void). */
export type ListOutcome =
  | { readonly kind: 'complete'; readonly end: ListEnd }
  | { readonly kind: 'expired' }
  | Rejection;

export type WatchEvent =
  | { readonly kind: 'added' | 'modified' | 'deleted'; readonly object: KubeObject }
  | { readonly kind: 'bookmark'; readonly revision: string; readonly initialEventsEnd: boolean }
  | { readonly kind: 'expired' }
  | { readonly kind: 'failed'; readonly rejection: Rejection };

export interface WatchOptions {
  readonly fromRevision?: string;
  readonly sendInitialEvents?: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface ServerVersion {
  readonly gitVersion: string;
  readonly major: string;
  readonly minor: string;
}

export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/**
 * One Kubernetes API.
 *
 * - 429 and 503 with Retry-After are obeyed inside (bounded by `patience`), and reported through `onThrottle`.
 * - A read is retried on loss of the connection; a write never is: the caller gets `CONNECTION-LOST` and must look.
 * - After `pin(uid)` no write leaves over a connection on which the fingerprint was not read since it was made;
 *   a different fingerprint throws `WRONG-CLUSTER`, at that write and ever after.
 * - Answers that are no JSON, cut short or of the wrong type throw `MALFORMED-ANSWER`; memory stays bounded.
 */
export interface Cluster {
  /** For people: context and server, no credentials. */
  readonly name: string;
  version(): Promise<ServerVersion>;
  /** UID of `kube-system`. */
  fingerprint(): Promise<Uid>;
  pin(fingerprint: Uid): void;
  /** Asked anew each time; aggregated discovery where the server has it, else legacy. */
  discovery(): Promise<Discovery>;
  /** Gives every item as raw bytes, page by page, in the server's order. */
  list(
    at: CollectionAddress,
    onItem: (item: RawItem) => void | Promise<void>,
    options?: ListOptions,
  ): Promise<ListOutcome>;
  get(at: ObjectAddress, options?: { signal?: AbortSignal }): Promise<Answer>;
  create(at: CollectionAddress, body: Json | Uint8Array, options?: WriteOptions): Promise<Answer>;
  /** `preconditions.uid` is written into the patch body, so that another object of that name answers 409. */
  patch(at: ObjectAddress, patch: Patch, preconditions: { uid: Uid }, options?: WriteOptions): Promise<Answer>;
  replace(at: ObjectAddress, body: Json, options?: WriteOptions): Promise<Answer>;
  delete(
    at: ObjectAddress,
    preconditions: DeletePreconditions,
    options?: WriteOptions & { propagation?: 'Background' | 'Foreground' | 'Orphan' },
  ): Promise<Answer>;
  watch(at: CollectionAddress, options?: WatchOptions): AsyncIterable<WatchEvent>;
  /** SelfSubjectAccessReview: whether the server would allow it, and its reason. */
  mayI(question: AccessQuestion): Promise<{ readonly allowed: boolean; readonly reason: string }>;
  close(): Promise<void>;
}

/** The full resource name of a served resource. */
export type { ResourceName };
