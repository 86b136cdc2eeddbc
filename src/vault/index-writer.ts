import { closeSync, openSync, readSync } from 'node:fs';
import { zstdCompressSync } from 'node:zlib';
import { compareText, type ResourceName } from '../objects/key.ts';
import { digestOf } from './digest.ts';
import type { IndexBlock, IndexHead } from './index-block.ts';
import type { Spool } from './spool.ts';

/** One zstd frame of the index file. */
export interface IndexFrame {
  readonly size: number;
  readonly raw: number;
  readonly sha256: string;
}

/** Keeps the index on the local disk while a point is written: in memory stays one small record a frame, nothing an object. */
export interface IndexWriter {
  note(block: IndexBlock): void;
  discard(resource: ResourceName): void;
  /** Objects and raw bytes that the index holds. */
  totals(): { readonly objects: number; readonly bytes: number };
  /** Writes the index in its final order, by resource name and then as listed, and tells its frames and where it is. */
  finish(head: IndexHead): { readonly path: string; readonly frames: readonly IndexFrame[] };
}

const INDEX_FRAME_BYTES = 1 << 20;

export function indexWriter(spool: Spool): IndexWriter {
  const lines = spool.file('index.lines');
  const placed = new Map<ResourceName, { from: number; size: number; objects: number; bytes: number }[]>();
  return {
    note(block) {
      const line = Buffer.from(`${JSON.stringify(block)}\n`);
      const record = { from: lines.size(), size: line.length, objects: block.names.length, bytes: block.raw };
      lines.write(line);
      const before = placed.get(block.resource);
      if (before === undefined) placed.set(block.resource, [record]);
      else before.push(record);
    },
    discard(resource) {
      placed.delete(resource);
    },
    totals() {
      const records = [...placed.values()].flat();
      return {
        objects: records.reduce((sum, record) => sum + record.objects, 0),
        bytes: records.reduce((sum, record) => sum + record.bytes, 0),
      };
    },
    finish(head) {
      lines.close();
      const out = spool.file('index.zst');
      const frames: IndexFrame[] = [];
      let gathered: Buffer[] = [];
      let bytes = 0;
      const cut = (): void => {
        if (bytes === 0) return;
        const packed = zstdCompressSync(Buffer.concat(gathered));
        out.write(packed);
        frames.push({ size: packed.length, raw: bytes, sha256: digestOf(packed) });
        gathered = [];
        bytes = 0;
      };
      const gather = (line: Buffer): void => {
        gathered.push(line);
        bytes += line.length;
        if (bytes >= INDEX_FRAME_BYTES) cut();
      };
      gather(Buffer.from(`${JSON.stringify(head)}\n`));
      const handle = openSync(lines.path, 'r');
      try {
        for (const resource of [...placed.keys()].sort(compareText))
          for (const { from, size } of placed.get(resource) ?? []) gather(readExactly(handle, from, size));
      } finally {
        closeSync(handle);
      }
      cut();
      out.close();
      return { path: out.path, frames };
    },
  };
}

function readExactly(handle: number, from: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  for (let done = 0; done < size; ) {
    const read = readSync(handle, bytes, done, size - done, from + done);
    if (read === 0) throw new Error('the index in the temporary folder was cut off');
    done += read;
  }
  return bytes;
}
