import type { KubeObject } from '../../objects/json.ts';
import { type Cause, forbidden, type Refusal } from '../status/refusal.ts';
import type { Attempt } from './plugin.ts';
import type { PodShape } from './shapes.ts';

/** 403 of a plugin: the object's name, or what its name will begin with, or `Unknown`. */
export function forbiddenAttempt(attempt: Attempt, why: string, causes?: readonly Cause[]): Refusal {
  return forbidden({ group: attempt.group, resource: attempt.plural }, nameOf(attempt), why, causes);
}

function nameOf(attempt: Attempt): string {
  if (attempt.name !== '') return attempt.name;
  const meta = attempt.object?.metadata as { name?: string; generateName?: string } | undefined;
  return meta?.name || meta?.generateName || 'Unknown';
}

/** Whether it is about objects of one core resource, none of its subresources. */
export const isCore = (attempt: Attempt, plural: string): boolean =>
  attempt.group === '' && attempt.plural === plural && (attempt.subresource ?? '') === '';

/** The Pod that is created. */
export const createdPod = (attempt: Attempt): PodShape | undefined =>
  attempt.operation === 'CREATE' && isCore(attempt, 'pods') ? podOf(attempt.object) : undefined;

export function podOf(object: unknown): PodShape | undefined {
  const pod = object as PodShape | KubeObject | undefined;
  if (pod === undefined || typeof pod.spec !== 'object' || pod.spec === null) return undefined;
  return pod as PodShape;
}

/** Several findings as the server joins them: `[a, b]`, the same one once. */
export function aggregate(findings: readonly string[]): string | undefined {
  const distinct = [...new Set(findings)];
  return distinct.length <= 1 ? distinct[0] : `[${distinct.join(', ')}]`;
}
