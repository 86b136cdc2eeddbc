import { LOOPBACK } from '../access/user.ts';
import type { ControllerMaker } from './controller.ts';
import { handsOf, resource } from './hands.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import { WorkQueue } from './work-queue.ts';

const EVENTS = resource('events');
/** The real server's default of --event-ttl. */
const TTL_MS = 3_600_000;

/** What the API server itself does with Events: an hour after the last write they are gone. */
export const eventExpiry: ControllerMaker = (context) => {
  const { clock } = context;
  const queue = new WorkQueue(clock);
  const hands = handsOf(context, LOOPBACK, 'kube-apiserver');
  const ends = new Map<string, number>();
  return queuedController({
    name: 'event-expiry',
    queue,
    context,
    noted({ kind, now }) {
      if (now.resource !== EVENTS) return;
      const key = keyOf(now.object);
      if (kind === 'deleted') {
        ends.delete(key);
        return;
      }
      // To the second, so that many that were written together go together.
      const end = Math.ceil((clock.now() + TTL_MS) / 1000) * 1000;
      ends.set(key, end);
      queue.addAt(key, end);
    },
    async reconcile(key) {
      const end = ends.get(key);
      if (end === undefined) return;
      if (end > clock.now()) return queue.addAt(key, end);
      const [namespace = '', name] = splitKey(key);
      await hands.remove(EVENTS, { metadata: { namespace, name } });
    },
  });
};
