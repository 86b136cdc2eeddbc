import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { isFault } from '../outcome/fault.ts';
import type { Storage } from '../storage/port.ts';
import { damaged } from './codes.ts';
import { digestOf } from './digest.ts';
import { asIndexBlock, type IndexBlock, type IndexHead } from './index-block.ts';
import type { IndexFrame } from './index-writer.ts';

/** Bytes of a key that must be there: gone or cut off is damage. Other failures of the storage stay what they are. */
export async function bytesThatWereWritten(
  storage: Storage,
  key: string,
  range: { readonly from: number; readonly to: number } | undefined,
  object?: string,
): Promise<Uint8Array> {
  try {
    return await storage.get(key, range);
  } catch (cause) {
    const parts = { cause, ...(object === undefined ? {} : { object }) };
    if (isFault(cause, 'STORAGE-MISSING')) throw damaged(storage.place, key, 'it is gone', parts);
    if (isFault(cause, 'STORAGE-SHORT')) throw damaged(storage.place, key, 'it was cut off', parts);
    throw cause;
  }
}

const LARGEST_PIECE = 8 << 20;
const decompress = promisify(zstdDecompress);

/** Decompresses, on another thread, what has the digest that it was written with; undefined when it cannot be what was written. */
export async function unpackFrame(
  packed: Uint8Array,
  frame: { readonly raw: number; readonly sha256: string },
): Promise<Buffer | undefined> {
  if (digestOf(packed) !== frame.sha256) return undefined;
  try {
    // One piece that holds it all: pieces would be copied together, and both copies wait for the garbage collector.
    const chunkSize = Math.min(frame.raw + 64, LARGEST_PIECE);
    const raw = await decompress(packed, { maxOutputLength: Math.max(frame.raw, 1), chunkSize });
    return raw.length === frame.raw ? raw : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the index of a point, one frame in memory at a time. */
export async function readIndex(
  storage: Storage,
  key: string,
  frames: readonly IndexFrame[],
): Promise<{ readonly head: IndexHead; readonly blocks: readonly IndexBlock[] }> {
  let head: IndexHead | undefined;
  const blocks: IndexBlock[] = [];
  let from = 0;
  for (const frame of frames) {
    const to = from + frame.size;
    const raw = await unpackFrame(await bytesThatWereWritten(storage, key, { from, to }), frame);
    if (raw === undefined) throw damaged(storage.place, key, `bytes ${from} to ${to} are not what was written`);
    from = to;
    for (const line of raw.toString('utf8').split('\n')) {
      if (line === '') continue;
      if (head === undefined) head = JSON.parse(line) as IndexHead;
      else {
        const block = asIndexBlock(JSON.parse(line));
        if (block === undefined)
          throw damaged(storage.place, key, 'a line of the index has another shape than it should');
        blocks.push(block);
      }
    }
  }
  if (head === undefined) throw damaged(storage.place, key, 'the index is empty');
  if ((await storage.size(key)) !== from) throw damaged(storage.place, key, 'something was written after its end');
  return { head, blocks };
}
