/** Keeps the frames used last, up to a number of bytes. Two readers of one frame share one load; a load that failed is not kept. */
export interface FrameCache {
  get(frame: number): Promise<Buffer>;
  clear(): void;
}

export function frameCache(load: (frame: number) => Promise<Buffer>, bytes: number): FrameCache {
  /** Least recently used first. */
  const kept = new Map<number, Buffer>();
  const loading = new Map<number, Promise<Buffer>>();
  let held = 0;

  function keep(frame: number, raw: Buffer): void {
    if (raw.length > bytes) return;
    kept.set(frame, raw);
    held += raw.length;
    for (const [oldest, old] of kept) {
      if (held <= bytes) return;
      kept.delete(oldest);
      held -= old.length;
    }
  }
  return {
    async get(frame) {
      const before = kept.get(frame);
      if (before !== undefined) {
        kept.delete(frame);
        kept.set(frame, before);
        return before;
      }
      const under = loading.get(frame);
      if (under !== undefined) return under;
      const load_ = load(frame).finally(() => loading.delete(frame));
      loading.set(frame, load_);
      const raw = await load_;
      if (!kept.has(frame)) keep(frame, raw);
      return raw;
    },
    clear() {
      kept.clear();
      held = 0;
    },
  };
}
