import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';

/** Frames that are compressed at the same time, on Node's threads: the caller's thread reads and hashes meanwhile. */
const AT_ONCE = 3;
/** Level 1: half the time of the default level 3 for a few percent of size; capture shares the processor with what it reads from. */
const PARAMS = { [constants.ZSTD_c_compressionLevel]: 1 };
const compress = promisify(zstdCompress);

/** Compresses in the background and gives the results in the order of the calls. A failure ends it and is thrown at every later call. */
export interface Compressor {
  /** `bytes` belong to the compressor until `done` is called. Resolves when there is room for another call; undefined when there is. */
  add(bytes: Uint8Array, done: (packed: Uint8Array) => void): Promise<void> | undefined;
  check(): void;
  /** Resolves when everything is done; throws what failed. */
  finish(): Promise<void>;
}

export function compressor(): Compressor {
  let tail: Promise<void> = Promise.resolve();
  let failure: { readonly error: unknown } | undefined;
  let running = 0;
  const check = (): void => {
    if (failure !== undefined) throw failure.error;
  };
  return {
    check,
    add(bytes, done) {
      check();
      running++;
      const before = tail;
      const packed = compress(bytes, { chunkSize: 1 << 19, params: PARAMS });
      tail = (async () => {
        try {
          const result = await packed;
          await before;
          if (failure === undefined) done(result);
        } catch (error) {
          failure ??= { error };
        } finally {
          running--;
        }
      })();
      return running < AT_ONCE ? undefined : before.then(check);
    },
    async finish() {
      await tail;
      check();
    },
  };
}
