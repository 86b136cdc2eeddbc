/**
 * Bytes by key. Keys are `/`-separated segments of `[a-z0-9._-]`, never empty, never `.` or `..`.
 * Nothing is ever overwritten: `put` of an existing key with other bytes fails with `STORAGE-EXISTS`, with the same bytes it succeeds.
 * After a crash a key holds its whole content or is absent.
 */
export interface Storage {
  /** For people: where this is. */
  readonly place: string;
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Takes over a finished local file (it may be moved away); same contract as `put`. */
  putFile(key: string, path: string): Promise<void>;
  /** Fails with `STORAGE-MISSING` when the key is absent. `range` is [from, to) in bytes; short content fails with `STORAGE-SHORT`. */
  get(key: string, range?: { readonly from: number; readonly to: number }): Promise<Uint8Array>;
  size(key: string): Promise<number>;
  /** All keys under a prefix, in byte order. A list that breaks off is an error, never an end. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly size: number }>;
  /** Idempotent: an absent key is fine. Only `prune` may call it, and a writer for what it wrote without committing. */
  remove(key: string): Promise<void>;
  close(): Promise<void>;
}
