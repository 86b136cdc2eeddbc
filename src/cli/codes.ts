import { type CodeTable, EXIT, faultsOf } from '../outcome/fault.ts';

/** What the command line itself raises. */
export const CLI_CODES = {
  USAGE: { exit: EXIT.usage, meaning: 'The command line is not one that this program knows.' },
  'VAULT-UNNAMED': { exit: EXIT.usage, meaning: 'No vault was named, neither by --vault nor by SEAWORTHY_VAULT.' },
  'KEY-UNKNOWN': { exit: EXIT.usage, meaning: 'The plan or the point knows no object of that key.' },
  'FILE-UNREADABLE': { exit: EXIT.usage, meaning: 'A file named on the command line cannot be read.' },
  'FILE-UNWRITABLE': { exit: EXIT.failed, meaning: 'A file named on the command line cannot be written.' },
  'NODE-TOO-OLD': { exit: EXIT.notRun, meaning: 'The Node.js that runs this program is older than it needs.' },
  UNEXPECTED: { exit: EXIT.failed, meaning: 'Something failed that should not be able to (a defect).' },
} as const satisfies CodeTable;

export const cliFault = faultsOf(CLI_CODES);
