import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, open, readdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';

/** The calls that the directory adapter makes; tests replace single ones to play a full disk or a file system without links. */
export const NODE_FILES = { copyFile, link, lstat, mkdir, open, readdir, rename, rm, rmdir, stat, unlink };
export type DirectoryFiles = typeof NODE_FILES;

export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;
export const COPY_NEW = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;

/** `code` of a Node system error; '' for anything else. */
export function errno(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** Makes what a folder names durable. File systems that cannot sync a folder (some network mounts) are left as they are. */
export async function syncFolder(files: DirectoryFiles, folder: string): Promise<void> {
  const handle = await files.open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EBADF', 'EISDIR', 'EPERM'].includes(errno(error))) throw error;
  } finally {
    await handle.close();
  }
}

/** Whether two files hold the same bytes, compared piece by piece. */
export async function sameContent(files: DirectoryFiles, a: string, b: string): Promise<boolean> {
  const left = await files.open(a, 'r');
  try {
    const right = await files.open(b, 'r');
    try {
      if ((await left.stat()).size !== (await right.stat()).size) return false;
      const one = Buffer.allocUnsafe(1 << 18);
      const two = Buffer.allocUnsafe(1 << 18);
      for (let at = 0; ; ) {
        const n = (await left.read(one, 0, one.length, at)).bytesRead;
        const m = (await right.read(two, 0, Math.max(n, 1), at)).bytesRead;
        if (n !== m) return false;
        if (n === 0) return true;
        if (one.compare(two, 0, n, 0, n) !== 0) return false;
        at += n;
      }
    } finally {
      await right.close();
    }
  } finally {
    await left.close();
  }
}
