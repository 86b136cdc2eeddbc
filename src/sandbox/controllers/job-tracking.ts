import { timestamp } from '../clock.ts';
import type { ControllerContext } from './controller.ts';
import type { EventRecorder } from './events.ts';
import { type Hands, resource } from './hands.ts';
import { indexText, validIndexOf } from './job-indexes.ts';
import { failureOf } from './job-policies.ts';
import { isIndexed, isPodFailed, isTracked, type Job, type JobStatus, TRACKING } from './job-shapes.ts';
import { isFinished } from './pod-facts.ts';
import type { Condition, Pod } from './shapes.ts';
import { sortedText } from './template-hash.ts';

const JOBS = resource('jobs.batch');
const PODS = resource('pods');

/** What the controller of Jobs writes with, and tells it with. */
export interface JobTools {
  readonly context: ControllerContext;
  readonly hands: Hands;
  readonly events: EventRecorder;
}

/** The bookkeeping of a Job: which ended Pods are counted, what its status says, how it ends. */
export class JobTracking {
  protected readonly context: ControllerContext;
  protected readonly hands: Hands;
  protected readonly events: EventRecorder;
  protected readonly job: Job;
  protected readonly pods: readonly Pod[];
  protected readonly now: number;
  protected status: JobStatus;
  /** What ends the Job: SuccessCriteriaMet or FailureTarget first, Complete or Failed once no Pod is left. */
  protected end: Condition | undefined;
  protected terminating: number;
  protected failedIndexes: Set<number> | undefined;

  constructor({ context, hands, events }: JobTools, job: Job, pods: readonly Pod[]) {
    this.context = context;
    this.hands = hands;
    this.events = events;
    this.job = job;
    this.pods = pods;
    this.now = context.clock.now();
    this.status = { uncountedTerminatedPods: {}, ...job.status };
    this.terminating = pods.filter((pod) => !isFinished(pod) && pod.metadata.deletionTimestamp !== undefined).length;
  }

  protected condition(type: string, reason: string, message: string, status = 'True'): Condition {
    const now = timestamp(this.now);
    return { type, status, lastProbeTime: now, lastTransitionTime: now, reason, message };
  }

  protected has(type: string): Condition | undefined {
    return this.status.conditions?.find((condition) => condition.type === type && condition.status === 'True');
  }

  /** Counts ended Pods exactly once: first noted by uid, then let go, then counted. */
  protected async track(changed: boolean, earlier: ReadonlySet<number>): Promise<void> {
    const job = this.job;
    const tracked = new Set(this.pods.filter(isTracked).map(({ metadata }) => metadata.uid ?? ''));
    let flush = this.#count(tracked) || changed;
    const { succeeded = [], failed = [] } = this.status.uncountedTerminatedPods ?? {};
    const [noted, out] = [[...succeeded], [...failed]];
    const release: Pod[] = [];
    const done = new Set(earlier);
    const failing = this.end !== undefined && this.end.type !== 'SuccessCriteriaMet';
    for (const pod of this.pods) {
      const uid = pod.metadata.uid ?? '';
      if (!isTracked(pod)) continue;
      const succeededPod = pod.status?.phase === 'Succeeded';
      const podFailed = isPodFailed(pod, job);
      if (!succeededPod && !podFailed && this.end === undefined && job.metadata.deletionTimestamp === undefined)
        continue;
      release.push(pod);
      const index = validIndexOf(pod, job);
      if (succeededPod && !out.includes(uid)) {
        if (isIndexed(job)) {
          if (index !== undefined) done.add(index);
        } else if (!noted.includes(uid)) noted.push(uid);
      } else if ((podFailed || failing) && !out.includes(uid) && (!isIndexed(job) || index !== undefined)) {
        if (failureOf(job, pod).counted) out.push(uid);
      }
    }
    flush ||= noted.length > succeeded.length || out.length > failed.length;
    this.status = { ...this.status, uncountedTerminatedPods: { succeeded: noted, failed: out } };
    if (isIndexed(job)) flush = this.#writeIndexes(done) || flush;
    flush = this.#targetNoted() || flush;
    if (flush) await this.#write();
    for (const pod of release) {
      await this.untrack(pod);
      tracked.delete(pod.metadata.uid ?? '');
    }
    const counted = this.#count(tracked);
    const finished = this.#finish();
    if (counted || finished) await this.#write();
    if (finished && this.end !== undefined) await this.#tellEnd(this.end);
  }

  async #tellEnd({ type, reason = '', message = '' }: Condition): Promise<void> {
    if (type !== 'Complete') return this.events.warning(this.job, reason, message);
    if ((this.status.succeeded ?? 0) > (this.job.spec.completions ?? Infinity)) {
      const many = 'Too many succeeded pods running after completion count reached';
      await this.events.warning(this.job, 'TooManySucceededPods', many);
    }
    await this.events.normal(this.job, 'Completed', 'Job completed');
  }

  #writeIndexes(done: ReadonlySet<number>): boolean {
    const completedIndexes = indexText(done);
    const failed = this.failedIndexes === undefined ? undefined : indexText(this.failedIndexes);
    const changed = completedIndexes !== (this.status.completedIndexes ?? '') || failed !== this.status.failedIndexes;
    this.status = {
      ...this.status,
      succeeded: done.size,
      completedIndexes,
      ...(failed === undefined ? {} : { failedIndexes: failed }),
    };
    return changed;
  }

  #targetNoted(): boolean {
    const end = this.end;
    if (end === undefined || (end.type !== 'FailureTarget' && end.type !== 'SuccessCriteriaMet')) return false;
    const isNew = this.has(end.type) === undefined;
    if (isNew) this.status = { ...this.status, conditions: [...(this.status.conditions ?? []), end] };
    const type = end.type === 'FailureTarget' ? 'Failed' : 'Complete';
    this.end = this.condition(type, end.reason ?? '', end.message ?? '');
    return isNew;
  }

  /** Moves those whose finalizer is gone from the uids to the numbers; whether there were any. */
  #count(tracked: ReadonlySet<string>): boolean {
    const { succeeded = [], failed = [] } = this.status.uncountedTerminatedPods ?? {};
    const [still, out] = [succeeded, failed].map((uids) => uids.filter((uid) => tracked.has(uid)));
    const gone = succeeded.length - (still?.length ?? 0);
    const lost = failed.length - (out?.length ?? 0);
    if (gone + lost === 0) return false;
    this.status = {
      ...this.status,
      ...(gone > 0 ? { succeeded: (this.status.succeeded ?? 0) + gone } : {}),
      ...(lost > 0 ? { failed: (this.status.failed ?? 0) + lost } : {}),
      uncountedTerminatedPods: { succeeded: still ?? [], failed: out ?? [] },
    };
    return true;
  }

  #finish(): boolean {
    const { succeeded = [], failed = [] } = this.status.uncountedTerminatedPods ?? {};
    if (this.end === undefined || succeeded.length + failed.length > 0 || this.terminating > 0) return false;
    this.status = {
      ...this.status,
      conditions: [...(this.status.conditions ?? []), this.end],
      ...(this.end.type === 'Complete' ? { completionTime: timestamp(this.now) } : {}),
    };
    return true;
  }

  protected async untrack(pod: Pod): Promise<void> {
    await untrack(this.hands, this.context, pod);
  }

  async #write(): Promise<void> {
    const latest = this.context.api.byUid(this.job.metadata.uid ?? '') as Job | undefined;
    if (latest === undefined) return;
    const { active, succeeded, failed, uncountedTerminatedPods: uncounted, completedIndexes, ...rest } = this.status;
    const some = (uids: readonly string[] | undefined): readonly string[] | undefined =>
      uids === undefined || uids.length === 0 ? undefined : uids;
    const status = {
      ...rest,
      active: active === 0 ? undefined : active,
      succeeded: succeeded === 0 ? undefined : succeeded,
      failed: failed === 0 ? undefined : failed,
      completedIndexes: completedIndexes === '' ? undefined : completedIndexes,
      uncountedTerminatedPods: { succeeded: some(uncounted?.succeeded), failed: some(uncounted?.failed) },
    };
    if (sortedText(status) === sortedText(latest.status ?? {})) return;
    await this.hands.updateStatus(JOBS, { ...latest, status });
  }
}

/** Lets a Pod go that its Job has counted, or whose Job is gone. */
export async function untrack(hands: Hands, context: ControllerContext, pod: Pod): Promise<void> {
  const latest = context.api.byUid(pod.metadata.uid ?? '') as Pod | undefined;
  if (latest === undefined || !isTracked(latest)) return;
  await hands.patch(PODS, latest, 'strategic', {
    metadata: { uid: latest.metadata.uid, '$deleteFromPrimitiveList/finalizers': [TRACKING] },
  });
}
