import type { ResourceName, Uid } from '../objects/key.ts';
import { compressor } from './compressor.ts';
import { digestOf } from './digest.ts';
import type { IndexBlock } from './index-block.ts';
import type { Lacks } from './item-type.ts';
import type { PackPlace } from './pack-writer.ts';
import type { Digest } from './vault.ts';

/** Bytes of an uncompressed frame: read in 2.5 ms, compressed about as well as larger ones. */
export const FRAME_BYTES = 1 << 20;
/** Resources that fill a frame at the same time; the one that waited longest gives its buffer up. */
const OPEN_FRAMES = 8;

export interface FrameItem {
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: Uid;
  readonly digest: Digest;
}

/** Gathers the items of each resource into frames of its own; a finished frame is compressed, appended and told to `onFrame`. */
export interface FrameWriter {
  /** Copies the bytes before it returns. A promise asks the caller to wait until frames before this one are compressed. */
  add(resource: ResourceName, lacks: Lacks, item: FrameItem, bytes: Uint8Array): Promise<void> | undefined;
  /** Throws away what of a resource has not yet been told to `onFrame`. */
  discard(resource: ResourceName): void;
  /** Resolves when every frame was told. */
  finish(): Promise<void>;
  /** Resolves when nothing is under way any more, whatever failed. */
  settle(): Promise<void>;
}

export function frameWriter(
  append: (frame: Uint8Array) => PackPlace,
  onFrame: (block: IndexBlock) => void,
): FrameWriter {
  /** Least recently used first. */
  const frames = new Map<ResourceName, Frame>();
  const underWay = new Set<Columns>();
  const spare: Buffer[] = [];
  const background = compressor();

  function cut(frame: Frame): Promise<void> | undefined {
    frames.delete(frame.resource);
    return store(frame, frame.bytes.subarray(0, frame.used), () => spare.push(frame.bytes));
  }
  function store(frame: Columns, bytes: Uint8Array, release: () => void): Promise<void> | undefined {
    underWay.add(frame);
    return background.add(bytes, (packed) => {
      release();
      if (!underWay.delete(frame)) return;
      const { pack, from } = append(packed);
      const { resource, lacks, spaces, names, uids, lengths } = frame;
      const place = { pack, from, size: packed.length, raw: bytes.length, sha256: digestOf(packed) };
      onFrame({ resource, lacks, ...place, spaces, names, uids, lengths, digests: frame.digests.join('') });
    });
  }
  /** Makes room for the next bytes of a resource: its full frame is cut, or, where too many are open, the one that waited longest. */
  function makeRoom(resource: ResourceName, lacks: Lacks, room: number): Promise<void> | undefined {
    const open = frames.get(resource);
    if (open !== undefined) return open.lacks === lacks && open.used + room <= FRAME_BYTES ? undefined : cut(open);
    const [oldest] = frames.values();
    return frames.size >= OPEN_FRAMES && oldest !== undefined ? cut(oldest) : undefined;
  }
  function frameFor(resource: ResourceName, lacks: Lacks): Frame {
    const open = frames.get(resource);
    const bytes = open?.bytes ?? spare.pop() ?? Buffer.allocUnsafeSlow(FRAME_BYTES);
    const frame = open ?? { ...columns(resource, lacks), bytes, used: 0 };
    frames.delete(resource);
    frames.set(resource, frame);
    return frame;
  }
  return {
    add(resource, lacks, item, bytes) {
      background.check();
      if (bytes.length > FRAME_BYTES / 2) {
        const open = frames.get(resource);
        if (open !== undefined) cut(open);
        const alone = columns(resource, lacks);
        note(alone, item, bytes.length);
        return store(alone, new Uint8Array(bytes), () => undefined);
      }
      const wait = makeRoom(resource, lacks, bytes.length);
      const frame = frameFor(resource, lacks);
      frame.bytes.set(bytes, frame.used);
      frame.used += bytes.length;
      note(frame, item, bytes.length);
      return wait;
    },
    discard(resource) {
      const frame = frames.get(resource);
      if (frame !== undefined) spare.push(frame.bytes);
      frames.delete(resource);
      for (const one of underWay) if (one.resource === resource) underWay.delete(one);
    },
    async finish() {
      for (const frame of [...frames.values()]) await cut(frame);
      await background.finish();
    },
    settle: () => background.finish().catch(() => undefined),
  };
}

interface Columns {
  readonly resource: ResourceName;
  readonly lacks: Lacks;
  readonly spaces: [string | null, number][];
  readonly names: string[];
  readonly uids: string[];
  readonly lengths: number[];
  readonly digests: string[];
}
interface Frame extends Columns {
  readonly bytes: Buffer;
  used: number;
}

function columns(resource: ResourceName, lacks: Lacks): Columns {
  return { resource, lacks, spaces: [], names: [], uids: [], lengths: [], digests: [] };
}

function note(frame: Columns, item: FrameItem, length: number): void {
  const space = item.namespace ?? null;
  const run = frame.spaces.at(-1);
  if (run !== undefined && run[0] === space) run[1]++;
  else frame.spaces.push([space, 1]);
  frame.names.push(item.name);
  frame.uids.push(item.uid);
  frame.lengths.push(length);
  frame.digests.push(item.digest);
}
