import { type CodeTable, faultsOf } from '../outcome/fault.ts';

/** Every fault that this room can raise. */
export const REHEARSAL_CODES = {
  'REHEARSAL-INTERRUPTED': { exit: 130, meaning: 'The rehearsal was interrupted; nothing was written anywhere.' },
} as const satisfies CodeTable;

export const rehearsalFault = faultsOf(REHEARSAL_CODES);

/** Why a check of a rehearsal was not run. */
export const NOT_RUN_CODES = {
  'NO-MODEL': 'Nothing in a rehearsal acts for the system, so what it would do is not known.',
  'NOBODY-RUNS-IT': 'The operator never ran in the rehearsal, so what it would do was not seen.',
  'NO-CONTROLLER': 'Objects of a kind that no known system acts on: they are kept, and that is all.',
  'OUTSIDE-UNKNOWN': 'It depends on something outside of which nothing is known offline.',
  'WEBHOOK-NOT-ASKED': 'A webhook would have been asked; the rehearsal took it to allow without a change.',
  'LEFT-OUT': 'Objects of the target of a kind that the simulated cluster does not have.',
} as const;
/** What became of an object on the stage although it was written. */
export const FATE_CODES = {
  COLLECTED: 'The object was deleted after it was written, because an owner of it does not exist.',
  DELETED: 'A controller deletes the object after it was written or adopted.',
  REPLACED: 'A controller deletes the object, and another one of its name is made.',
} as const;
export type NotRunCode = keyof typeof NOT_RUN_CODES;
