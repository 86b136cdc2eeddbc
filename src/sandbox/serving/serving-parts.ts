import type { Access } from '../access/access.ts';
import type { ServerParts } from '../api/parts.ts';
import { refusal } from '../status/refusal.ts';
import type { DiscoveryDocuments } from './discovery.ts';
import type { Watches } from './watch.ts';

/** What requests are answered with. */
export interface ServingParts {
  readonly api: ServerParts;
  readonly access: Access;
  readonly discovery: DiscoveryDocuments;
  readonly watches: Watches;
  /** What happened that is a defect of the sandbox. */
  log(line: string): void;
}

export const methodNotAllowed = () =>
  refusal({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });

/** The same in the words of the part of the server that serves definitions. */
export function unsupportedVerb({ plural, group }: { plural: string; group: string }, method: string) {
  const verb = method === 'POST' ? 'create' : method.toLowerCase();
  return refusal({
    code: 405,
    reason: 'MethodNotAllowed',
    message: `${verb} is not supported on resources of kind ${JSON.stringify(`${plural}.${group}`)}`,
    details: { group, kind: plural },
  });
}
