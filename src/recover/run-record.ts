import type { JsonObject } from '../objects/json.ts';
import type { KeyText, Uid } from '../objects/key.ts';
import type { Reason, StepId } from '../plan/plan.ts';

/** What a person consented to for this run; each is off unless said. */
export interface Consents {
  readonly holdExisting?: boolean;
  readonly acceptEmptyDatabases?: boolean;
  readonly acceptIncomplete?: boolean;
  /** Backends of webhooks and APIs that lie outside the cluster are taken for ready. */
  readonly acceptOutsideBackends?: boolean;
}

/** A process took up the run. */
export interface StartedRecord {
  readonly t: 'started';
  readonly at: string;
  readonly version: string;
  readonly fingerprint: Uid;
  readonly plan: string;
  readonly consents: Consents;
}
/** The object exists now; `generation` is what the server answered. */
export interface PostedRecord {
  readonly t: 'posted';
  readonly id: StepId;
  readonly key: KeyText;
  readonly uid: Uid;
  readonly generation?: number;
}
/** A later write of a step of several writes was answered. */
export interface PartRecord {
  readonly t: 'part';
  readonly id: StepId;
  readonly part: 'status' | 'fields' | 'scaled' | 'webhooks';
}
/** What a hold takes away, whole, before it does: the release puts it back. */
export interface HeldRecord {
  readonly t: 'held';
  readonly id: StepId;
  readonly webhooks: readonly JsonObject[];
}
export interface EndedRecord {
  readonly t: 'ended';
  readonly id: StepId;
  readonly outcome: 'done' | 'failed' | 'withheld';
  /** Nothing was written: the object was there. */
  readonly adopted?: true;
  readonly key?: KeyText;
  readonly uid?: Uid;
  readonly code?: string;
  readonly sentence?: string;
  /** What was given up or lost on the way of a step that is done all the same. */
  readonly notes?: readonly Reason[];
}
/** All steps have ended and were verified as far as they could be; `complete`: nothing is left to do. */
export interface FinishedRecord {
  readonly t: 'finished';
  readonly at: string;
  readonly complete: boolean;
  /** Writes that were answered, and from the first to the last answer of them; absent in logs of older versions. */
  readonly writes?: number;
  readonly seconds?: number;
}
export type RunRecord = StartedRecord | PostedRecord | PartRecord | HeldRecord | EndedRecord | FinishedRecord;
