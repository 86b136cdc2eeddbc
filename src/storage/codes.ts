import { type CodeTable, EXIT, faultsOf } from '../outcome/fault.ts';

/** What the storage port raises. */
export const STORAGE_CODES = {
  'STORAGE-EXISTS': {
    exit: EXIT.failed,
    meaning: 'The key holds other bytes already, and nothing is ever overwritten.',
  },
  'STORAGE-MISSING': { exit: EXIT.failed, meaning: 'The key is absent.' },
  'STORAGE-SHORT': { exit: EXIT.failed, meaning: 'The key holds fewer bytes than were asked for.' },
  'STORAGE-KEY': { exit: EXIT.failed, meaning: 'The text is no storage key.' },
  'STORAGE-FULL': { exit: EXIT.failed, meaning: 'The place has no room left; the key was not written.' },
  'STORAGE-FAILED': { exit: EXIT.failed, meaning: 'The place could not be read or written.' },
} as const satisfies CodeTable;

export const storageFault = faultsOf(STORAGE_CODES);
