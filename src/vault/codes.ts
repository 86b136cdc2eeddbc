import { type CodeTable, EXIT, faultsOf } from '../outcome/fault.ts';

/** What the vault raises. */
export const VAULT_CODES = {
  'VAULT-DAMAGED': {
    exit: EXIT.failed,
    meaning:
      'A storage key does not hold what was written to it: bytes changed, were cut off or are gone. Nothing of it was used.',
  },
  'VAULT-FORMAT': {
    exit: EXIT.failed,
    meaning: 'The recovery point was written in a format that this version does not read.',
  },
  'VAULT-PLACE': { exit: EXIT.usage, meaning: 'The text names no place that a vault can be in.' },
  'VAULT-WRITER': {
    exit: EXIT.failed,
    meaning: 'A recovery point was used after its commit or abort, or out of order.',
  },
  'VAULT-SPOOL': {
    exit: EXIT.failed,
    meaning: 'The local temporary folder could not be written, so the recovery point was not taken.',
  },
  'POINT-UNKNOWN': { exit: EXIT.usage, meaning: 'No recovery point, or more than one, goes by that name.' },
} as const satisfies CodeTable;

export const vaultFault = faultsOf(VAULT_CODES);

/** What is known of a damage; `object` is `resource/namespace/name` where the damage is inside one object. */
export function damaged(place: string, key: string, what: string, parts: { object?: string; cause?: unknown } = {}) {
  const whose = parts.object === undefined ? '' : `, object ${parts.object}`;
  return vaultFault('VAULT-DAMAGED', `${key} in ${place}${whose}: ${what}`, {
    hint: 'Use another recovery point or another copy of the vault; this one cannot be trusted for what it no longer holds.',
    cause: parts.cause,
    details: { key, ...(parts.object === undefined ? {} : { object: parts.object }) },
  });
}
