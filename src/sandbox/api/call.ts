import type { MutableJsonObject } from '../../objects/json.ts';
import type { User } from '../access/user.ts';
import type { WriteContext } from '../kinds/kind-rules.ts';
import type { ServerParts } from './parts.ts';
import { apiVersionOf, type ServedKind } from './served-kind.ts';

/** One request to one resource, after its path, its options and its user are known. */
export interface Call {
  readonly kind: ServedKind;
  /** Served version of the request. */
  readonly version: string;
  readonly namespace: string | undefined;
  /** '' for a collection. */
  readonly name: string;
  readonly subresource: string | undefined;
  readonly user: User;
  readonly manager: string;
  readonly dryRun: boolean;
  readonly validation: 'Ignore' | 'Warn' | 'Strict';
  /** The options object of the verb, as a webhook sees it. */
  readonly options: MutableJsonObject;
  /** What becomes `Warning` headers; in order, each once. */
  readonly warnings: Set<string>;
}

export const requestApiVersion = (call: Call): string => apiVersionOf(call.kind.group, call.version);

/** What refusals name: group and plural. */
export const subjectOf = ({ kind }: Call): { group: string; resource: string } => ({
  group: kind.group,
  resource: kind.plural,
});

export function contextOf(parts: ServerParts, call: Call): WriteContext {
  return {
    now: parts.clock.now(),
    dryRun: call.dryRun,
    store: parts.view,
    random: parts.random,
    newUid: parts.newUid,
    warn: (text) => void call.warnings.add(text),
  };
}
