import type { Clock } from './clock.ts';
import type { Knobs } from './knobs.ts';
import type { ObjectStore } from './storage/object-store.ts';

const MARK_EVERY_MS = 5_000;

/** Forgets history that is older than the knob says, as the real server has its store compacted. Gives what stops it. */
export function keepHistory(store: ObjectStore, clock: Clock, knobs: Knobs): () => void {
  let marks: { at: number; revision: number }[] = [];
  return store.subscribe(({ now }) => {
    const at = clock.now();
    const last = marks.at(-1);
    if (last !== undefined && at - last.at < MARK_EVERY_MS) return;
    marks.push({ at, revision: now.revision });
    const old = marks.filter((mark) => mark.at <= at - knobs.historyMillis);
    if (old.length === 0) return;
    marks = marks.slice(old.length);
    store.compact((old.at(-1) as { revision: number }).revision);
  });
}
