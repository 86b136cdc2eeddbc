import type { Cluster, CollectionAddress, ListOptions, RawItem } from '../cluster/port.ts';
import { recoverFault } from './codes.ts';

/** Tries of a list that expired between its pages. */
const TRIES = 3;

/**
 * Lists everything of one resource of the target, or throws TARGET-UNREADABLE: what cannot be read is never taken for empty.
 * `begin` is called before the first item of each try; items given before it are void.
 */
export async function listAll(
  cluster: Cluster,
  at: CollectionAddress,
  begin: () => void,
  onItem: (item: RawItem) => void | Promise<void>,
  options: ListOptions = {},
): Promise<void> {
  const name = at.group === '' ? at.resource : `${at.resource}.${at.group}`;
  for (let tried = 1; ; tried++) {
    begin();
    const outcome = await cluster.list(at, onItem, options);
    if (outcome.kind === 'complete') return;
    if (outcome.kind === 'expired' && tried < TRIES) continue;
    const why = outcome.kind === 'expired' ? 'the list expired between its pages' : outcome.message;
    throw recoverFault('TARGET-UNREADABLE', `${name} of the target could not be listed: ${why}.`, {
      hint: 'Ask for the permission to list it, or look why the server cannot.',
      details: { resource: name },
    });
  }
}

/** Runs the jobs, a few at a time; the first failure is thrown when those under way have ended. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); !next.done && failures.length === 0; next = queue.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
