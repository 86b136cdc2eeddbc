import { timestamp } from '../clock.ts';
import type { Condition, Deployment, DeploymentStatus, IntOrPercent, PodTemplate, ReplicaSet } from './shapes.ts';
import { sortedText } from './template-hash.ts';

export const REVISION = 'deployment.kubernetes.io/revision';
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED = 'deployment.kubernetes.io/desired-replicas';
export const MOST = 'deployment.kubernetes.io/max-replicas';
export const HASH_LABEL = 'pod-template-hash';
const NOT_COPIED: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED,
  MOST,
  'deprecated.deployment.rollback.to',
]);
const NO_DEADLINE = 2_147_483_647;
/** Longest list of earlier revisions of a ReplicaSet, in characters. */
const HISTORY_CHARACTERS = 2000;

export const wantedOf = ({ spec }: Deployment): number => spec.replicas ?? 1;
export const sizeOf = ({ spec }: ReplicaSet): number => spec.replicas ?? 1;
export const availableOf = ({ status }: ReplicaSet): number => status?.availableReplicas ?? 0;
export const sum = (sets: readonly ReplicaSet[], of: (set: ReplicaSet) => number): number =>
  sets.reduce((total, set) => total + of(set), 0);
export const deadlineOf = ({ spec }: Deployment): number | undefined =>
  spec.progressDeadlineSeconds === NO_DEADLINE ? undefined : spec.progressDeadlineSeconds;
export const isRolling = ({ spec }: Deployment): boolean => spec.strategy?.type === 'RollingUpdate';

/** A number, or a share of `total` rounded up or down. */
export function scaled(value: IntOrPercent | undefined, total: number, roundUp: boolean): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const share = (Number.parseInt(value, 10) * total) / 100;
  return roundUp ? Math.ceil(share) : Math.floor(share);
}
export function maxSurge(deployment: Deployment): number {
  return isRolling(deployment)
    ? scaled(deployment.spec.strategy?.rollingUpdate?.maxSurge, wantedOf(deployment), true)
    : 0;
}
export function maxUnavailable(deployment: Deployment): number {
  const wanted = wantedOf(deployment);
  if (!isRolling(deployment) || wanted === 0) return 0;
  const unavailable = scaled(deployment.spec.strategy?.rollingUpdate?.maxUnavailable, wanted, false);
  return Math.min(maxSurge(deployment) === 0 && unavailable === 0 ? 1 : unavailable, wanted);
}

const templateText = new WeakMap<object, string>();
/** The template without the hash that only ReplicaSets have, as text to compare by. */
function withoutHash(template: PodTemplate): string {
  const known = templateText.get(template);
  if (known !== undefined) return known;
  const { labels, ...rest } = template.metadata ?? {};
  const { [HASH_LABEL]: _hash, ...others } = labels ?? {};
  const { creationTimestamp: _never, ...metadata } = rest;
  const text = sortedText({ metadata: { ...metadata, labels: others }, spec: template.spec });
  templateText.set(template, text);
  return text;
}
export const sameTemplate = (a: PodTemplate, b: PodTemplate): boolean => withoutHash(a) === withoutHash(b);

export const revisionOf = (set: ReplicaSet): number => Number(set.metadata.annotations?.[REVISION] ?? 0) || 0;

/** The annotations of a new ReplicaSet for this revision, or the given ones when nothing changes. */
export function annotationsFor(
  deployment: Deployment,
  old: Readonly<Record<string, string>>,
  revision: number,
  exists: boolean,
): Readonly<Record<string, string>> {
  const next: Record<string, string> = { ...old };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {}))
    if (!NOT_COPIED.has(key)) next[key] = value;
  const before = old[REVISION];
  if ((Number(before ?? 0) || 0) < revision) {
    next[REVISION] = String(revision);
    if (before !== undefined) {
      const history = (old[REVISION_HISTORY] ?? '').split(',').filter((text) => text !== '');
      history.push(before);
      while (history.join(',').length > HISTORY_CHARACTERS) history.shift();
      next[REVISION_HISTORY] = history.join(',');
    }
  }
  if (!exists) Object.assign(next, sizeAnnotations(deployment));
  return sortedText(next) === sortedText(old) ? old : next;
}
export const sizeAnnotations = (deployment: Deployment): Readonly<Record<string, string>> => ({
  [DESIRED]: String(wantedOf(deployment)),
  [MOST]: String(wantedOf(deployment) + maxSurge(deployment)),
});

export const deploymentCondition = (
  now: number,
  type: string,
  status: string,
  reason: string,
  message: string,
): Condition => ({
  type,
  status,
  lastUpdateTime: timestamp(now),
  lastTransitionTime: timestamp(now),
  reason,
  message,
});

/** Puts a condition; one that says the same already stays as it is. */
export function withCondition(conditions: readonly Condition[], condition: Condition): readonly Condition[] {
  const current = conditions.find(({ type }) => type === condition.type);
  if (current !== undefined && current.status === condition.status && current.reason === condition.reason)
    return conditions;
  const since = current?.status === condition.status ? current.lastTransitionTime : condition.lastTransitionTime;
  return [
    ...conditions.filter(({ type }) => type !== condition.type),
    since === undefined ? condition : { ...condition, lastTransitionTime: since },
  ];
}

export function isComplete(deployment: Deployment, status: DeploymentStatus | undefined): boolean {
  const wanted = wantedOf(deployment);
  return (
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.replicas ?? 0) === wanted &&
    (status?.availableReplicas ?? 0) === wanted &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}
