import { timestamp } from '../clock.ts';
import { namespaceTerminates, WriteRefused } from './hands.ts';
import { delayedPods, failedIndexes, indexSet, validIndexOf } from './job-indexes.ts';
import { jobPod } from './job-pod.ts';
import { failsJob, failureOf, restartedTooOften } from './job-policies.ts';
import { endedAt, isIndexed, isPodFailed, isSuspended, isTracked, type Job, onlyReplacesFailed } from './job-shapes.ts';
import { type JobTools, JobTracking } from './job-tracking.ts';
import { PodControl } from './pod-control.ts';
import { deletionOrder, isActive, isFinished, isReady } from './pod-facts.ts';
import type { Condition, Pod } from './shapes.ts';

const FIRST_BACKOFF_MS = 10_000;
const LONGEST_BACKOFF_MS = 600_000;
/** Pods made or deleted in one go. */
const BURST = 500;

/** Failures since the last success, kept between looks as the real one keeps them in memory. */
export interface Backoff {
  failures: number;
  lastAt: number;
}

/** One look at one Job. */
export class JobSync extends JobTracking {
  readonly #backoff: Backoff;
  readonly #control: PodControl;
  #ready: number;
  #succeededIndexes = new Set<number>();
  /** When to look again though nothing changes; ms of the clock. */
  again: number | undefined;

  constructor(tools: JobTools, job: Job, pods: readonly Pod[], backoff: Backoff) {
    super(tools, job, pods);
    this.#control = new PodControl(tools.hands, tools.events);
    this.#backoff = backoff;
    this.#ready = pods.filter((pod) => isActive(pod) && isReady(pod)).length;
  }

  async run(): Promise<void> {
    const job = this.job;
    const active = this.pods.filter(isActive);
    const { succeeded: countedIn = [], failed: countedOut = [] } = this.status.uncountedTerminatedPods ?? {};
    const fresh = this.pods.filter(
      (pod) => isTracked(pod) && ![...countedIn, ...countedOut].includes(pod.metadata.uid ?? ''),
    );
    const newSucceeded = fresh.filter(({ status }) => status?.phase === 'Succeeded');
    const newFailed = fresh.filter((pod) => isPodFailed(pod, job));
    this.#noteBackoff(newSucceeded, newFailed);
    let succeeded = (this.status.succeeded ?? 0) + newSucceeded.length + countedIn.length;
    const failed =
      (this.status.failed ?? 0) + newFailed.filter((pod) => failureOf(job, pod).counted).length + countedOut.length;
    if (this.status.startTime === undefined && !isSuspended(job))
      this.status = { ...this.status, startTime: timestamp(this.now) };
    const earlier = indexSet(this.status.completedIndexes, job.spec.completions ?? 0);
    this.end = this.#howItEnds(failed);
    if (isIndexed(job)) {
      this.#succeededIndexes = new Set(earlier);
      for (const pod of this.pods) {
        const index = validIndexOf(pod, job);
        if (index !== undefined && pod.status?.phase === 'Succeeded' && isTracked(pod))
          this.#succeededIndexes.add(index);
      }
      succeeded = this.#succeededIndexes.size;
      this.end ??= this.#howIndexesEnd();
    }
    let left = active.length;
    let suspension = false;
    let failure: WriteRefused | undefined;
    if (this.end !== undefined) {
      for (const pod of active) await this.#delete(pod);
      left = 0;
    } else {
      if (job.metadata.deletionTimestamp === undefined) [left, failure] = await this.#manage(active, succeeded);
      const { completions } = job.spec;
      const complete = completions === undefined ? succeeded > 0 && left === 0 : succeeded >= completions && left === 0;
      if (complete) {
        const message = 'Reached expected number of succeeded pods';
        this.end = this.condition('SuccessCriteriaMet', 'CompletionsReached', message);
      } else if (job.metadata.deletionTimestamp === undefined) suspension = await this.#suspendOrResume();
    }
    const old = job.status;
    const changed =
      suspension || left !== (old?.active ?? 0) || this.#ready !== old?.ready || this.terminating !== old?.terminating;
    this.status = { ...this.status, active: left, ready: this.#ready, terminating: this.terminating };
    await this.track(changed, earlier);
    if (failure !== undefined) throw failure;
  }

  #howItEnds(failed: number): Condition | undefined {
    const job = this.job;
    const met = this.has('SuccessCriteriaMet');
    if (met !== undefined) return met;
    const target = this.has('FailureTarget');
    if (target !== undefined) return this.condition('Failed', target.reason ?? '', target.message ?? '');
    const message = failsJob(job, this.pods);
    if (message !== undefined) return this.condition('FailureTarget', 'PodFailurePolicy', message);
    if (failed > (job.spec.backoffLimit ?? 6) || restartedTooOften(job, this.pods))
      return this.condition('FailureTarget', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    const { activeDeadlineSeconds } = job.spec;
    if (activeDeadlineSeconds === undefined || isSuspended(job)) return undefined;
    const deadline = Date.parse(this.status.startTime ?? '') + activeDeadlineSeconds * 1000;
    if (this.now >= deadline)
      return this.condition('FailureTarget', 'DeadlineExceeded', 'Job was active longer than specified deadline');
    this.#lookAgain(deadline);
    return undefined;
  }

  #howIndexesEnd(): Condition | undefined {
    const { spec } = this.job;
    if (spec.backoffLimitPerIndex !== undefined) {
      const failed = failedIndexes(this.job, this.pods);
      this.failedIndexes = failed;
      if (spec.maxFailedIndexes !== undefined && failed.size > spec.maxFailedIndexes)
        return this.condition(
          'FailureTarget',
          'MaxFailedIndexesExceeded',
          'Job has exceeded the specified maximal number of failed indexes',
        );
      if (failed.size > 0 && failed.size + this.#succeededIndexes.size >= (spec.completions ?? 0))
        return this.condition('FailureTarget', 'FailedIndexes', 'Job has failed indexes');
    }
    for (const [index, rule] of (spec.successPolicy?.rules ?? []).entries()) {
      const asked =
        rule.succeededIndexes === undefined ? undefined : indexSet(rule.succeededIndexes, spec.completions ?? 0);
      const done = [...this.#succeededIndexes].filter((one) => asked?.has(one) ?? true).length;
      if (done < (rule.succeededCount ?? asked?.size ?? Infinity)) continue;
      return this.condition('SuccessCriteriaMet', 'SuccessPolicy', `Matched rules at index ${index}`);
    }
    return undefined;
  }

  #noteBackoff(succeeded: readonly Pod[], failed: readonly Pod[]): void {
    if (succeeded.length > 0) this.#backoff.failures = 0;
    const lastSuccess = Math.max(-Infinity, ...succeeded.map(endedAt));
    const later = failed.map(endedAt).filter((at) => at > lastSuccess);
    if (later.length === 0) return;
    this.#backoff.failures += later.length;
    this.#backoff.lastAt = Math.max(...later);
  }

  #lookAgain(at: number): void {
    this.again = Math.min(this.again ?? Infinity, at);
  }

  async #delete(pod: Pod): Promise<void> {
    if (await this.#control.remove(this.job, pod)) {
      this.terminating += 1;
      if (isReady(pod)) this.#ready -= 1;
    }
  }

  async #deleteUncounted(pods: readonly Pod[]): Promise<void> {
    for (const pod of pods) {
      await this.untrack(pod);
      await this.#delete(pod);
    }
  }

  /** Brings the number of active Pods to what is wanted; how many there are then. */
  async #manage(active: readonly Pod[], succeeded: number): Promise<[number, WriteRefused | undefined]> {
    const job = this.job;
    if (isSuspended(job)) {
      await this.#deleteUncounted(active);
      return [0, undefined];
    }
    const { parallelism = 1, completions } = job.spec;
    const open = completions === undefined ? (succeeded > 0 ? active.length : parallelism) : completions - succeeded;
    const wanted = Math.max(Math.min(open, completions === undefined ? Math.max(parallelism, open) : parallelism), 0);
    const surplus = Math.min(Math.max(active.length - wanted, 0), BURST);
    await this.#deleteUncounted([...active].sort(deletionOrder).slice(0, surplus));
    const blocked = onlyReplacesFailed(job) ? this.terminating : 0;
    const missing = Math.min(wanted - blocked - (active.length - surplus), BURST);
    if (missing <= 0) return [active.length - surplus, undefined];
    const due = this.#backoffEnd();
    if (due > this.now && job.spec.backoffLimitPerIndex === undefined) {
      this.#lookAgain(due);
      return [active.length - surplus, undefined];
    }
    return this.#make(active, missing, surplus);
  }

  #backoffEnd(): number {
    const { failures, lastAt } = this.#backoff;
    if (failures === 0) return 0;
    return lastAt + Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), LONGEST_BACKOFF_MS);
  }

  async #make(active: readonly Pod[], missing: number, surplus: number): Promise<[number, WriteRefused | undefined]> {
    const job = this.job;
    let made = 0;
    const indexes = isIndexed(job) ? this.#pendingIndexes(active, missing) : undefined;
    const settled = new Set([...this.#succeededIndexes, ...(this.failedIndexes ?? [])]);
    const perIndex = job.spec.backoffLimitPerIndex !== undefined;
    const delayed = perIndex ? delayedPods(job, this.pods, settled) : new Map<number, Pod>();
    for (let count = 0; count < (indexes?.length ?? missing); count += 1) {
      const index = indexes?.[count];
      const replaced = index === undefined ? undefined : delayed.get(index);
      if (replaced !== undefined) {
        const due = endedAt(replaced) + FIRST_BACKOFF_MS;
        if (due > this.now) {
          this.#lookAgain(due);
          continue;
        }
      }
      try {
        await this.#control.create(job, jobPod(job, index, replaced));
        made += 1;
      } catch (error) {
        if (!(error instanceof WriteRefused)) throw error;
        if (!namespaceTerminates(error)) return [active.length - surplus + made, error];
      }
    }
    return [active.length - surplus + made, undefined];
  }

  #pendingIndexes(active: readonly Pod[], count: number): number[] {
    const busy = new Set([...this.#succeededIndexes, ...(this.failedIndexes ?? [])]);
    const held = onlyReplacesFailed(this.job) ? this.pods.filter((pod) => !isFinished(pod)) : active;
    for (const pod of held) busy.add(validIndexOf(pod, this.job) ?? -1);
    const found: number[] = [];
    for (let index = 0; index < (this.job.spec.completions ?? 0) && found.length < count; index += 1)
      if (!busy.has(index)) found.push(index);
    return found;
  }

  async #suspendOrResume(): Promise<boolean> {
    const conditions = this.status.conditions ?? [];
    const known = conditions.find(({ type }) => type === 'Suspended');
    const wanted = isSuspended(this.job) ? 'True' : 'False';
    if (known?.status === wanted || (known === undefined && wanted === 'False')) return false;
    const [reason, message] = wanted === 'True' ? ['JobSuspended', 'Job suspended'] : ['JobResumed', 'Job resumed'];
    const condition = this.condition('Suspended', reason ?? '', message ?? '', wanted);
    const next =
      known === undefined ? [...conditions, condition] : conditions.map((one) => (one === known ? condition : one));
    this.status = { ...this.status, conditions: next };
    if (wanted === 'False') this.status = { ...this.status, startTime: timestamp(this.now) };
    await this.events.normal(this.job, wanted === 'True' ? 'Suspended' : 'Resumed', message ?? '');
    return true;
  }
}
