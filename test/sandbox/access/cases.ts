import type { Case } from './requests.ts';
import { REVIEW_CASES } from './review-cases.ts';
import { ROLE_CASES } from './role-cases.ts';

/** The users of the scripts, beside the administrator `admin`. */
export const USERS = [
  { name: 'ann', groups: ['team-a'] },
  { name: 'bob', groups: ['team-b'] },
  { name: 'eve', groups: ['team-e', 'auditors'] },
] as const;

/** Everything about who may do what, in the order in which it is played. */
export const ACCESS_CASES: readonly Case[] = [...ROLE_CASES, ...REVIEW_CASES];
