import type { MetaShape, PodSpecShape } from '../shapes.ts';
import { BASELINE } from './baseline.ts';
import type { Check, Finding } from './check.ts';
import type { LevelVersion } from './policy.ts';
import { RESTRICTED } from './restricted.ts';

/** The newest version that has its own rules; later ones and `latest` are this one. */
const NEWEST = 34;
const byId = (a: Check, b: Check): number => (a.id < b.id ? -1 : 1);
const ORDERED = [[...BASELINE].sort(byId), [...RESTRICTED].sort(byId)].flat();

/** Everything that a policy finds in a Pod or a Pod template, baseline first. */
export function findings(policy: LevelVersion, metadata: MetaShape, spec: PodSpecShape): Finding[] {
  if (policy.level === 'privileged') return [];
  const minor = Math.min(policy.minor ?? NEWEST, NEWEST);
  const here = ORDERED.filter(
    ({ level, since }) => since <= minor && (level === 'baseline' || policy.level === 'restricted'),
  );
  const replaced = new Set(here.map(({ replaces }) => replaces));
  return here
    .filter(({ id }) => !replaced.has(id))
    .flatMap((check) => check.find(spec, metadata.annotations ?? {}, minor) ?? []);
}

/** `reason (detail), reason (detail)`. */
export const described = (found: readonly Finding[]): string =>
  found.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ');
