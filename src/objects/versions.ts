import { compareText } from './key.ts';

const SHAPE = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/;
const STAGE = { alpha: 1, beta: 2, stable: 3 } as const;

function rankOf(version: string): readonly [stage: number, major: number, minor: number] {
  const match = SHAPE.exec(version);
  if (match === null) return [0, 0, 0];
  const stage = match[2] === undefined ? STAGE.stable : STAGE[match[2] as 'alpha' | 'beta'];
  return [stage, Number(match[1]), Number(match[3] ?? 0)];
}

/**
 * Kubernetes' version priority, for `sort`: the preferred first. Stable before beta before alpha, each from the greatest
 * number down (v10, v2, v1, v11beta2, v1beta1, v12alpha1); what has no such shape comes last, by the letters.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  for (const part of [0, 1, 2] as const) if (left[part] !== right[part]) return right[part] - left[part];
  return left[0] === 0 ? compareText(a, b) : 0;
}

/** The version that stands first in Kubernetes' priority; undefined for an empty list. */
export function preferredVersion(versions: readonly string[]): string | undefined {
  return versions.toSorted(compareVersions)[0];
}
