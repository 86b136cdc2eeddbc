import type { Json } from '../objects/json.ts';
import type { ResourceName } from '../objects/key.ts';

/**
 * The language in which a system is described: typed, serialisable data, so that a user's YAML rules can say the same.
 * Paths are JSON pointers; in patterns `*` stands for one segment and `**` for any number.
 */

/** A claim about one object's body. */
export type Where =
  | { readonly kind: 'has'; readonly path: string }
  | { readonly kind: 'equals'; readonly path: string; readonly value: Json }
  /** The string at `path` matches the regular expression `pattern` (unanchored). With a `*` in the path: any of them. */
  | { readonly kind: 'matches'; readonly path: string; readonly pattern: string }
  /** `status.conditions` holds `type` with this `status`. */
  | { readonly kind: 'condition'; readonly type: string; readonly status: string }
  /** The RFC 3339 time at `path` is later than each of those that stand at `than`. */
  | { readonly kind: 'newer'; readonly path: string; readonly than: readonly string[] }
  | { readonly kind: 'not'; readonly of: Where }
  | { readonly kind: 'all'; readonly of: readonly Where[] }
  | { readonly kind: 'any'; readonly of: readonly Where[] };

/** Readiness is a claim about the living object. */
export type ReadyRule = Where;

/** Which objects a rule speaks of; all of its parts must hold. An empty pick is a defect: a test refuses it. */
export interface Pick {
  /** Full resource names. */
  readonly resources?: readonly ResourceName[];
  /** A group, or with a leading dot all groups that end so (`.crossplane.io`). */
  readonly groups?: readonly string[];
  /** `spec.names.categories` of the CustomResourceDefinition holds it. */
  readonly category?: string;
  /** Some owner of the captured graph (by UID) is picked by this. */
  readonly ownedBy?: Pick;
  /** Has an owner of the captured graph as its controller. */
  readonly controlled?: boolean;
  readonly where?: Where;
}

/** What every rule carries: `code` is stable and appears in plans; `why` is the reason, with its source (`lab 8`). */
interface RuleBase {
  readonly on: Pick;
  readonly code: string;
  readonly why: string;
}

/** The object is not written: something else brings it back, or its creation would be an act. */
export interface OmitRule extends RuleBase {
  readonly kind: 'omit';
  readonly origin: 'controller' | 'target' | 'database' | 'volume' | 'nowhere';
  /** What is bound to it is omitted too (the PersistentVolume of an omitted claim). */
  readonly boundToo?: true;
  /** Those that refer to it are reported. */
  readonly report?: 'referrers';
}
/** The target makes the object by itself; leaves that a manager outside `by` owns are merged into it. */
export interface MintedRule extends RuleBase {
  readonly kind: 'minted';
  readonly by: readonly string[];
  /** Minted without any field: the server then keeps no managed fields, and whatever stands in it people wrote. */
  readonly empty?: true;
  /** Leaves that only the target may say, whoever wrote them. */
  readonly except?: readonly string[];
}
/** The field is not written. */
export interface RemoveRule extends RuleBase {
  readonly kind: 'remove';
  readonly path: string;
  /** Only where the string there matches. */
  readonly matching?: string;
}
/** Written with another value first; the captured value returns when it can do no harm. */
export interface LaterRule extends RuleBase {
  readonly kind: 'later';
  readonly path: string;
  readonly value: Json;
  /** `bound`: the volume is Bound. `status`: its status is written. `released`: everything is verified. */
  readonly until: 'bound' | 'status' | 'released';
}
/** Whether the captured status is written. */
export interface StatusRule extends RuleBase {
  readonly kind: 'status';
  readonly keep: boolean;
}
/** What becomes of a UID that stands at `path` of a picked object (`place` key: in a map key) and names an object picked by `of`. */
export interface MentionRule extends RuleBase {
  readonly kind: 'mention';
  readonly path: string;
  readonly of?: Pick;
  readonly action: 'rewrite' | 'copy' | 'keep' | 'drop';
}
/** The value is kept where the target has it free, given up and reported where not. */
export interface YieldRule extends RuleBase {
  readonly kind: 'yield';
  readonly path: string;
}
/** The value at `path` names another object. */
export interface RefersRule extends RuleBase {
  readonly kind: 'refers';
  /** To a string (a name), or to an object with `name` and perhaps `apiVersion` or `apiGroup`, `kind`, `namespace`. */
  readonly path: string;
  /** Absent: by the `kind` and the `apiVersion` or `apiGroup` that stand there. */
  readonly to?: ResourceName;
  /** `hard`: without the other this one is not written. */
  readonly strength: 'hard' | 'soft';
}
/** Judges other objects' creation: comes after all objects of its namespace, or of the cluster. */
export interface JudgesRule extends RuleBase {
  readonly kind: 'judges';
  readonly scope: 'namespace' | 'cluster';
}
/** Useless and harmful without a living backend: written only when the Services at these pointers have ready endpoints. */
export interface BackendRule extends RuleBase {
  readonly kind: 'backend';
  readonly paths: readonly string[];
}
export interface ReadyRuleOf extends RuleBase {
  readonly kind: 'ready';
  readonly ready: ReadyRule;
  /** True when it can come true only with running Pods: `not run` where no node is ready. */
  readonly needsKubelet: boolean;
}
/** The value at `path` names a thing outside the cluster: verified equal, and the objects are counted. */
export interface ExternalRule extends RuleBase {
  readonly kind: 'external';
  readonly path: string;
}
export interface HazardRule extends RuleBase {
  readonly kind: 'hazard';
  readonly severity: 'danger' | 'warning' | 'note';
}
/** An object and those it lists belong together: when one of the list cannot come back, the whole is withheld. */
export interface WholeRule extends RuleBase {
  readonly kind: 'whole';
  /** Patterns to object references (`apiVersion`, `kind`, `name`, perhaps `namespace`) of the parts. */
  readonly parts: readonly string[];
  /** Patterns to references of objects that would make this one anew (the claim). */
  readonly makers: readonly string[];
}
/** Holds data that is not in its object: the check `data` is `not run`, and the release asks for consent. */
export interface DataRule extends RuleBase {
  readonly kind: 'data';
}
/** Does not count when a living object is compared. */
export interface IgnoreRule extends RuleBase {
  readonly kind: 'ignore';
  readonly path: string;
}
/** Written before its controller, without the reference to it: the controller looks for it when it first acts, and takes it over. */
export interface FoundByOwnerRule extends RuleBase {
  readonly kind: 'found-by-owner';
}
/** Items of the list at `path` that name an omitted object of `to` are taken out. */
export interface UnlistRule extends RuleBase {
  readonly kind: 'unlist';
  readonly path: string;
  readonly to: ResourceName;
}

export type Rule =
  | OmitRule
  | MintedRule
  | RemoveRule
  | LaterRule
  | StatusRule
  | MentionRule
  | YieldRule
  | RefersRule
  | JudgesRule
  | BackendRule
  | ReadyRuleOf
  | ExternalRule
  | HazardRule
  | WholeRule
  | DataRule
  | IgnoreRule
  | UnlistRule
  | FoundByOwnerRule;

/** Which workload runs the system's controllers. */
export interface WorkloadPick {
  readonly resource: ResourceName;
  /** A label with its value; '' for any value. */
  readonly label?: { readonly name: string; readonly value: string };
  /** A regular expression that the image of some container matches. */
  readonly image?: string;
}

export interface Control {
  readonly workloads: readonly WorkloadPick[];
  /** Names of webhook configurations; those whose every rule speaks of `members`' groups belong to the system as well. */
  readonly webhooks: readonly string[];
  /**
   * The operator does not start without its webhook configurations: they are written with its release and do not wait for
   * its Pods, which would wait for them.
   */
  readonly startsWithWebhooks?: true;
}

export interface System {
  /** Appears in steps: `cnpg`. */
  readonly id: string;
  readonly title: string;
  /** Versions with which the rules were tried, and the sections of facts they come from. */
  readonly tried: readonly string[];
  readonly facts: readonly string[];
  /** What belongs to the system besides what its members own: its release waits for all of it. */
  readonly members: readonly Pick[];
  readonly rules: readonly Rule[];
  /** Absent: nothing has to be held (the built-in kinds). */
  readonly control?: Control;
}

export const system = (parts: System): System => parts;
export const resources = (...names: string[]): Pick => ({ resources: names as ResourceName[] });
export const named = (resource: string, ...names: string[]): Pick => ({
  resources: [resource as ResourceName],
  where: { kind: 'any', of: names.map((name) => ({ kind: 'equals', path: '/metadata/name', value: name })) },
});
export const ownedBy = (owner: Pick, ...names: string[]): Pick => ({
  resources: names as ResourceName[],
  ownedBy: owner,
});
