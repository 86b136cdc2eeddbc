import type { Json, OwnerReference } from '../objects/json.ts';
import type { KeyText, ResourceName, Uid } from '../objects/key.ts';
import type { UidForm } from '../objects/uid-text.ts';
import type { Edit } from './edit.ts';
import type { OmitRule, ReadyRule } from './language.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A rule that fired: its code, why, and the sentence for this object. */
export interface Fired {
  readonly code: string;
  readonly why: string;
}

/** What knowledge says becomes of one captured object, looking at it alone. */
export type Treatment =
  | { readonly kind: 'restore' }
  /** The target mints it; `paths` are what people had written into it (none: nothing to do). */
  | { readonly kind: 'merge'; readonly paths: readonly string[]; readonly rule: Fired }
  | {
      readonly kind: 'omit';
      readonly origin: OmitRule['origin'];
      readonly rule: Fired;
      readonly boundToo: boolean;
      readonly report: boolean;
    };

/** A value that is written otherwise first. `captured` undefined: the field was absent, and goes again. */
export interface Later {
  readonly path: string;
  readonly value: Json;
  readonly captured: Json | undefined;
  readonly until: 'bound' | 'status' | 'released';
  readonly rule: Fired;
}
export interface Reference {
  readonly to: KeyText;
  readonly kind: 'refers' | 'binds' | 'provisions';
  readonly strength: 'hard' | 'soft';
  readonly path: string;
  readonly rule: Fired;
}
/** A UID of another captured object that gets a second copy, or a rewrite. */
export interface UidUse {
  readonly path: string;
  readonly place: 'value' | 'key';
  readonly uid: Uid;
  readonly form: UidForm;
  readonly action: 'rewrite' | 'copy';
  readonly rule: Fired;
}
export interface Remark {
  readonly severity: 'danger' | 'warning' | 'note';
  readonly code: string;
  readonly sentence: string;
}

/**
 * One captured object without its body: what planning needs, at most a few hundred bytes.
 * Everything that most objects lack is in `more`, which most objects do not have.
 */
export interface SurveyedObject {
  readonly row: number;
  readonly key: KeyText;
  readonly resource: ResourceName;
  readonly group: string;
  /** The captured version. */
  readonly version: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: Uid;
  readonly digest: string;
  /** Had a deletionTimestamp. */
  readonly terminating: boolean;
  readonly selected: boolean;
  readonly treatment: Treatment;
  /** The system whose member it is; what members own is found by the graph. */
  readonly system: string | undefined;
  readonly owners: readonly OwnerReference[];
  readonly references: readonly Reference[];
  /** Removals and settings that knowledge asks for, at concrete pointers. */
  readonly edits: readonly Edit[];
  readonly status: 'leave' | 'inline' | 'after';
  /** `none`: it has no managed fields. `apply`: some entry was written by server-side apply. */
  readonly fields: 'none' | 'update' | 'apply';
  readonly more: More | undefined;
}
export interface More {
  readonly laters?: readonly Later[];
  readonly uses?: readonly UidUse[];
  readonly yields?: readonly { readonly path: string; readonly rule: Fired }[];
  readonly ignoring?: readonly string[];
  readonly remarks?: readonly Remark[];
  readonly judges?: 'namespace' | 'cluster';
  readonly backend?: { readonly services: readonly KeyText[]; readonly urls: readonly string[]; readonly rule: Fired };
  readonly ready?: readonly {
    readonly ready: ReadyRule;
    readonly needsKubelet: boolean;
    readonly system: string;
    readonly rule: Fired;
  }[];
  readonly external?: { readonly path: string; readonly value: Json; readonly system: string };
  readonly data?: Fired;
  readonly whole?: { readonly parts: readonly KeyText[]; readonly makers: readonly KeyText[]; readonly rule: Fired };
  /** Written before its controller, which finds it. */
  readonly foundByOwner?: Fired;
  /** Of a PersistentVolume: the claim that its claimRef names. */
  readonly claim?: KeyText;
  /** It runs a system's controllers; `replicas` is the true number. */
  readonly workload?: { readonly system: string; readonly replicas: number };
  /** It is a webhook configuration of a system. */
  readonly webhookOf?: string;
  /** List items that go when what they name is omitted. */
  readonly unlists?: readonly { readonly path: string; readonly to: KeyText; readonly rule: Fired }[];
}

export interface Survey {
  /** Index is the row. */
  readonly objects: readonly SurveyedObject[];
  readonly byKey: ReadonlyMap<KeyText, number>;
  /** UIDs in lower case. */
  readonly byUid: ReadonlyMap<string, number>;
  readonly vocabulary: Vocabulary;
}
