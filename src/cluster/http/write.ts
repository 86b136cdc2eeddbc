import type { DeletePreconditions, WriteOptions } from '../port.ts';
import type { Query } from './address.ts';

/** Who the server notes as the writer of a field. */
export const FIELD_MANAGER = 'seaworthy';

export function writeQuery(options: WriteOptions = {}): Query {
  return {
    fieldManager: options.fieldManager ?? FIELD_MANAGER,
    fieldValidation: options.fieldValidation ?? 'Strict',
    dryRun: options.dryRun === true ? 'All' : undefined,
  };
}

export function deleteBody(
  preconditions: DeletePreconditions,
  options: WriteOptions & { readonly propagation?: string } = {},
): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid: preconditions.uid, resourceVersion: preconditions.resourceVersion },
    propagationPolicy: options.propagation,
    dryRun: options.dryRun === true ? ['All'] : undefined,
  });
}
