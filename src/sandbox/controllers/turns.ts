import type { StoreChange } from '../storage/store.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { refusedAs, WriteRefused } from './hands.ts';
import { WorkQueue } from './work-queue.ts';

/** What a turn on one object came to. `again`: with growing delay; `after`: milliseconds; `done`: when something changes. */
export type Turn =
  | { readonly kind: 'again' }
  | { readonly kind: 'after'; readonly ms: number }
  | { readonly kind: 'done' };
export const AGAIN: Turn = { kind: 'again' };
export const DONE: Turn = { kind: 'done' };
export const after = (ms: number): Turn => ({ kind: 'after', ms });

export interface Reconciler {
  /** Keys that a change asks to look at. */
  keysOf(change: StoreChange): readonly string[];
  turn(key: string): Promise<Turn>;
  /** Turns of one key that may follow each other at once, and how many a second after that; default without limit. */
  readonly pace?: { readonly burst: number; readonly perSecond: number };
}

/** Delays after `again`: doubled each time. */
export interface Backoff {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** One operator of several reconcilers with a queue each, which turn by turn ask to be called again. */
export function turnsOf(
  name: string,
  context: ControllerContext,
  reconcilers: readonly Reconciler[],
  { firstMs, lastMs }: Backoff,
): Controller {
  const { clock } = context;
  const shops = reconcilers.map((reconciler) => ({
    reconciler,
    queue: new WorkQueue(clock),
    delays: new Map<string, number>(),
    tokens: new Map<string, { left: number; at: number }>(),
  }));
  type Shop = (typeof shops)[number];

  const mayGo = ({ reconciler: { pace }, queue, tokens }: Shop, key: string): boolean => {
    if (pace === undefined) return true;
    const now = clock.now();
    const known = tokens.get(key) ?? { left: pace.burst, at: now };
    const left = Math.min(pace.burst, known.left + ((now - known.at) / 1000) * pace.perSecond);
    if (left >= 1) {
      tokens.set(key, { left: left - 1, at: now });
      return true;
    }
    tokens.set(key, { left, at: now });
    queue.addAfter(key, Math.ceil(((1 - left) / pace.perSecond) * 1000));
    return false;
  };
  const work = async (shop: Shop, key: string): Promise<void> => {
    let turn: Turn;
    try {
      turn = await shop.reconciler.turn(key);
    } catch (error) {
      if (!(error instanceof WriteRefused)) throw error;
      if (!refusedAs(error, 'Conflict')) context.log(`${key}: ${error.message}`);
      turn = AGAIN;
    }
    if (turn.kind === 'again') {
      const delay = shop.delays.get(key) ?? firstMs;
      shop.delays.set(key, Math.min(delay * 2, lastMs));
      shop.queue.addAfter(key, delay);
    } else shop.delays.delete(key);
    if (turn.kind === 'after') shop.queue.addAfter(key, turn.ms);
  };
  return {
    name,
    onChange(change) {
      for (const { reconciler, queue } of shops) for (const key of reconciler.keysOf(change)) queue.add(key);
    },
    async step() {
      let did = false;
      for (const shop of shops)
        for (const key of shop.queue.takeReady()) {
          if (!mayGo(shop, key)) continue;
          did = true;
          await work(shop, key);
        }
      return did;
    },
    dueAt() {
      const times = shops.map(({ queue }) => queue.dueAt()).filter((time) => time !== undefined);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
