import { controllerOf } from '../../objects/owners.ts';
import { claim } from './claims.ts';
import type { ControllerMaker } from './controller.ts';
import { eventsOf } from './events.ts';
import { handsOf, resource } from './hands.ts';
import { finishedBy, isJobFinished, isTracked, type Job, TRACKING } from './job-shapes.ts';
import { type Backoff, JobSync } from './job-sync.ts';
import { untrack } from './job-tracking.ts';
import { OwnedObjects } from './owned-objects.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import { selects } from './selectors.ts';
import type { Pod } from './shapes.ts';
import { WorkQueue } from './work-queue.ts';

const JOBS = resource('jobs.batch');
const PODS = resource('pods');
const ORPHAN = 'orphan ';
const OUR_NAME = 'kubernetes.io/job-controller';

/** Runs Jobs to their end: Pods by parallelism, completions and indexes; counts what ended exactly once. */
export const jobController: ControllerMaker = (context) => {
  const { api, clock } = context;
  const queue = new WorkQueue(clock);
  const hands = handsOf(context, 'job-controller');
  const events = eventsOf(context, 'job-controller', { component: 'job-controller' });
  const pods = new OwnedObjects<Pod>(PODS);
  const backoffs = new Map<string, Backoff>();

  const notePod = (pod: Pod): void => {
    const owner = controllerOf(pod);
    if (owner?.kind === 'Job') queue.add(`${pod.metadata.namespace}/${owner.name}`);
    if (owner === undefined)
      for (const job of api.list(JOBS, pod.metadata.namespace) as Iterable<Job>)
        if (selects(job.spec.selector)(pod.metadata.labels)) queue.add(keyOf(job));
    if (isTracked(pod) && ownJob(pod) === undefined) queue.add(ORPHAN + keyOf(pod));
  };
  /** The Job that still counts this Pod. */
  const ownJob = (pod: Pod): Job | undefined => {
    const owner = controllerOf(pod);
    const job = owner?.kind === 'Job' ? api.get(JOBS, pod.metadata.namespace, owner.name) : undefined;
    return job?.metadata.uid === owner?.uid ? (job as Job | undefined) : undefined;
  };

  return queuedController({
    name: 'job-controller',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === JOBS) {
        queue.add(keyOf(object));
        if (change.kind === 'deleted') {
          backoffs.delete(object.metadata.uid ?? '');
          for (const pod of pods.ownedBy(object.metadata.uid)) if (isTracked(pod)) queue.add(ORPHAN + keyOf(pod));
        }
      } else if (of === PODS) {
        pods.note(change);
        if (change.kind === 'modified' && controllerOf(change.before.object) !== undefined)
          notePod(change.before.object as Pod);
        notePod(object as Pod);
      }
    },
    async reconcile(key) {
      if (key.startsWith(ORPHAN)) {
        const [namespace, name] = splitKey(key.slice(ORPHAN.length));
        const pod = api.get(PODS, namespace, name) as Pod | undefined;
        if (pod !== undefined && isTracked(pod) && ownJob(pod) === undefined) await untrack(hands, context, pod);
        return;
      }
      const [namespace, name] = splitKey(key);
      const job = api.get(JOBS, namespace, name) as Job | undefined;
      if (job === undefined || isJobFinished(job) || (job.spec.managedBy ?? OUR_NAME) !== OUR_NAME) return;
      const uid = job.metadata.uid ?? '';
      const mayAdopt = (): boolean => api.byUid(uid)?.metadata.deletionTimestamp === undefined;
      const claimant = { apiVersion: 'batch/v1', kind: 'Job', object: job, mayAdopt };
      const claimed = await claim(hands, PODS, claimant, selects(job.spec.selector), pods, () => true, TRACKING);
      const backoff = backoffs.get(uid) ?? { failures: 0, lastAt: 0 };
      backoffs.set(uid, backoff);
      const sync = new JobSync({ context, hands, events }, job, claimed, backoff);
      await sync.run();
      if (sync.again !== undefined) queue.addAt(key, sync.again);
    },
  });
};

/** Deletes Jobs `ttlSecondsAfterFinished` after their end, with what they own. */
export const ttlAfterFinished: ControllerMaker = (context) => {
  const queue = new WorkQueue(context.clock);
  const hands = handsOf(context, 'ttl-after-finished-controller');
  return queuedController({
    name: 'ttl-after-finished-controller',
    queue,
    context,
    noted(change) {
      if (change.now.resource === JOBS && change.kind !== 'deleted') queue.add(keyOf(change.now.object));
    },
    async reconcile(key) {
      const [namespace, name] = splitKey(key);
      const job = context.api.get(JOBS, namespace, name) as Job | undefined;
      const ttl = job?.spec.ttlSecondsAfterFinished;
      const end = finishedBy(job?.status)?.lastTransitionTime;
      if (job === undefined || ttl === undefined || end === undefined) return;
      if (job.metadata.deletionTimestamp !== undefined) return;
      const due = Date.parse(end) + ttl * 1000;
      if (due > context.clock.now()) return queue.addAt(key, due);
      const { uid = '' } = job.metadata;
      await hands.remove(JOBS, job, { uid, propagation: 'Foreground' });
    },
  });
};
