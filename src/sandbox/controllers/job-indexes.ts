import { failureOf } from './job-policies.ts';
import { INDEX_FAILURES, INDEX_IGNORED, indexOf, isPodFailed, type Job } from './job-shapes.ts';
import type { Pod } from './shapes.ts';

/** `1,3-5,7` as a set, without what is beyond the completions. */
export function indexSet(text: string | undefined, completions: number): Set<number> {
  const found = new Set<number>();
  for (const part of (text ?? '').split(',')) {
    const [first, last = first] = part.split('-').map(Number);
    if (part === '' || first === undefined || last === undefined) continue;
    for (let index = first; index <= Math.min(last, completions - 1); index += 1) found.add(index);
  }
  return found;
}

/** The shortest text of a set of indexes: runs of three and more as `first-last`, of two as `a,b`. */
export function indexText(indexes: Iterable<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    if (end === at) parts.push(String(sorted[at]));
    else parts.push(`${sorted[at]}${end === at + 1 ? ',' : '-'}${sorted[end]}`);
    at = end + 1;
  }
  return parts.join(',');
}

export const validIndexOf = (pod: Pod, job: Job): number | undefined => {
  const index = indexOf(pod);
  return index !== undefined && index < (job.spec.completions ?? 0) ? index : undefined;
};

/** The indexes that failed for good, with those that did earlier. */
export function failedIndexes(job: Job, pods: readonly Pod[]): Set<number> {
  const failed = indexSet(job.status?.failedIndexes, job.spec.completions ?? 0);
  for (const pod of pods) {
    const index = validIndexOf(pod, job);
    if (index === undefined || !isPodFailed(pod, job)) continue;
    const { counted, action } = failureOf(job, pod);
    const failures = Number(pod.metadata.annotations?.[INDEX_FAILURES] ?? 0);
    if (action === 'FailIndex' || (counted && failures >= (job.spec.backoffLimitPerIndex ?? 0))) failed.add(index);
  }
  return failed;
}

/** The failed Pod of each index that its successor will take the count of failures from. */
export function delayedPods(job: Job, pods: readonly Pod[], settled: ReadonlySet<number>): Map<number, Pod> {
  const delayed = new Map<number, Pod>();
  for (const pod of pods) {
    const index = validIndexOf(pod, job);
    if (index === undefined || settled.has(index) || !isPodFailed(pod, job)) continue;
    const known = delayed.get(index);
    if (known === undefined || failuresOf(known) <= failuresOf(pod)) delayed.set(index, pod);
  }
  return delayed;
}

/** All failures of its index before this Pod, ignored ones too. */
export const failuresOf = ({ metadata }: Pod): number =>
  Number(metadata.annotations?.[INDEX_FAILURES] ?? 0) + Number(metadata.annotations?.[INDEX_IGNORED] ?? 0);

/** The annotations that count failures on the Pod that replaces another. */
export function failureAnnotations(job: Job, replaced: Pod | undefined): Readonly<Record<string, string>> {
  const counted = replaced !== undefined && failureOf(job, replaced).counted;
  const annotations = replaced?.metadata.annotations;
  const failures = Number(annotations?.[INDEX_FAILURES] ?? 0) + Number(counted);
  const ignored = Number(annotations?.[INDEX_IGNORED] ?? 0) + Number(replaced !== undefined && !counted);
  return {
    [INDEX_FAILURES]: String(failures),
    ...(ignored > 0 ? { [INDEX_IGNORED]: String(ignored) } : {}),
  };
}
