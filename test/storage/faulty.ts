import type { Storage } from '../../src/storage/port.ts';

type Call = 'put' | 'putFile' | 'get' | 'size' | 'list' | 'remove';
export interface FaultScript {
  /** Counts calls of these kinds, from 1; default every write. */
  readonly calls?: readonly Call[];
  /** The call with this number fails once. */
  readonly failAt?: number;
  /** After this many calls went through nothing answers any more, as after the loss of the process or the network. */
  readonly crashAfter?: number;
  /** The call that fails has done its work all the same (the answer was lost). */
  readonly doneAllTheSame?: boolean;
  /** Every counted call waits for this before it does anything. */
  readonly gate?: Promise<void>;
}

export class PlayedFailure extends Error {}

/** A storage that fails as scripted. `calls()` tells how many counted calls were made. */
export function faulty(inner: Storage, script: FaultScript): Storage & { calls(): number } {
  const counted = script.calls ?? ['put', 'putFile', 'remove'];
  let calls = 0;
  async function through<T>(call: Call, work: () => Promise<T>): Promise<T> {
    if (!counted.includes(call)) return work();
    calls++;
    await script.gate;
    const fails = calls === script.failAt || (script.crashAfter !== undefined && calls > script.crashAfter);
    if (fails) {
      if (script.doneAllTheSame === true && calls - 1 === (script.crashAfter ?? calls - 1)) await work();
      throw new PlayedFailure(`${call} number ${calls} fails as scripted`);
    }
    return work();
  }
  return {
    place: `faulty ${inner.place}`,
    put: (key, bytes) => through('put', () => inner.put(key, bytes)),
    putFile: (key, path) => through('putFile', () => inner.putFile(key, path)),
    get: (key, range) => through('get', () => inner.get(key, range)),
    size: (key) => through('size', () => inner.size(key)),
    async *list(prefix) {
      await through('list', async () => undefined);
      yield* inner.list(prefix);
    },
    remove: (key) => through('remove', () => inner.remove(key)),
    close: () => inner.close(),
    calls: () => calls,
  };
}
