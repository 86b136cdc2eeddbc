import type { ResourceName } from '../objects/key.ts';

/** How fast a server takes small writes, and where the figure comes from. */
export interface WriteRate {
  /** Writes of ConfigMaps of 1.5 KB a second. */
  readonly small: number;
  readonly from: string;
}
export interface Estimate {
  readonly writes: number;
  readonly writeSeconds: number;
  /** Waiting for definitions, volumes, backends and Pods, as it was in the rehearsal. */
  readonly waitSeconds: number;
  readonly settleSeconds: number;
  readonly seconds: number;
  /** Where the rates come from. */
  readonly from: string;
}

/**
 * What a write of a kind costs beside one of a small ConfigMap: Deployments were taken at 450 a second where small ConfigMaps
 * were at 1,650 (lab 3, lab 8). Definitions were not measured by themselves and count as the slowest kind that was.
 */
const SLOW = 1650 / 450;
const SLOW_RESOURCES: readonly string[] = [
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'pods',
  'customresourcedefinitions.apiextensions.k8s.io',
];
/** What the lab's server took (lab 3): said where no recovery was made on this machine yet. */
export const DEFAULT_RATE: WriteRate = {
  small: 1650,
  from: 'no recovery was made on this machine yet; taken: 1,650 small writes a second, as measured beside the server on 2 cores',
};

export const costOf = (resource: string): number => (SLOW_RESOURCES.includes(resource) ? SLOW : 1);

/** From the writes by kind to seconds. Times in milliseconds. */
export function estimateOf(
  writes: ReadonlyMap<ResourceName, number>,
  waitedMs: number,
  settleMs: number,
  rate: WriteRate,
): Estimate {
  let [count, cost] = [0, 0];
  for (const [resource, number] of writes) {
    count += number;
    cost += number * costOf(resource);
  }
  const [writeSeconds, waitSeconds, settleSeconds] = [cost / rate.small, waitedMs / 1000, settleMs / 1000];
  const seconds = writeSeconds + waitSeconds + settleSeconds;
  return { writes: count, writeSeconds, waitSeconds, settleSeconds, seconds, from: rate.from };
}
