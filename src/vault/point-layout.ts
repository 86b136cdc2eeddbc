import type { Uid } from '../objects/key.ts';
import type { IndexBlock } from './index-block.ts';
import type { Digest, PointEntry } from './vault.ts';

/** The rows of a point and where each stands: beside the entries nine bytes an object. */
export interface PointLayout {
  readonly entries: readonly PointEntry[];
  /** First row of each frame, in stored order. */
  readonly firstRow: readonly number[];
  /** By row: its frame, its first byte in the uncompressed frame, its bytes. */
  readonly frameOf: Uint32Array;
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
}

/** Lays the blocks of an index out as rows; equal namespaces and resources become one text in memory. */
export function layOut(blocks: readonly IndexBlock[]): PointLayout {
  const rows = blocks.reduce((sum, block) => sum + block.names.length, 0);
  const entries: PointEntry[] = [];
  const firstRow: number[] = [];
  const frameOf = new Uint32Array(rows);
  const offsets = new Uint32Array(rows);
  const lengths = new Uint32Array(rows);
  const texts = new Map<string, string>();
  const one = (text: string): string => {
    const before = texts.get(text);
    if (before === undefined) texts.set(text, text);
    return before ?? text;
  };
  for (const [frame, block] of blocks.entries()) {
    firstRow.push(entries.length);
    const resource = one(block.resource) as PointEntry['resource'];
    let offset = 0;
    let at = 0;
    for (const [space, count] of block.spaces) {
      const namespace = space === null ? undefined : one(space);
      for (let i = 0; i < count; i++, at++) {
        const row = entries.length;
        const length = block.lengths[at] ?? 0;
        frameOf[row] = frame;
        offsets[row] = offset;
        lengths[row] = length;
        offset += length;
        const digest = block.digests.slice(at * 64, at * 64 + 64) as Digest;
        entries.push({
          row,
          resource,
          namespace,
          name: block.names[at] ?? '',
          uid: (block.uids[at] ?? '') as Uid,
          digest,
        });
      }
    }
  }
  return { entries, firstRow, frameOf, offsets, lengths };
}
