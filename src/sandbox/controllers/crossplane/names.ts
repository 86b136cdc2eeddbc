import { createHash } from 'node:crypto';
import { suffix } from './marks.ts';

/** How a version of Crossplane behaves where they differ (lab 6 tried 1.20.11 and 2.3.4 with legacy claims). */
export interface Flavour {
  readonly version: '1.20.11' | '2.3.4';
}

/**
 * The name of a resource composed for the first time: at random up to 1.20; from the composite's UID and the resource's name in
 * 2.x, so that it differs after a restore as well.
 */
export function composedName(
  { version }: Flavour,
  prefix: string,
  compositeUid: string,
  resource: string,
  random: () => number,
): string {
  if (version === '1.20.11') return `${prefix}${suffix(random)}`;
  const digest = createHash('sha256')
    .update(compositeUid + resource)
    .digest('hex')
    .slice(0, 12);
  return `${prefix}${digest}`;
}
