import { type CodeTable, faultsOf } from '../outcome/fault.ts';

/** Every fault that this room can raise. */
export const RECOVER_CODES = {
  'PLAN-REFUSED': {
    exit: 1,
    meaning: 'A refusal stands in the plan or came up before the first write; nothing was written.',
  },
  'POINT-INCOMPLETE': {
    exit: 1,
    meaning: 'The point lacks something that the cluster had; recovering from it needs consent.',
  },
  'NOTHING-SELECTED': { exit: 1, meaning: 'The selection matches no object of the point.' },
  'MISSING-PERMISSION': { exit: 1, meaning: 'The user may not do in the target what the plan needs.' },
  'HOLD-EXISTING': {
    exit: 1,
    meaning: 'An operator runs in the target and has to be scaled to 0, which needs consent.',
  },
  'RUN-BUSY': { exit: 4, meaning: 'Another process carries out the same run.' },
  'RUN-OTHER-PLAN': { exit: 1, meaning: 'The folder of the run holds another plan.' },
  'RUN-LOG-DAMAGED': { exit: 1, meaning: 'The log of a run holds a line, not the last, that cannot be read.' },
  'TARGET-UNREADABLE': {
    exit: 1,
    meaning: 'The target refused to list what planning has to compare, or listed what no server stores.',
  },
  'BODY-MALFORMED': { exit: 1, meaning: 'The captured bytes are no Kubernetes object.' },
  'PLANNING-INTERRUPTED': { exit: 130, meaning: 'Planning was interrupted; nothing was written.' },
  INTERRUPTED: { exit: 130, meaning: 'The run was interrupted; the same command goes on where it stopped.' },
} as const satisfies CodeTable;

export const recoverFault = faultsOf(RECOVER_CODES);

/** Codes of reasons that steps end with; refusals of the server that have no better code are `REFUSED`. */
export const STEP_CODES = {
  TERMINATING: 'An object of that name, or its namespace, is being deleted in the target.',
  CONFLICT: 'An object of that name is in the target and is another one.',
  REFUSED: 'The server refused the write.',
  'POD-SECURITY': 'The namespace enforces a Pod security level that refuses the object.',
  'FIELD-DROPPED': "The target's schema does not know a captured field and would drop it.",
  'STATUS-REFUSED': 'The object was written and its captured status was refused.',
  'FIELDS-LOST': 'The captured managed fields were not kept by the server.',
  GONE: 'An object that was there has been deleted.',
  UNREACHABLE: 'The server could not be asked, or answered with failures, until nothing moved any more.',
  'NOT-SERVED': 'A resource is not served by the target.',
  'NOT-BOUND': 'The volume did not become Bound in time.',
  'BACKEND-NOT-READY': 'A Service has no ready endpoint.',
  'NOT-ESTABLISHED': 'The definition did not become served in time.',
  'HOLD-FAILED': 'Pods of a held operator did not end in time.',
  'NO-CONTROLLER-MANAGER': 'Nothing in the target acts on workloads: their status does not follow.',
  'CONSENT-NEEDED': 'A person has to consent first.',
  BLOCKED: 'What the step needs was not done.',
  WITHHELD: 'What the step needs is withheld.',
} as const;
export type StepCode = keyof typeof STEP_CODES;
