import type { FailureRule, Job } from './job-shapes.ts';
import { isPodFailed } from './job-shapes.ts';
import type { ContainerStatus, Pod } from './shapes.ts';

/** What the Job's policy makes of a failed Pod: whether it counts, which rule acted, why the whole Job fails. */
export interface FailureVerdict {
  readonly counted: boolean;
  readonly action?: string;
  readonly message?: string;
}

export function failureOf(job: Job, pod: Pod): FailureVerdict {
  const rules = job.spec.podFailurePolicy?.rules ?? [];
  for (const [index, rule] of rules.entries()) {
    const why = matched(rule, pod);
    if (why === undefined) continue;
    const { action } = rule;
    if (action === 'FailJob')
      return { counted: true, action, message: `${why} matching FailJob rule at index ${index}` };
    return { counted: action !== 'Ignore', action };
  }
  return { counted: true };
}

/** Why the Job fails at once because of one of its Pods. */
export function failsJob(job: Job, pods: readonly Pod[]): string | undefined {
  if (job.spec.podFailurePolicy === undefined) return undefined;
  for (const pod of pods) {
    const { message } = isPodFailed(pod, job) ? failureOf(job, pod) : {};
    if (message !== undefined) return message;
  }
  return undefined;
}

function matched(rule: FailureRule, pod: Pod): string | undefined {
  const place = `${pod.metadata.namespace}/${pod.metadata.name}`;
  if (rule.onExitCodes !== undefined) {
    const { containerName, operator, values } = rule.onExitCodes;
    const fits = ({ name, state }: ContainerStatus): boolean => {
      const code = state?.terminated?.exitCode ?? 0;
      if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
      return values.includes(code) === (operator === 'In');
    };
    const found = pod.status?.containerStatuses?.find(fits) ?? pod.status?.initContainerStatuses?.find(fits);
    return found === undefined
      ? undefined
      : `Container ${found.name} for pod ${place} failed with exit code ${found.state?.terminated?.exitCode}`;
  }
  const condition = pod.status?.conditions?.find(({ type, status }) =>
    rule.onPodConditions?.some((pattern) => pattern.type === type && pattern.status === status),
  );
  return condition === undefined ? undefined : `Pod ${place} has condition ${condition.type}`;
}

/** Restarts in place count against the limit when containers are restarted instead of Pods. */
export function restartedTooOften({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return false;
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== 'Running' && status?.phase !== 'Pending') continue;
    for (const one of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
      restarts += one.restartCount ?? 0;
  }
  const limit = spec.backoffLimit ?? 6;
  return limit === 0 ? restarts > 0 : restarts >= limit;
}
