import type { Edit } from '../knowledge/edit.ts';
import type { ReadyRule } from '../knowledge/language.ts';
import type { Json } from '../objects/json.ts';
import type { KeyText, Uid } from '../objects/key.ts';
import type { UidForm } from '../objects/uid-text.ts';

declare const BRAND: unique symbol;
/** `create secrets/team-a/x`, `amend ...`, `release cnpg`: the action, then the object or the name. Unique in a plan. */
export type StepId = string & { readonly [BRAND]: 'StepId' };
/** Lower-case hex SHA-256 of the plan without this field, as `planDigest` says. */
export type PlanDigest = string & { readonly [BRAND]: 'PlanDigest' };

export const PLAN_FORMAT = 'seaworthy.dev/plan/1';

/** Stages are for people; the order comes from `needs` and `after` alone. */
export const STAGES = ['hold', 'foundations', 'identity', 'data', 'workloads', 'routes', 'release'] as const;
export type Stage = (typeof STAGES)[number];

/** Why something is as it is: a stable code, and a sentence with the object's name. */
export interface Reason {
  readonly code: string;
  readonly sentence: string;
}

/** Where a step writes. `version` is served by the target. */
export interface Target {
  readonly key: KeyText;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Which bytes of the vault a step writes from. `uid` is the captured one. */
export interface Source {
  readonly kind: 'vault';
  readonly row: number;
  readonly digest: string;
  readonly uid: Uid;
}

/** One captured owner reference and what becomes of it. `index` is its place in the captured list. */
export type OwnerLink =
  /** Written with the UID that the owner's step got. `when: 'amend'` breaks a circle: a second write adds it. */
  | {
      readonly kind: 'relink';
      readonly index: number;
      readonly owner: KeyText;
      readonly was: Uid;
      readonly apiVersion: string;
      readonly when: 'create' | 'amend';
    }
  /** The owner lives in the target and is not written: its UID is known now. */
  | {
      readonly kind: 'living';
      readonly index: number;
      readonly owner: KeyText;
      readonly was: Uid;
      readonly apiVersion: string;
      readonly uid: Uid;
    }
  | {
      readonly kind: 'drop';
      readonly index: number;
      readonly owner: string;
      readonly was: Uid;
      readonly reason: Reason;
    };

/** A piece of a name that is known only when the recovery runs. */
export type NamePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'uid'; readonly of: KeyText; readonly form: UidForm };

/** What a write waits for, with a limit that the run sets. `unmet`: what the result says when it never comes. */
export type Wait =
  /** PersistentVolume: phase Bound. */
  | { readonly kind: 'bound'; readonly object: KeyText }
  /** All these Services have a ready endpoint; `urls` lie outside the cluster, where only a person can know. */
  | { readonly kind: 'backend'; readonly services: readonly KeyText[]; readonly urls: readonly string[] };

/**
 * How a created object is written: POST of the edited body without what servers set (`uid`, `resourceVersion`,
 * `creationTimestamp`, `deletionTimestamp`, `deletionGracePeriodSeconds`, `selfLink`, `managedFields`; `generateName` stays, the name is always given) and with the owners of `owners`
 * only; then `status` by /status, then the captured managed fields by a merge patch.
 */
export interface Writing {
  readonly edits: readonly Edit[];
  readonly owners: readonly OwnerLink[];
  /** `inline`: the kind has no status subresource, its status travels in the body. `after`: a second write to /status. `leave`: not written. */
  readonly status: 'leave' | 'inline' | 'after';
  /** Whether the captured managed fields are written back. */
  readonly fields: 'restore' | 'leave';
  /** Fields given up, and reported, when the target refuses their value (422 that names the field): pointers, `*` for one segment. */
  readonly yields: readonly { readonly path: string; readonly reason: Reason }[];
  /** Pointers (patterns) that do not count when a living object is compared with this one. */
  readonly ignoring: readonly string[];
}

interface StepBase {
  readonly id: StepId;
  readonly stage: Stage;
  /** Must be done before; when one fails this step is blocked. */
  readonly needs: readonly StepId[];
  /** Must have ended before, done or not. */
  readonly after: readonly StepId[];
  readonly reasons: readonly Reason[];
  /** What takes the step back. */
  readonly undo: string;
  /** The system of `knowledge/` that this belongs to. */
  readonly system?: string;
}

/** Writes an object from the vault. When it is there already with an agreeing identity it is adopted. */
export interface CreateStep extends StepBase {
  readonly kind: 'create';
  readonly target: Target;
  readonly source: Source;
  readonly writing: Writing;
  /** Not written until this holds; when it never does the object stays `withheld`. */
  readonly wait?: Wait;
}
/** The object lives in the target and agrees: nothing is written, its UID serves those it owns. */
export interface AdoptStep extends StepBase {
  readonly kind: 'adopt';
  readonly target: Target;
  readonly uid: Uid;
}
/** Writes a captured object under a second name that holds the new UID of another object. */
export interface CopyStep extends StepBase {
  readonly kind: 'copy';
  /** The object copied; `name` and `key` are the captured ones. */
  readonly target: Target;
  readonly name: readonly NamePart[];
  readonly source: Source;
  readonly writing: Writing;
}
/** The target mints the object; the leaves that people had edited are merged into it. */
export interface MergeStep extends StepBase {
  readonly kind: 'merge';
  readonly target: Target;
  readonly source: Source;
  /** JSON pointers into the captured body. A list is merged item by item, a map key by key; nothing is taken away. */
  readonly paths: readonly string[];
}
/** A later write to an object of this plan: returns what was held back. */
export interface AmendStep extends StepBase {
  readonly kind: 'amend';
  readonly target: Target;
  readonly of: StepId;
  /** `set`: the captured value returns; `remove`: the field goes. Pointers into the live object. */
  readonly edits: readonly Edit[];
  /** Owner references that the first write had to leave out; written as the whole list in captured order. */
  readonly owners: readonly OwnerLink[];
  readonly wait?: Wait;
  readonly source: Source;
}
/** An operator that runs in the target is scaled to 0 and its webhook configurations are taken away, with consent. */
export interface HoldStep extends StepBase {
  readonly kind: 'hold';
  readonly system: string;
  /** Workloads alive in the target and their replicas. Empty when the operator comes back with the plan, at 0. */
  readonly workloads: readonly { readonly target: Target; readonly uid: Uid; readonly replicas: number }[];
  readonly webhooks: readonly { readonly target: Target; readonly uid: Uid }[];
}
/** The operator acts again: its workloads get their true replicas. */
export interface ReleaseStep extends StepBase {
  readonly kind: 'release';
  readonly system: string;
  readonly workloads: readonly { readonly target: Target; readonly replicas: number }[];
  /** Webhook configurations that a hold took away come back at once: the operator does not start without them. Absent: when their backend is ready. */
  readonly webhooks?: 'at-once';
  /** Refused, and reported as withheld, until the person consents; `why` per object. */
  readonly consent?: {
    readonly flag: 'accept-empty-databases';
    readonly why: readonly { readonly key: KeyText; readonly sentence: string }[];
  };
}
/** No write: a name for the end of many steps. */
export interface BarrierStep extends StepBase {
  readonly kind: 'barrier';
  readonly name: string;
}
export type Step = CreateStep | AdoptStep | CopyStep | MergeStep | AmendStep | HoldStep | ReleaseStep | BarrierStep;

/** `git`, `controller`, ... of DESIGN 2: how an object comes back. */
export type Origin = 'git' | 'controller' | 'vault' | 'database' | 'volume' | 'target' | 'nowhere';

/** An object of the point that gets no step. `kind: 'withheld'`: it could come back, after what the sentence asks for. */
export interface Omission {
  readonly kind: 'omitted' | 'withheld';
  readonly key: KeyText;
  readonly row: number;
  readonly origin: Origin;
  readonly reason: Reason;
}
export interface Finding {
  readonly severity: 'danger' | 'warning' | 'note';
  readonly key?: KeyText;
  readonly reason: Reason;
}
/** Why this plan may not run. Nothing is written while one stands. */
export interface Refusal {
  readonly key?: KeyText;
  readonly reason: Reason;
  readonly hint: string;
}

/** A claim that is verified after the run. `data` has no way to be verified yet: it is `not run`, with the sentence. */
export type PlannedCheck =
  | {
      readonly kind: 'ready';
      readonly system: string;
      readonly key: KeyText;
      readonly rule: ReadyRule;
      readonly needsKubelet: boolean;
    }
  | {
      readonly kind: 'external';
      readonly system: string;
      readonly key: KeyText;
      readonly path: string;
      readonly value: Json;
    }
  /** No more objects of this resource than the point has, under the same parent: a surplus is a thing created twice. */
  | {
      readonly kind: 'count';
      readonly system: string;
      readonly resource: string;
      readonly group: string;
      readonly version: string;
      readonly expected: number;
    }
  | { readonly kind: 'data'; readonly system: string; readonly key: KeyText; readonly sentence: string };

export interface Selection {
  /** Namespaces to recover; absent: all. Their owner closure comes along. */
  readonly namespaces?: readonly string[];
  /** A label selector in kubectl's syntax. */
  readonly selector?: string;
}
/** What a person decided before planning. Consents given at run time are not in here. */
export interface Policy {
  readonly selection: Selection;
  readonly fieldOwnership: 'all' | 'apply' | 'none';
  /**
   * What the target has stays as it is where it differs from the captured: keys (`configmaps/kube-system/kubeadm-config`), or
   * whole Namespaces as `kube-system/`. Absent: every difference refuses.
   */
  readonly keepTarget?: readonly string[];
}

export interface Plan {
  readonly format: typeof PLAN_FORMAT;
  readonly digest: PlanDigest;
  readonly point: {
    readonly id: string;
    readonly fingerprint: Uid;
    readonly cluster: string;
    readonly version: string;
    readonly takenAt: string;
    readonly complete: boolean;
    readonly objects: number;
  };
  readonly target: { readonly fingerprint: Uid; readonly name: string; readonly version: string };
  readonly policy: Policy;
  /** In an order that keeps `needs` and `after`; ties by stage, then key. */
  readonly steps: readonly Step[];
  readonly omissions: readonly Omission[];
  readonly findings: readonly Finding[];
  readonly refusals: readonly Refusal[];
  readonly checks: readonly PlannedCheck[];
  /** Systems with no workload anywhere: nothing holds them, and the result says so. */
  readonly notHeld: readonly string[];
}
