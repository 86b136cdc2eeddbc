import type { JsonObject, KubeObject, MutableJsonObject } from '../../objects/json.ts';
import type { User } from '../access/user.ts';
import type { AdmissionPlugin } from '../admission/plugin.ts';
import type { Clock } from '../clock.ts';
import type { FieldType } from '../schema/field-type.ts';
import type { Problem } from '../status/problem.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { StoreView } from '../storage/store-view.ts';
import type { Catalog } from './catalog.ts';
import type { ServedKind } from './served-kind.ts';

/** What one write says about itself to the managed fields. */
export interface FieldsOfWrite {
  readonly kind: ServedKind;
  readonly type: FieldType;
  /** `apps/v1`, of the request. */
  readonly apiVersion: string;
  readonly manager: string;
  readonly subresource: string | undefined;
  readonly now: number;
}

/** Patches by kind and the ownership of fields. */
export interface Fields {
  /** `next.metadata.managedFields` afterwards say who owns what; `before` is undefined on a create. In place. */
  record(next: MutableJsonObject, before: KubeObject | undefined, write: FieldsOfWrite): void;
  /** What `before` becomes by a strategic merge patch; nothing given is changed. */
  strategic(before: JsonObject, patch: JsonObject, type: FieldType): MutableJsonObject;
  /** Server-side apply; refuses with 409 and the conflicts. `before` is undefined when there is no such object. */
  apply(
    before: KubeObject | undefined,
    configuration: JsonObject,
    write: FieldsOfWrite & { readonly force: boolean },
  ): MutableJsonObject;
}

/** What decoding does to a body of a built-in kind, in place; gives what strict decoding complains about. */
export interface Decoding {
  /** Throws what is wrong in its types as an Error whose message is Go's. */
  decode(body: MutableJsonObject, kind: ServedKind, version: string): readonly string[];
  /** After a patch: the same without complaints. */
  complete(body: MutableJsonObject, kind: ServedKind, version: string): void;
}

/** One question to the authorizer. */
export interface Permission {
  readonly user: User;
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** The parts that the verbs work with. */
export interface ServerParts {
  readonly store: ObjectStore;
  readonly view: StoreView;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly fields: Fields;
  readonly decoding: Decoding;
  typeOf(kind: ServedKind, version: string): FieldType;
  readonly admission: readonly AdmissionPlugin[];
  /** Throws a 403 `Refusal` unless the user may. */
  authorize(permission: Permission): void;
  /** Problems of metadata that are the same for all kinds. */
  metadataProblems(next: KubeObject, kind: ServedKind): readonly Problem[];
  /** What of it may not change so. */
  metadataChanges(next: KubeObject, before: KubeObject): readonly Problem[];
  random(): number;
  newUid(): string;
}
