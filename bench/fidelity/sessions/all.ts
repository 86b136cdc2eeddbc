import type { Session } from '../sessions.ts';
import { SESSIONS } from '../sessions.ts';
import { ACCESS } from './access.ts';
import { CREATING } from './creating.ts';
import { CUSTOM } from './custom.ts';
import { DESCRIBING } from './describing.ts';
import { READING } from './reading.ts';
import { ROLLOUTS } from './rollouts.ts';
import { STRANGER } from './stranger.ts';
import { WRITING } from './writing.ts';

export const ALL_SESSIONS: readonly Session[] = [
  ...SESSIONS,
  ...READING,
  ...WRITING,
  ...CREATING,
  ...ROLLOUTS,
  ...DESCRIBING,
  ...ACCESS,
  ...CUSTOM,
  STRANGER,
];
