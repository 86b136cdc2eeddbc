import type { MutableJsonObject } from '../../../../src/objects/json.ts';
import { CREATES_POLICY } from './creates-policy.ts';
import { CREATES_WORK } from './creates-work.ts';

/** Bodies that the server takes, in the order in which they are sent. */
export const CREATES: Readonly<Record<string, MutableJsonObject>> = { ...CREATES_WORK, ...CREATES_POLICY };
