import { type CodeTable, EXIT, faultsOf } from '../outcome/fault.ts';

/** Why no point was taken. */
export const CAPTURE_CODES = {
  'NAMESPACES-REFUSED': {
    exit: EXIT.failed,
    meaning: 'The namespaces could not be listed. Without them there is no revision and nothing to hang the rest on.',
  },
  'NO-REVISION': { exit: EXIT.failed, meaning: 'The server answered the first list without a revision.' },
  'OTHER-CLUSTER': { exit: EXIT.failed, meaning: 'At the end another cluster answered than at the beginning.' },
  'CAPTURE-INTERRUPTED': { exit: EXIT.interrupted, meaning: 'The capture was interrupted; nothing of it is kept.' },
} as const satisfies CodeTable;

/** Why a resource, and with it the point, is incomplete. */
export const MISSING_CODES = {
  'LIST-FORBIDDEN': { exit: EXIT.partial, meaning: 'RBAC refused the list.' },
  'CONVERSION-FAILED': {
    exit: EXIT.partial,
    meaning: 'The conversion webhook of the resource failed, so the server could not answer.',
  },
  'GROUP-DEAD': {
    exit: EXIT.partial,
    meaning: 'Discovery named a group-version that did not answer, so not even its resources are known.',
  },
  'GROUP-UNAVAILABLE': { exit: EXIT.partial, meaning: 'The API behind the resource did not answer the list.' },
  'LIST-GONE': { exit: EXIT.partial, meaning: 'The resource was no longer served when it was listed.' },
  'LIST-EXPIRED': {
    exit: EXIT.partial,
    meaning: 'The revision expired in every round; the resource was listed at a later one, or not at all.',
  },
  'LIST-FAILED': { exit: EXIT.partial, meaning: 'The server refused the list for another reason.' },
  'LIST-BROKE-OFF': { exit: EXIT.partial, meaning: 'The answer was cut short or made no sense.' },
  'LISTED-TWICE': { exit: EXIT.partial, meaning: 'One object came twice in one list: pages do not fit together.' },
  'COUNT-DIFFERS': {
    exit: EXIT.partial,
    meaning: 'The list holds another number of objects than its first page announced.',
  },
  'ITEM-UNNAMED': { exit: EXIT.partial, meaning: 'An item had no name or no UID and could not be kept.' },
  'NOT-SERVED': {
    exit: EXIT.partial,
    meaning: 'A CustomResourceDefinition is there, and the server serves none of its versions.',
  },
} as const satisfies CodeTable;
export type MissingCode = keyof typeof MISSING_CODES;

/** Why a list is suspect. It does not make the point incomplete. */
export const SUSPECT_CODES = {
  'EMPTY-NOW': { exit: EXIT.fine, meaning: 'The list is empty and was not in the point before.' },
  'FEWER-NOW': { exit: EXIT.fine, meaning: 'The list holds less than half of what it held in the point before.' },
} as const satisfies CodeTable;

export const captureFault = faultsOf(CAPTURE_CODES);
