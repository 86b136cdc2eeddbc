import type { Json, JsonObject, KubeObject, MutableJsonObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import type { Problem } from '../../status/problem.ts';
import type { FieldType } from '../field-type.ts';

/** The paths of `subresources.scale`, as the definition writes them (`.spec.replicas`). */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** One column of a Table, as `columnDefinitions` lists it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

/** How Tables of a version look: the columns, the first of which is Name, and the cells of one object. */
export interface Columns {
  readonly definitions: readonly Column[];
  /** `now` (ms) is for columns of type date, which show an age. */
  cells(object: KubeObject, now: number): readonly Json[];
}

/** One version of a custom kind as discovery shows it. */
export interface CustomVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  /** The `Warning` header of every answer in this version. */
  readonly deprecation: string | undefined;
}

/**
 * One custom resource that is served: everything between a request and the store that its definition decides. Versions
 * are named as in the API; one that does not exist is a defect of the caller. A new `CustomKind` is made whenever the
 * spec of the definition changes, so nobody should keep one across requests.
 */
export interface CustomKind {
  /** As stored, with its conditions. */
  readonly definition: KubeObject;
  readonly resource: ResourceName;
  readonly group: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly storageVersion: string;
  /** All versions, served or not, in the order of their priority (v2 before v1 before v1beta1). */
  readonly versions: readonly CustomVersion[];
  /** Established, hence part of discovery. */
  readonly established: boolean;
  /** The definition is being deleted: a create is 403 `create not allowed while custom resource definition is terminating`. */
  readonly terminating: boolean;
  /** Verbs of discovery; fewer while the definition is terminating. */
  readonly verbs: readonly string[];

  version(name: string): CustomVersion | undefined;
  typeOf(version: string): FieldType;
  hasStatus(version: string): boolean;
  scale(version: string): ScalePaths | undefined;
  columns(version: string): Columns;
  /** Field labels that a selector may use besides metadata.name and metadata.namespace (`spec.color`). */
  selectable(version: string): SelectableFields;

  /**
   * What decoding does to a body, in place: prunes, drops nulls that may not be, normalises metadata of embedded
   * resources, fills in defaults. Gives the unknown fields as paths (`spec.colour`) in the server's order: each is the
   * strict error or the warning `unknown field "spec.colour"`. Throws an Error with Go's words when metadata has wrong
   * types, which a request is answered with after `... cannot be handled as a ...: `. What was applied is not read again:
   * it keeps its nulls, for validation to find.
   */
  decode(body: MutableJsonObject, version: string, keepNulls?: boolean): readonly string[];
  /** The same for a result of a patch or an apply: defaults again, no report. */
  complete(body: MutableJsonObject, version: string): void;

  /** Drops the status if it has a subresource; generation 1. */
  prepareCreate(object: MutableJsonObject, version: string): void;
  /** Keeps the status if it has a subresource; counts the generation when anything but metadata changed. */
  prepareUpdate(next: MutableJsonObject, before: KubeObject, version: string): void;
  /** Of /status: only the status (and managed fields) is new. */
  prepareStatus(next: MutableJsonObject, before: KubeObject, version: string): void;

  /**
   * All problems in the server's order. `ofMetadata`: what the validation of metadata, which is the same for all kinds,
   * found (names are DNS subdomains); it is put where the server puts it, and decides with the rest whether rules run.
   */
  validateCreate(object: KubeObject, version: string, ofMetadata?: readonly Problem[]): readonly Problem[];
  validateUpdate(
    next: KubeObject,
    before: KubeObject,
    version: string,
    ofMetadata?: readonly Problem[],
  ): readonly Problem[];
  validateStatus(
    next: KubeObject,
    before: KubeObject,
    version: string,
    ofMetadata?: readonly Problem[],
  ): readonly Problem[];
  /** Finalizers with doubtful names that were added: `Warning` headers of a create or an update. */
  warnings(next: KubeObject, before?: KubeObject): readonly string[];
  /** What rules said of an object that was validated just now, and of what it was before as well: warnings. */
  ratcheted(next: KubeObject, version: string): readonly string[];

  /**
   * Objects of any versions in another one, in the same order, completed by that version's defaults; those that already
   * are in it are given back as they are when it has no defaults. Given objects are not changed. Rejects with a
   * `Refusal` (500 `conversion webhook for ... failed: ...`).
   */
  convert(objects: readonly KubeObject[], toVersion: string): Promise<readonly KubeObject[]>;
  /** True when objects of that version can be had without a webhook: `convertSync` works. */
  convertsWithoutWebhook(fromVersion: string, toVersion: string): boolean;
  /** One object without a webhook; for watches and lists, where most objects need no conversion at all. */
  convertSync(object: KubeObject, toVersion: string): KubeObject;
}

/** The fields of a version that selectors may name. */
export interface SelectableFields {
  readonly labels: readonly string[];
  values(object: KubeObject): Readonly<Record<string, string>>;
}

/** The way out for conversion webhooks: sends the review and gives the parsed answer. */
export interface ConversionCall {
  /** Full address with the timeout as query: `https://name.namespace.svc:443/convert?timeout=30s`. */
  readonly url: string;
  /** The service that `url` names, when the definition gives a service and not an address. */
  readonly service?: { readonly namespace: string; readonly name: string; readonly port: number };
  /** Base64 of PEM, as the definition holds it. */
  readonly caBundle?: string;
  readonly timeoutMs: number;
  readonly review: JsonObject;
}

/**
 * Rejects with an Error whose message is what Go's HTTP client says: `Post "URL": dial tcp 127.0.0.1:1: connect:
 * connection refused`, `Post "URL": service "x" not found`, or for a bad status the text of the answer.
 */
export type ConversionCaller = (call: ConversionCall) => Promise<unknown>;
