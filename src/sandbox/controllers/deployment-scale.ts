import { availableOf, DESIRED, isRolling, MOST, maxSurge, sizeOf, sum, wantedOf } from './deployment-facts.ts';
import { byCreation } from './pod-facts.ts';
import type { Deployment, ReplicaSet } from './shapes.ts';

/**
 * New sizes when a Deployment was scaled: the one active ReplicaSet takes all; in the middle of a rollout the difference
 * is shared in proportion to the sizes.
 */
export function proportions(
  deployment: Deployment,
  fresh: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): readonly (readonly [ReplicaSet, number])[] {
  const wanted = wantedOf(deployment);
  const all = fresh === undefined ? old : [...old, fresh];
  const active = all.filter((set) => sizeOf(set) > 0);
  if (active.length <= 1) {
    const only = active[0] ?? fresh ?? [...old].sort(byCreation).at(-1);
    return only === undefined || sizeOf(only) === wanted ? [] : [[only, wanted]];
  }
  if (fresh !== undefined && isSaturated(deployment, fresh))
    return active.filter((set) => set !== fresh).map((set) => [set, 0] as const);
  if (!isRolling(deployment)) return [];
  const allowed = wanted > 0 ? wanted + maxSurge(deployment) : 0;
  const difference = allowed - sum(active, sizeOf);
  const younger = (a: ReplicaSet, b: ReplicaSet): number => -byCreation(a, b);
  const sorted = [...active].sort(
    (a, b) => sizeOf(b) - sizeOf(a) || (difference < 0 ? byCreation(a, b) : younger(a, b)),
  );
  let added = 0;
  const sizes = sorted.map((set) => {
    const share = difference === 0 ? 0 : shareOf(deployment, set, difference, added);
    added += share;
    return sizeOf(set) + share;
  });
  return sorted.map((set, index) => {
    const size = sizes[index] ?? 0;
    return [set, index === 0 ? Math.max(size + difference - added, 0) : size] as const;
  });
}

function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const wanted = wantedOf(deployment);
  return (
    sizeOf(set) === wanted && Number(set.metadata.annotations?.[DESIRED]) === wanted && availableOf(set) === wanted
  );
}

function shareOf(deployment: Deployment, set: ReplicaSet, difference: number, added: number): number {
  if (difference === added) return 0;
  const size = sizeOf(set);
  const wanted = wantedOf(deployment);
  let fraction = -size;
  if (wanted !== 0) {
    const before = Number(set.metadata.annotations?.[MOST] ?? 0) || (deployment.status?.replicas ?? 0);
    fraction = before === 0 ? 0 : Math.round((size * (wanted + maxSurge(deployment))) / before) - size;
  }
  const left = difference - added;
  return difference > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
}
