import {
  availableOf,
  deadlineOf,
  deploymentCondition,
  isComplete,
  maxUnavailable,
  sizeOf,
  sum,
  wantedOf,
  withCondition,
} from './deployment-facts.ts';
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from './shapes.ts';

/** What the status says of these ReplicaSets; zeros are left out, as Go leaves them out. */
export function deploymentStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  fresh: ReplicaSet | undefined,
  now: number,
): DeploymentStatus & { readonly conditions: readonly Condition[] } {
  const available = sum(all, availableOf);
  const counts = {
    replicas: sum(all, ({ status }) => status?.replicas ?? 0),
    updatedReplicas: fresh?.status?.replicas ?? 0,
    readyReplicas: sum(all, ({ status }) => status?.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(all, sizeOf) - available),
  };
  const enough = available >= wantedOf(deployment) - maxUnavailable(deployment);
  const condition = enough
    ? deploymentCondition(now, 'Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
    : deploymentCondition(
        now,
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
      );
  return {
    ...(deployment.metadata.generation === undefined ? {} : { observedGeneration: deployment.metadata.generation }),
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    conditions: withCondition(deployment.status?.conditions ?? [], condition),
    ...(deployment.status?.collisionCount === undefined ? {} : { collisionCount: deployment.status.collisionCount }),
  };
}

const of = (value: number | undefined): number => value ?? 0;

/** The same with what the rollout has come to: Progressing and ReplicaFailure. */
export function rolloutStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  fresh: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  const status = deploymentStatus(deployment, all, fresh, now);
  const old = deployment.status;
  const deadline = deadlineOf(deployment);
  const current = old?.conditions?.find(({ type }) => type === 'Progressing');
  let conditions = status.conditions;
  const subject =
    fresh === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${fresh.metadata.name}"`;
  const done = of(status.replicas) === of(status.updatedReplicas) && current?.reason === 'NewReplicaSetAvailable';
  if (deadline === undefined) conditions = conditions.filter(({ type }) => type !== 'Progressing');
  else if (!done) {
    if (isComplete(deployment, status)) {
      const message = `${subject} has successfully progressed.`;
      conditions = withCondition(
        conditions,
        deploymentCondition(now, 'Progressing', 'True', 'NewReplicaSetAvailable', message),
      );
    } else if (progresses(old, status)) {
      const message = `${subject} is progressing.`;
      const condition = deploymentCondition(now, 'Progressing', 'True', 'ReplicaSetUpdated', message);
      const since = current?.status === 'True' ? current.lastTransitionTime : undefined;
      conditions = [
        ...conditions.filter(({ type }) => type !== 'Progressing'),
        since === undefined ? condition : { ...condition, lastTransitionTime: since },
      ];
    } else if (timedOut(conditions, deadline, now)) {
      const message = `${subject} has timed out progressing.`;
      conditions = withCondition(
        conditions,
        deploymentCondition(now, 'Progressing', 'False', 'ProgressDeadlineExceeded', message),
      );
    }
  }
  const failure = failureOf(fresh === undefined ? all : [fresh, ...all]);
  conditions =
    failure === undefined
      ? conditions.filter(({ type }) => type !== 'ReplicaFailure')
      : withCondition(conditions, failure);
  return { ...status, conditions };
}

function progresses(old: DeploymentStatus | undefined, next: DeploymentStatus): boolean {
  return (
    of(next.updatedReplicas) > of(old?.updatedReplicas) ||
    of(next.replicas) - of(next.updatedReplicas) < of(old?.replicas) - of(old?.updatedReplicas) ||
    of(next.readyReplicas) > of(old?.readyReplicas) ||
    of(next.availableReplicas) > of(old?.availableReplicas)
  );
}

function timedOut(conditions: readonly Condition[], deadline: number, now: number): boolean {
  const condition = conditions.find(({ type }) => type === 'Progressing');
  if (condition === undefined || condition.reason === 'NewReplicaSetAvailable') return false;
  if (condition.reason === 'ProgressDeadlineExceeded') return true;
  return Date.parse(condition.lastUpdateTime ?? '') + deadline * 1000 < now;
}

function failureOf(sets: readonly ReplicaSet[]): Condition | undefined {
  for (const set of sets) {
    const found = set.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    if (found === undefined) continue;
    const { lastTransitionTime } = found;
    return lastTransitionTime === undefined ? found : { ...found, lastUpdateTime: lastTransitionTime };
  }
  return undefined;
}

/** When a rollout that stands still is late: ms of the clock, undefined when no deadline is awaited. */
export function lateAt(deployment: Deployment, status: DeploymentStatus): number | undefined {
  const deadline = deadlineOf(deployment);
  const current = status.conditions?.find(({ type }) => type === 'Progressing');
  if (deadline === undefined || current === undefined || isComplete(deployment, status)) return undefined;
  // What was available once is never late again: the real one looks every few milliseconds then, and nothing comes of it.
  if (current.reason === 'ProgressDeadlineExceeded' || current.reason === 'NewReplicaSetAvailable') return undefined;
  return Date.parse(current.lastUpdateTime ?? '') + (deadline + 1) * 1000;
}
