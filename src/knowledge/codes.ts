import { type CodeTable, EXIT, faultsOf } from '../outcome/fault.ts';

export const KNOWLEDGE_CODES = {
  'SURVEY-INCOMPLETE': { exit: EXIT.failed, meaning: 'an object of the point was not read' },
  'SURVEY-UNKNOWN': { exit: EXIT.failed, meaning: 'an object is of no resource that the point lists' },
} as const satisfies CodeTable;

export const knowledgeFault = faultsOf(KNOWLEDGE_CODES);
