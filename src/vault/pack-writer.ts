import type { Storage } from '../storage/port.ts';
import { vaultFault } from './codes.ts';
import type { Spool, SpoolFile } from './spool.ts';

/** Where bytes stand in the packs of a point. */
export interface PackPlace {
  readonly pack: number;
  readonly from: number;
}

/**
 * Fills packs on the local disk and hands each finished one to the storage in the background, one after another.
 * The backlog is bounded by the local disk only, so that a slow storage never slows the caller; its failure is thrown at the next call.
 */
export interface PackWriter {
  append(bytes: Uint8Array): PackPlace;
  /** Stores what is left. Resolves to the sizes of the packs once all of them are stored. */
  finish(): Promise<readonly number[]>;
  /** Stops after the transfer that is under way. Never throws. */
  stop(): Promise<void>;
}

export function packWriter(
  storage: Storage,
  spool: Spool,
  keyOf: (pack: number) => string,
  onStoring: (key: string) => void,
  packBytes: number,
): PackWriter {
  const sizes: number[] = [];
  const waiting: { readonly key: string; readonly path: string }[] = [];
  let current: SpoolFile | undefined;
  let transfer: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;
  let stopped = false;

  async function transferAll(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined && !stopped; next = waiting.shift()) {
      try {
        onStoring(next.key);
        await storage.putFile(next.key, next.path);
      } catch (error) {
        failure = { error };
        return;
      }
    }
    transfer = undefined;
  }
  function check(): void {
    if (failure !== undefined) throw failure.error;
    if (stopped) throw vaultFault('VAULT-WRITER', 'the recovery point was given up already');
  }
  function closePack(): void {
    if (current === undefined) return;
    current.close();
    sizes.push(current.size());
    waiting.push({ key: keyOf(sizes.length - 1), path: current.path });
    current = undefined;
    if (!stopped && failure === undefined) transfer ??= transferAll();
  }
  return {
    append(bytes) {
      check();
      current ??= spool.file(`${sizes.length}.pack`);
      const place = { pack: sizes.length, from: current.size() };
      current.write(bytes);
      if (current.size() >= packBytes) closePack();
      return place;
    },
    async finish() {
      check();
      closePack();
      await transfer;
      check();
      return sizes;
    },
    async stop() {
      stopped = true;
      closePack();
      await transfer;
    },
  };
}
