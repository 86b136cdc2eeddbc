import { keyTextOf } from '../objects/key.ts';
import { isFault } from '../outcome/fault.ts';
import type { Storage } from '../storage/port.ts';
import { damaged } from './codes.ts';
import { digestOf } from './digest.ts';
import { frameCache } from './frame-cache.ts';
import type { IndexBlock } from './index-block.ts';
import { bytesThatWereWritten, readIndex, unpackFrame } from './index-reader.ts';
import { lackingType, missingType, withType } from './item-type.ts';
import type { ManifestFile } from './manifest-file.ts';
import { indexKey, packKey } from './point-id.ts';
import { layOut } from './point-layout.ts';
import type { PointEntry, PointReader, PointText } from './vault.ts';

const CACHE_BYTES = 64 << 20;

/** What the reader needs of a block once its rows are laid out. */
interface Frame {
  readonly key: string;
  readonly place: Pick<IndexBlock, 'from' | 'size' | 'raw' | 'sha256'>;
  /** What its objects lack at their beginning. */
  readonly type: Uint8Array;
  readonly lacking: PointText['lacking'];
}

interface Unpacked {
  readonly frame: Frame;
  readonly entries: readonly PointEntry[];
  readonly raw: Buffer;
}

/** Opens one point: its index is read whole, bodies one frame at a time. */
export async function readPoint(storage: Storage, file: ManifestFile, cacheBytes = CACHE_BYTES): Promise<PointReader> {
  const { manifest } = file;
  const key = indexKey(manifest.id);
  const { head, blocks } = await readIndex(storage, key, file.index);
  const { entries, firstRow, frameOf, offsets, lengths } = layOut(blocks);
  if (entries.length !== manifest.objects)
    throw damaged(storage.place, key, `it names ${entries.length} objects, the manifest ${manifest.objects}`);
  const frames: readonly Frame[] = blocks.map((block) => {
    const type = head.types[block.resource];
    if (type === undefined) throw damaged(storage.place, key, `it tells no type for ${block.resource}`);
    const place = { from: block.from, size: block.size, raw: block.raw, sha256: block.sha256 };
    return {
      key: packKey(manifest.id, block.pack),
      place,
      type: missingType(block.lacks, type),
      lacking: lackingType(block.lacks, type),
    };
  });
  const cache = frameCache((frame) => load(frameAt(frame)), cacheBytes);

  async function load({ key, place }: Frame): Promise<Buffer> {
    const to = place.from + place.size;
    const packed = await bytesThatWereWritten(storage, key, { from: place.from, to });
    const raw = await unpackFrame(packed, place);
    if (raw === undefined) throw damaged(storage.place, key, `bytes ${place.from} to ${to} are not what was written`);
    return raw;
  }
  /** Cuts an object out of its frame and makes sure that it is the one. */
  function cutOut(entry: PointEntry, frame: Frame, raw: Buffer): Buffer {
    const from = offsets[entry.row] ?? 0;
    const bytes = raw.subarray(from, from + (lengths[entry.row] ?? 0));
    if (digestOf(bytes) === entry.digest) return bytes;
    throw damaged(storage.place, frame.key, 'its bytes do not have its digest', { object: nameOf(entry) });
  }
  /** The digest of the frame was checked, and that of the index, which says where in it an object stands: no third look at each object. */
  function* textsOf({ frame, entries, raw }: Unpacked): Generator<PointText> {
    const { lacking } = frame;
    for (const entry of entries) {
      const from = offsets[entry.row] ?? 0;
      const text = raw.toString('utf8', from, from + (lengths[entry.row] ?? 0));
      yield { entry, text, lacking };
    }
  }
  /** The next frame is read and decompressed while the one before it is looked at. */
  async function* unpacked(): AsyncGenerator<Unpacked> {
    let next = loadAhead(0);
    for (const [number, frame] of frames.entries()) {
      const first = firstRow[number] ?? 0;
      const end = firstRow[number + 1] ?? entries.length;
      const loading = next ?? load(frame);
      next = loadAhead(number + 1);
      let raw: Buffer;
      try {
        raw = await loading;
      } catch (error) {
        throw end === first + 1 ? ofObject(error, entryAt(first), frame) : error;
      }
      yield { frame, entries: entries.slice(first, end), raw };
    }
  }
  /** What fails is told to who awaits it, and to nobody when reading ends before. */
  function loadAhead(number: number): Promise<Buffer> | undefined {
    const frame = frames[number];
    const loading = frame === undefined ? undefined : load(frame);
    loading?.catch(() => undefined);
    return loading;
  }
  /** Names the object that was asked for in a damage of its frame. */
  function ofObject(cause: unknown, entry: PointEntry, frame: Frame): unknown {
    if (!isFault(cause, 'VAULT-DAMAGED')) return cause;
    return damaged(storage.place, frame.key, 'its frame is not what was written', { object: nameOf(entry), cause });
  }
  const nameOf = (entry: PointEntry): string => keyTextOf(entry.resource, entry.namespace, entry.name);
  const frameAt = (frame: number): Frame => frames[frame] ?? outOfRange('frame', frame);
  const entryAt = (row: number): PointEntry => entries[row] ?? outOfRange('row', row);

  return {
    manifest,
    entries,
    async read(row) {
      const entry = entryAt(row);
      const number = frameOf[row] ?? 0;
      const frame = frameAt(number);
      try {
        return withType(cutOut(entry, frame, await cache.get(number)), frame.type);
      } catch (error) {
        throw isFault(error) && error.details.object !== undefined ? error : ofObject(error, entry, frame);
      }
    },
    async *stream() {
      for await (const { frame, entries, raw } of unpacked())
        for (const entry of entries) yield { entry, bytes: withType(cutOut(entry, frame, raw), frame.type) };
    },
    async *texts() {
      for await (const unpackedFrame of unpacked()) yield textsOf(unpackedFrame);
    },
    async close() {
      cache.clear();
    },
  };
}

function outOfRange(what: string, number: number): never {
  throw new RangeError(`the point has no ${what} ${number}`);
}
