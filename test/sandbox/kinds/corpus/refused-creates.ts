import type { MutableJsonObject } from '../../../../src/objects/json.ts';
import { REFUSED_CORE } from './refused-core.ts';
import { REFUSED_WORK } from './refused-work.ts';

/** Bodies that the server refuses (and a few that it does not, to its credit). */
export const REFUSED_CREATES: Readonly<Record<string, MutableJsonObject>> = { ...REFUSED_CORE, ...REFUSED_WORK };
