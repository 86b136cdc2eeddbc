import type { Difference } from './compare.ts';

/**
 * What the sandbox is known to do otherwise, and why that is left. At most ten; none may be about ownership, collection, finalizers,
 * status codes or UIDs. `matches` sees one difference and must be narrow: the pointer, and what both servers said.
 */
export interface KnownDifference {
  readonly name: string;
  readonly reason: string;
  matches(difference: Difference): boolean;
}

export const MOST_KNOWN = 10;

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    name: 'validation of Events in events.k8s.io/v1',
    reason:
      'the real server validates an Event more strictly when it comes through events.k8s.io/v1; rules of kinds here do not know the group of the request; both refuse',
    matches: ({ asked, pointer }) =>
      asked.startsWith('POST /apis/events.k8s.io/v1/') &&
      /^\/body\/(message|details\/(causes\/\d+|group))$/.test(pointer),
  },
];

/** What no known difference may excuse. */
const NEVER =
  /\/(status|code|reason|uid|ownerReferences|finalizers|deletionTimestamp)$|\/(ownerReferences|finalizers)\/|\/events\/\d+$/;

export function knownDifference(
  difference: Difference,
  known: readonly KnownDifference[] = KNOWN_DIFFERENCES,
): KnownDifference | undefined {
  return NEVER.test(difference.pointer) ? undefined : known.find((one) => one.matches(difference));
}
