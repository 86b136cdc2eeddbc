import type { KubeObject, MutableJsonObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import type { Problem } from '../status/problem.ts';
import type { StoreView } from '../storage/store-view.ts';

/** Objects that the server itself keeps beside another one (IPAddresses of Services, Endpoints of a deleted Service). */
export interface SideObjects {
  /** Stores it without admission or rules; metadata is filled in (uid, time). Nothing happens when the name is taken. */
  create(resource: ResourceName, object: MutableJsonObject): void;
  /** Nothing happens when it is not there. */
  remove(resource: ResourceName, namespace: string | undefined, name: string): void;
}

/** Circumstances of one write. */
export interface WriteContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly dryRun: boolean;
  readonly store: StoreView;
  /** 0 <= x < 1, seeded. */
  random(): number;
  newUid(): string;
  /** A `Warning` header of the answer. */
  warn(text: string): void;
  /** Only in `afterCreate`, `afterUpdate` and `afterDelete`; absent where the holder keeps no side objects. */
  readonly side?: SideObjects;
}

/** How an update that comes in through a subresource is made and checked. */
export interface SubresourceRules {
  /** Puts back what it may not change. */
  prepare(next: MutableJsonObject, before: KubeObject, context: WriteContext): void;
  validate(next: KubeObject, before: KubeObject, context: WriteContext): readonly Problem[];
}

/**
 * What is special of one built-in resource; every member is optional, and a resource without rules behaves as a plain
 * one with a status subresource only if discovery says so. Bodies are of the storage version and may be changed in place.
 */
export interface KindRules {
  readonly resource: ResourceName;
  /** Fills in what the real server fills in when it decodes (and when it reads from the store). */
  defaults?(object: MutableJsonObject): void;
  /** `metadata.generation` counts changes of the spec; default: true for kinds with `spec` and a status subresource. */
  readonly generation?: boolean;
  /** PUT without resourceVersion: default allowed. */
  readonly unconditionalUpdate?: boolean;
  /** PUT to a missing name creates: default no. */
  readonly createOnUpdate?: boolean;
  /** Before validation of a create: drops what a client may not set (status), allocates, derives. */
  prepareCreate?(object: MutableJsonObject, context: WriteContext): void;
  /** Before validation of an update of the main resource: puts back what a client may not change. */
  prepareUpdate?(next: MutableJsonObject, before: KubeObject, context: WriteContext): void;
  /** Before validation of an update of /status (after spec, metadata were put back). */
  prepareStatus?(next: MutableJsonObject, before: KubeObject, context: WriteContext): void;
  /** What an update of /status leaves as it was in the metadata; default: nothing. */
  readonly statusKeeps?: 'labels' | 'metadata';
  /** Updates of subresources that are neither status nor scale: `ephemeralcontainers`, `approval`. */
  readonly subresources?: Readonly<Record<string, SubresourceRules>>;
  validateCreate?(object: KubeObject, context: WriteContext): readonly Problem[];
  validateUpdate?(next: KubeObject, before: KubeObject, context: WriteContext): readonly Problem[];
  validateStatus?(next: KubeObject, before: KubeObject, context: WriteContext): readonly Problem[];
  /** After the write is in the store (allocations, dependent objects); not called on dry run. */
  afterCreate?(object: KubeObject, context: WriteContext): void;
  afterUpdate?(next: KubeObject, before: KubeObject, context: WriteContext): void;
  afterDelete?(object: KubeObject, context: WriteContext): void;
  /** Values of the field labels that a fieldSelector may use, besides metadata.name and metadata.namespace. */
  selectable?(object: KubeObject): Readonly<Record<string, string>>;
  /** Seconds of grace when the delete names none: default 0 (gone at once). Pods: 30. */
  graceSeconds?(object: KubeObject): number;
  /** Default propagation; only Jobs and ReplicationControllers in old versions differ from background. */
  readonly defaultPropagation?: 'Background' | 'Orphan';
}
