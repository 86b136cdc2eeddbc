import type { StoreChange } from '../storage/store.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { WriteRefused } from './hands.ts';
import type { WorkQueue } from './work-queue.ts';

/** Thrown by a controller that cannot do its work yet: the key comes again, later each time. */
export class NotYet extends Error {}

export interface QueuedParts {
  readonly name: string;
  readonly queue: WorkQueue;
  readonly context: ControllerContext;
  /** Notes what a change means for the queue. */
  noted(change: StoreChange): void;
  /** Works on one key. A refused write means: again later. */
  reconcile(key: string): Promise<void>;
  /** Runs once before the first keys, even if nothing was noted. */
  start?(): Promise<void>;
}

/** A controller that is a queue of keys: one step works on all keys that were ready when it began. */
export function queuedController({ name, queue, context, noted, reconcile, start }: QueuedParts): Controller {
  let started = start === undefined;
  return {
    name,
    onChange: noted,
    async step() {
      if (!started && start !== undefined) {
        started = true;
        await start();
      }
      const keys = queue.takeReady();
      for (const key of keys) {
        try {
          await reconcile(key);
          queue.forget(key);
        } catch (error) {
          if (!(error instanceof WriteRefused || error instanceof NotYet)) throw error;
          context.log(`${name}: ${key}: ${error.message}`);
          queue.retry(key);
        }
      }
      return keys.length > 0;
    },
    dueAt: () => (started ? queue.dueAt() : context.clock.now()),
  };
}

/** `namespace/name`, or the name alone, of a stored object. */
export const keyOf = (object: {
  readonly metadata: { readonly namespace?: string; readonly name?: string };
}): string =>
  object.metadata.namespace === undefined
    ? (object.metadata.name ?? '')
    : `${object.metadata.namespace}/${object.metadata.name ?? ''}`;

export function splitKey(key: string): readonly [namespace: string | undefined, name: string] {
  const slash = key.indexOf('/');
  return slash < 0 ? [undefined, key] : [key.slice(0, slash), key.slice(slash + 1)];
}
