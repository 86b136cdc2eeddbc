import { type CodeTable, EXIT, faultsOf } from '../outcome/fault.ts';

export const PLAN_CODES = {
  'PLAN-AMBIGUOUS': { exit: EXIT.failed, meaning: 'two steps of a plan got the same name (a defect)' },
  'PLAN-CIRCLE': { exit: EXIT.failed, meaning: 'steps of a plan need each other (a defect of the rules)' },
  'PLAN-FORMAT': { exit: EXIT.failed, meaning: 'a plan file is of another format version' },
  'PLAN-DAMAGED': { exit: EXIT.failed, meaning: 'a plan file is not what was written' },
  'OWNER-NOT-WRITTEN': { exit: EXIT.failed, meaning: 'a body was asked for before its owners were there' },
} as const satisfies CodeTable;

export const planFault = faultsOf(PLAN_CODES);
