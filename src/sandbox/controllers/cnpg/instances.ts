import type { ControllerContext } from '../controller.ts';
import { type Hands, refusedAs } from '../hands.ts';
import { after, DONE, type Turn } from '../turns.ts';
import {
  CLAIMS,
  isInitialized,
  isOwnedBy,
  JOBS,
  label,
  MARKS,
  nameOf,
  namespaceOf,
  note,
  type PgCluster,
  PHASES,
  PODS,
  serialOf,
} from './cluster.ts';
import { dataClaim, fillingJob, instanceName, instancePod, type JobRole } from './instance-objects.ts';
import { hasFailed, isActive, isFinished, isReadyPod, type Managed, registerPhase, statusWith } from './status.ts';

/** What came of one look at the instances; `healthy`: nothing is left to do. */
export type Look = { readonly kind: 'healthy' } | { readonly kind: 'turn'; readonly turn: Turn };
const wait = (ms: number): Look => ({ kind: 'turn', turn: after(ms) });

/** Volumes, Jobs that fill them and Pods that run on them, one step at a time, as the operator goes. */
export async function instances(
  context: ControllerContext,
  hands: Hands,
  cluster: PgCluster,
  { pods, claims, jobs }: Managed,
): Promise<Look> {
  const namespace = namespaceOf(cluster);
  const failed = jobs.filter(hasFailed).map(nameOf);
  if (failed.length > 0) {
    const why = `Instance creation failed for the following jobs: ${failed.join(', ')}. Check the job logs to investigate the cause of the failure.`;
    await registerPhase(context, hands, cluster, PHASES.unrecoverable, why);
    return wait(5_000);
  }
  if (jobs.some((job) => !isFinished(job))) return wait(5_000);
  if (pods.some((pod) => !isActive(pod))) {
    await registerPhase(context, hands, cluster, PHASES.waiting, 'Some instances are not yet active. Please wait.');
    return wait(1_000);
  }
  for (const claim of claims) {
    const done = jobs.some(
      (job) => isFinished(job) && label(job, MARKS.instanceName) === label(claim, MARKS.instanceName),
    );
    if (done && note(claim, MARKS.pvcStatus) !== 'ready')
      await hands.patch(CLAIMS, claim, 'merge', { metadata: { annotations: { [MARKS.pvcStatus]: 'ready' } } });
  }
  const attached = await attach();
  if (attached !== undefined) return attached;
  if ((cluster.status?.instances ?? 0) === 0) return first();
  if (pods.filter(isReadyPod).length < (cluster.status?.instances ?? 0)) return wait(1_000);
  if ((cluster.status?.instances ?? 0) < (cluster.spec.instances ?? 1)) return replica();
  for (const job of jobs) if (isFinished(job)) await hands.remove(JOBS, job, { propagation: 'Background' });
  return { kind: 'healthy' };

  /** A Pod for a volume that has neither Pod nor Job; not before the volume is ready, and nothing makes it so by itself. */
  async function attach(): Promise<Look | undefined> {
    for (const name of cluster.status?.danglingPVC ?? []) {
      const claim = context.api.get(CLAIMS, namespace, name);
      const serial = claim === undefined ? undefined : serialOf(claim);
      if (claim === undefined || serial === undefined) continue;
      const instance = instanceName(cluster, serial);
      if (pods.some((pod) => nameOf(pod) === instance)) continue;
      const status = note(claim, MARKS.pvcStatus);
      const isPrimary = cluster.status?.targetPrimary === instance || label(claim, MARKS.instanceRole) === 'primary';
      if (status !== 'ready') {
        if (isPrimary && !jobs.some((job) => label(job, MARKS.instanceName) === instance)) {
          context.log(`Recreating the missing bootstrap Job for the primary instance ${instance}`);
          await hands.create(JOBS, namespace, fillingJob(cluster, serial, bootstrapRole(cluster)));
          return wait(1_000);
        }
        context.log(`Selected PVC is not ready yet, waiting for 1 second: ${name} ${status}`);
        return wait(1_000);
      }
      context.log(`Creating new Pod to reattach a PVC: ${instance}`);
      await hands.create(PODS, namespace, instancePod(cluster, serial, isPrimary));
      return wait(1_000);
    }
    return undefined;
  }

  async function first(): Promise<Look> {
    if (isInitialized(cluster)) {
      context.log('refusing to create the primary instance because the cluster already initialized');
      const why =
        'One or more instances were previously created, but no PersistentVolumeClaims (PVCs) exist. ' +
        'The cluster is in an unrecoverable state. To resolve this, restore the cluster from a recent backup.';
      await registerPhase(context, hands, cluster, PHASES.unrecoverable, why);
      return { kind: 'turn', turn: DONE };
    }
    const role = bootstrapRole(cluster);
    const spoken: Readonly<Record<JobRole, string>> = {
      initdb: 'initdb',
      'full-recovery': 'from backup',
      pgbasebackup: 'from physical backup',
      join: 'join',
    };
    await unlessThere(() => hands.create(CLAIMS, namespace, dataClaim(cluster, 1)));
    const instance = instanceName(cluster, 1);
    context.log(`Primary instance (${spoken[role]})`);
    const targeted = await statusWith(context, hands, cluster, {
      targetPrimary: instance,
      targetPrimaryTimestamp: new Date(context.clock.now()).toISOString(),
    });
    await registerPhase(context, hands, targeted, PHASES.firstPrimary, `Creating primary instance ${instance}`);
    context.log(`Creating new Job ${instance}-${role}, primary: true`);
    await unlessThere(() => hands.create(JOBS, namespace, fillingJob(cluster, 1, role)));
    return wait(30_000);
  }

  async function replica(): Promise<Look> {
    const taken = new Set(cluster.status?.instanceNames ?? []);
    let serial = 1;
    while (taken.has(instanceName(cluster, serial))) serial++;
    const job = fillingJob(cluster, serial, 'join');
    const { name } = job.metadata as { name: string };
    await registerPhase(context, hands, cluster, PHASES.newReplica, `Creating replica ${name}`);
    const there = context.api.get(JOBS, namespace, name);
    if (there !== undefined && !isOwnedBy(there, cluster)) {
      context.log(
        `refusing to adopt job ${JSON.stringify(name)}: not owned by cluster ${JSON.stringify(nameOf(cluster))}`,
      );
      return wait(30_000);
    }
    if (there === undefined) await hands.create(JOBS, namespace, job);
    await unlessThere(() => hands.create(CLAIMS, namespace, dataClaim(cluster, serial)));
    return wait(30_000);
  }
}

/** How the first instance's volume is filled. */
export function bootstrapRole(cluster: PgCluster): JobRole {
  const { recovery, pg_basebackup: physical } = cluster.spec.bootstrap ?? {};
  return recovery !== undefined ? 'full-recovery' : physical !== undefined ? 'pgbasebackup' : 'initdb';
}

/** A name that is taken counts as made: that is how a volume without owner stops a new instance (postgres 1.2). */
async function unlessThere(make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!refusedAs(error, 'AlreadyExists')) throw error;
  }
}
