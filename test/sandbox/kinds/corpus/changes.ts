import type { Change } from './change.ts';
import { CHANGES_REST } from './changes-rest.ts';
import { CHANGES_WORK } from './changes-work.ts';

/** One PUT each. */
export const CHANGES: readonly Change[] = [...CHANGES_WORK, ...CHANGES_REST];
