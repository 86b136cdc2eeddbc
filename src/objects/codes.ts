import { type CodeTable, EXIT, faultsOf } from '../outcome/fault.ts';

/** Every fault that reading or changing an object can raise. */
export const OBJECTS_CODES = {
  'POINTER-MALFORMED': { exit: EXIT.failed, meaning: 'A text that should be a JSON pointer (RFC 6901) is none.' },
  'POINTER-BLOCKED': {
    exit: EXIT.failed,
    meaning: 'A JSON pointer leads through a value that has no such member, so nothing can be written there.',
  },
  'PATCH-FAILED': { exit: EXIT.failed, meaning: 'A JSON patch (RFC 6902) does not fit the value it was applied to.' },
  'FIELDS-MALFORMED': {
    exit: EXIT.failed,
    meaning: 'A managed-fields set (FieldsV1) holds a key or a value that the format does not know.',
  },
  'SELECTOR-INVALID': {
    exit: EXIT.usage,
    meaning: 'A label selector is not written as kubectl writes it, or is empty.',
  },
} as const satisfies CodeTable;

export const objectsFault = faultsOf(OBJECTS_CODES);
