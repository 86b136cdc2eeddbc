/** What to do about a step or a check that did not come out well, by its code. */
const NEXT: Readonly<Record<string, string>> = {
  TERMINATING: 'Wait until its deletion has ended, then run the same command again.',
  CONFLICT: 'Look at the two objects; remove or rename the one in the target, then run the same command again.',
  REFUSED: 'Do what the server asks for, then run the same command again.',
  'POD-SECURITY': 'Let the Namespace allow it, or leave it out; the same command tries it again.',
  'FIELD-DROPPED': 'Bring the captured CustomResourceDefinition to the target first.',
  'STATUS-REFUSED': 'The object is there; its controller has to find out its status anew.',
  'FIELDS-LOST':
    'Where a conversion webhook is behind the resource it has to answer; see who owns the fields of the object now.',
  GONE: 'Find out who deleted it (the audit log of the target tells), then plan and recover again.',
  UNREACHABLE: 'See that the server answers, then run the same command again.',
  'NOT-SERVED':
    'See that its CustomResourceDefinition or APIService is there and works, then run the same command again.',
  'NOT-BOUND': 'Its volume has to be Bound; then run the same command again.',
  'BACKEND-NOT-READY': 'When the backend runs, run the same command again: it is written then.',
  'NOT-ESTABLISHED': 'See why the definition is not served, then run the same command again.',
  'HOLD-FAILED': 'End the Pods of the operator, then run the same command again.',
  'CONSENT-NEEDED': 'Run the same command again with the consent.',
  'NOT-READY': 'Look at its status and at its controller.',
  'NOT-PRESENT': 'Find out who deleted it (the audit log of the target tells), then plan and recover again.',
  'NOT-KEPT': 'Find out who deleted it (the audit log of the target tells), then plan and recover again.',
  'OWNER-MISSING': 'The garbage collector deletes it: write its owner, or take the owner reference away.',
  'IDENTITY-CHANGED': 'Stop its controller before a second thing outside is made or the first is deleted.',
  'IDENTITY-UNREAD': 'Read the object and compare the identity by hand.',
  SURPLUS: 'Something made them a second time: stop its controller and compare what is outside.',
  'TOO-FEW': 'See which failed, were withheld or were deleted.',
  'DATA-NOT-RUN': 'Recover the database by its own means before anyone writes to it.',
  'NEEDS-KUBELET': 'No node is ready: look again when there is one.',
  UNREADABLE: 'Give the user the right to read it, then run the same command again.',
};

export function nextAfter(code: string): string | undefined {
  return Object.hasOwn(NEXT, code) ? NEXT[code] : undefined;
}
