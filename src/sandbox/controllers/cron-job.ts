import type { KubeObject, ObjectMeta } from '../../objects/json.ts';
import { controllerOf } from '../../objects/owners.ts';
import { timestamp } from '../clock.ts';
import { controllerReference } from './claims.ts';
import type { ControllerMaker } from './controller.ts';
import { type CronSchedule, cronSchedule } from './cron-schedule.ts';
import { eventsOf } from './events.ts';
import { handsOf, namespaceTerminates, refusedAs, resource, WriteRefused } from './hands.ts';
import { finishedBy, type Job } from './job-shapes.ts';
import { OwnedObjects } from './owned-objects.ts';
import { byCreation } from './pod-facts.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import { sortedText } from './template-hash.ts';
import { WorkQueue } from './work-queue.ts';

const CRON_JOBS = resource('cronjobs.batch');
const JOBS = resource('jobs.batch');
const SCHEDULED_AT = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

interface JobRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly apiVersion: string;
  readonly resourceVersion?: string;
}
interface CronJobStatus {
  readonly active?: readonly JobRef[];
  readonly lastScheduleTime?: string;
  readonly lastSuccessfulTime?: string;
}
interface CronJob extends KubeObject {
  readonly spec: {
    readonly schedule: string;
    readonly timeZone?: string;
    readonly startingDeadlineSeconds?: number;
    readonly concurrencyPolicy?: string;
    readonly suspend?: boolean;
    readonly successfulJobsHistoryLimit?: number;
    readonly failedJobsHistoryLimit?: number;
    readonly jobTemplate: { readonly metadata?: ObjectMeta; readonly spec: object };
  };
  readonly status?: CronJobStatus;
}

/** Starts Jobs on their schedules; of several missed times only the last is made up for. */
export const cronJobController: ControllerMaker = (context) => {
  const { api, clock } = context;
  const queue = new WorkQueue(clock);
  const hands = handsOf(context, 'cronjob-controller');
  const events = eventsOf(context, 'cronjob-controller', { component: 'cronjob-controller' });
  const jobs = new OwnedObjects<Job>(JOBS);

  async function reconcile(key: string): Promise<void> {
    const [namespace, name] = splitKey(key);
    const cron = api.get(CRON_JOBS, namespace, name) as CronJob | undefined;
    if (cron === undefined) return;
    const mine = [...jobs.ownedBy(cron.metadata.uid)];
    await tellJobs(cron, mine);
    let status = lookedAfter(cron, mine);
    await cleanUp(cron, mine);
    const schedule = cronSchedule(cron.spec.schedule, cron.spec.timeZone);
    if (cron.metadata.deletionTimestamp === undefined && cron.spec.suspend !== true && schedule !== undefined) {
      status = await runDue(cron, schedule, status);
      const next = schedule.next(clock.now());
      if (next !== undefined) queue.addAt(key, next);
    }
    const latest = api.byUid(cron.metadata.uid ?? '') as CronJob | undefined;
    if (latest === undefined || sortedText(status) === sortedText(latest.status ?? {})) return;
    await hands.updateStatus(CRON_JOBS, { ...latest, status });
  }

  async function runDue(cron: CronJob, schedule: CronSchedule, status: CronJobStatus): Promise<CronJobStatus> {
    const due = lastDue(cron, schedule, clock.now());
    if (due === undefined) return status;
    const name = `${cron.metadata.name}-${Math.floor(due / 60_000)}`;
    const { namespace = '' } = cron.metadata;
    const active = status.active ?? [];
    if (active.some((job) => job.name === name) || status.lastScheduleTime === timestamp(due)) return status;
    if (cron.spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
      const why = 'Not starting job because prior execution is running and concurrency policy is Forbid';
      await events.normal(cron, 'JobAlreadyActive', why);
      return status;
    }
    let left = active;
    if (cron.spec.concurrencyPolicy === 'Replace') {
      for (const job of active) await remove(cron, { metadata: job });
      left = [];
    }
    const { jobTemplate } = cron.spec;
    const annotations = { ...jobTemplate.metadata?.annotations, [SCHEDULED_AT]: timestamp(due) };
    const body = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        namespace,
        labels: jobTemplate.metadata?.labels,
        annotations,
        ownerReferences: [controllerReference('batch/v1', 'CronJob', cron)],
      },
      spec: jobTemplate.spec,
    };
    try {
      const made = await hands.create(JOBS, namespace, body);
      await events.normal(cron, 'SuccessfulCreate', `Created job ${name}`);
      return { ...status, active: [...left, refOf(made)], lastScheduleTime: timestamp(due) };
    } catch (error) {
      if (namespaceTerminates(error)) return status;
      if (error instanceof WriteRefused && !refusedAs(error, 'AlreadyExists'))
        await events.warning(cron, 'FailedCreate', `Error creating job: ${error.message}`);
      if (!refusedAs(error, 'AlreadyExists')) throw error;
      const found = api.get(JOBS, namespace, name);
      const ours = found !== undefined && controllerOf(found)?.uid === cron.metadata.uid;
      return ours ? { ...status, lastScheduleTime: timestamp(due) } : status;
    }
  }

  /** Deletes the oldest of the finished Jobs beyond the limits of history. */
  async function cleanUp(cron: CronJob, mine: readonly Job[]): Promise<void> {
    const { successfulJobsHistoryLimit: done = 3, failedJobsHistoryLimit: failed = 1 } = cron.spec;
    for (const [type, limit] of [
      ['Complete', done],
      ['Failed', failed],
    ] as const) {
      const ended = mine.filter((job) => finishedBy(job.status)?.type === type).sort(byStart);
      for (const job of ended.slice(0, Math.max(ended.length - limit, 0))) await remove(cron, job);
    }
  }

  async function remove(cron: CronJob, job: { readonly metadata: { readonly name?: string } }): Promise<void> {
    try {
      if (await hands.remove(JOBS, job, { propagation: 'Background' }))
        await events.normal(cron, 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
    } catch (error) {
      if (error instanceof WriteRefused) await events.warning(cron, 'FailedDelete', `Deleted job: ${error.message}`);
      throw error;
    }
  }

  /** Jobs that it did not know of, that ended, that are gone. */
  async function tellJobs(cron: CronJob, mine: readonly Job[]): Promise<void> {
    const active = cron.status?.active ?? [];
    for (const { metadata, status } of mine) {
      const found = active.some(({ uid }) => uid === metadata.uid);
      const end = finishedBy(status);
      const { name } = metadata;
      if (!found && end === undefined)
        await events.warning(cron, 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`);
      else if (found && end !== undefined)
        await events.normal(cron, 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end.type}`);
    }
    for (const { uid, name } of active)
      if (!mine.some(({ metadata }) => metadata.uid === uid))
        await events.normal(cron, 'MissingJob', `Active job went missing: ${name}`);
  }

  return queuedController({
    name: 'cronjob-controller',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === CRON_JOBS) queue.add(keyOf(object));
      if (of !== JOBS) return;
      jobs.note(change);
      const owner = controllerOf(object);
      if (owner?.kind === 'CronJob') queue.add(`${object.metadata.namespace}/${owner.name}`);
    },
    reconcile,
  });
};

/** The status without Jobs that ended or vanished, with the last success. */
function lookedAfter(cron: CronJob, mine: readonly Job[]): CronJobStatus {
  const status = cron.status ?? {};
  const byUid = new Map(mine.map((job) => [job.metadata.uid, job]));
  const running = (status.active ?? []).filter(({ uid }) => {
    const job = byUid.get(uid);
    return job !== undefined && finishedBy(job.status) === undefined;
  });
  const successes = mine.flatMap(({ status: done }) =>
    finishedBy(done)?.type === 'Complete' && done?.completionTime !== undefined ? [done.completionTime] : [],
  );
  const last = [...successes, ...(status.lastSuccessfulTime === undefined ? [] : [status.lastSuccessfulTime])]
    .sort()
    .at(-1);
  const { active: _before, ...rest } = status;
  return {
    ...rest,
    ...(running.length === 0 ? {} : { active: running }),
    ...(last === undefined ? {} : { lastSuccessfulTime: last }),
  };
}

/** The latest time that was due and not yet served; undefined when none is, or it is too late for it. */
function lastDue(cron: CronJob, schedule: CronSchedule, now: number): number | undefined {
  const { startingDeadlineSeconds } = cron.spec;
  let since = Date.parse(cron.status?.lastScheduleTime ?? cron.metadata.creationTimestamp ?? '');
  if (startingDeadlineSeconds !== undefined) since = Math.max(since, now - startingDeadlineSeconds * 1000 - 1);
  let due: number | undefined;
  for (let next = schedule.next(since); next !== undefined && next <= now; next = schedule.next(next)) due = next;
  return due;
}

const refOf = ({ metadata }: KubeObject): JobRef => ({
  kind: 'Job',
  namespace: metadata.namespace ?? '',
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
  apiVersion: 'batch/v1',
  ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
});

function byStart(a: Job, b: Job): number {
  const [one = '', other = ''] = [a.status?.startTime, b.status?.startTime];
  return one < other ? -1 : one > other ? 1 : byCreation(a, b);
}
