import type { Pick, Where } from './language.ts';

/** Short forms for the claims that rules make most. */
export const label = (name: string): string => `/metadata/labels/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
export const annotation = (name: string): string =>
  `/metadata/annotations/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
export const has = (path: string): Where => ({ kind: 'has', path });
export const is = (path: string, value: string | boolean): Where => ({ kind: 'equals', path, value });
export const matches = (path: string, pattern: string): Where => ({ kind: 'matches', path, pattern });
export const not = (of: Where): Where => ({ kind: 'not', of });
export const any = (...of: Where[]): Where => ({ kind: 'any', of });
export const all = (...of: Where[]): Where => ({ kind: 'all', of });
export const where = (pick: Pick, claim: Where): Pick => ({ ...pick, where: claim });
