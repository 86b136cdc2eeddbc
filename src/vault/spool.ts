import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vaultFault } from './codes.ts';

const open = new Set<string>();
let watching = false;

/** A local temporary folder (0700) for what waits to be stored. It goes with `remove`, and at the latest with the process. */
export interface Spool {
  /** A new file, 0600. */
  file(name: string): SpoolFile;
  remove(): void;
}
export interface SpoolFile {
  readonly path: string;
  /** Bytes written so far. */
  size(): number;
  /** Writes all of it before it returns (into the page cache: a spool needs no sync). */
  write(bytes: Uint8Array): void;
  close(): void;
}

export function openSpool(parent: string = tmpdir()): Spool {
  const folder = guarded(parent, () => mkdtempSync(join(parent, 'seaworthy-spool-')));
  open.add(folder);
  if (!watching) {
    watching = true;
    process.on('exit', () => {
      for (const left of open) rmSync(left, { recursive: true, force: true });
    });
  }
  return {
    file: (name) => spoolFile(folder, name),
    remove() {
      rmSync(folder, { recursive: true, force: true });
      open.delete(folder);
    },
  };
}

function spoolFile(folder: string, name: string): SpoolFile {
  const path = join(folder, name);
  const handle = guarded(folder, () => openSync(path, 'wx', 0o600));
  let size = 0;
  let closed = false;
  return {
    path,
    size: () => size,
    write: (bytes) =>
      guarded(folder, () => {
        for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
        size += bytes.length;
      }),
    close() {
      if (!closed) closeSync(handle);
      closed = true;
    },
  };
}

function guarded<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw vaultFault('VAULT-SPOOL', `the temporary folder ${folder} could not be written`, {
      hint: 'Make room there, or set TMPDIR to a folder on a disk that has room for the compressed objects.',
      cause: error,
    });
  }
}
