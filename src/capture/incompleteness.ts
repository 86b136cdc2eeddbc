import type { PointManifest } from '../vault/vault.ts';
import type { MissingCode } from './codes.ts';

/** One reason why a point is incomplete: of a resource, or of a group-version that did not answer. */
export interface Incompleteness {
  readonly what: string;
  readonly code: string;
  readonly sentence: string;
}

/** Everything that makes the point incomplete; empty exactly when `complete` may be true. */
export function incompleteness(point: Pick<PointManifest, 'resources' | 'dead'>): readonly Incompleteness[] {
  const code: MissingCode = 'GROUP-DEAD';
  const dead = point.dead
    .filter(({ rule }) => rule === undefined)
    .map(({ group, version, why }) => {
      const what = group === '' ? version : `${group}/${version}`;
      return { what, code, sentence: `${what} did not answer, so nothing of it is in the point: ${why}` };
    });
  const lists = point.resources.flatMap(({ resource, missing }) =>
    missing === undefined ? [] : [{ what: resource, code: missing.code, sentence: missing.sentence }],
  );
  return [...dead, ...lists];
}
