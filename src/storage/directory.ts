import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { isFault } from '../outcome/fault.ts';
import { storageFault } from './codes.ts';
import {
  COPY_NEW,
  type DirectoryFiles,
  errno,
  FILE_MODE,
  FOLDER_MODE,
  NODE_FILES,
  sameContent,
  syncFolder,
} from './directory-files.ts';
import { keysBelow } from './directory-list.ts';
import type { Storage } from './port.ts';
import { checkKey, existingKey, missingKey, shortContent } from './storage-key.ts';

/** Holds unfinished files; the tilde stands in no key. What a crash leaves there is never read. */
const UNFINISHED = '~unfinished';
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES', 'EINVAL'];

/**
 * A storage in a directory, made at the first write: one file a key, files 0600, folders 0700.
 * A key appears whole or not at all: a synced unfinished file is linked to its final name (a link never replaces anything) and the folder is synced.
 * Where links fail, a marker made with O_EXCL keeps other writers away while the file is renamed: also whole or not at all.
 */
export function openDirectory(path: string, options: { readonly files?: DirectoryFiles } = {}): Storage {
  const files = options.files ?? NODE_FILES;
  const root = resolve(path);
  const fileOf = (key: string): string => {
    checkKey(key);
    return join(root, key);
  };

  async function makeFolder(folder: string): Promise<void> {
    const first = await files.mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    if (first === undefined) return;
    for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(files, dirname(made));
  }
  async function unfinishedFile(): Promise<string> {
    await makeFolder(join(root, UNFINISHED));
    return join(root, UNFINISHED, randomBytes(12).toString('hex'));
  }

  /** Gives a synced file its final name, or finds that the name holds the same bytes. The file is gone afterwards. */
  async function finish(key: string, from: string, tries = 3): Promise<void> {
    const to = fileOf(key);
    await makeFolder(dirname(to));
    try {
      await files.link(from, to);
    } catch (error) {
      const code = errno(error);
      if (code === 'EEXIST') return settle(key, from, to);
      if (code === 'ENOENT' && tries > 1) return finish(key, from, tries - 1); // another writer removed the empty folder
      if (!NO_LINKS.includes(code)) throw error;
      return finishByRename(key, from, to);
    }
    await syncFolder(files, dirname(to));
    await files.unlink(from);
  }
  async function finishByRename(key: string, from: string, to: string): Promise<void> {
    const marker = `${to}~`;
    try {
      await (await files.open(marker, 'wx', FILE_MODE)).close();
    } catch (error) {
      if (errno(error) === 'EEXIST') throw existingKey(root, key);
      throw error;
    }
    try {
      if (await exists(to)) return await settle(key, from, to);
      await files.rename(from, to);
      await syncFolder(files, dirname(to));
    } finally {
      await files.rm(marker, { force: true });
    }
  }
  async function settle(key: string, from: string, to: string): Promise<void> {
    if (!(await sameContent(files, from, to))) throw existingKey(root, key);
    await syncFolder(files, dirname(to));
    await files.unlink(from);
  }
  const exists = (file: string): Promise<boolean> =>
    files.lstat(file).then(
      () => true,
      (error: unknown) => {
        if (errno(error) === 'ENOENT') return false;
        throw error;
      },
    );

  /** Runs the work and tells its system errors as faults; `leftover` never outlives a failure. */
  async function writing(key: string, work: (leftover: string) => Promise<void>): Promise<void> {
    checkKey(key);
    let leftover: string | undefined;
    try {
      leftover = await unfinishedFile();
      await work(leftover);
    } catch (error) {
      if (leftover !== undefined) await files.rm(leftover, { force: true }).catch(() => undefined);
      throw asFault(error, key);
    }
  }
  function asFault(error: unknown, key: string): unknown {
    if (isFault(error)) return error;
    const code = errno(error);
    if (code === 'ENOSPC' || code === 'EDQUOT')
      return storageFault('STORAGE-FULL', `${root} has no room left for ${key}; the key was not written`, {
        hint: 'Make room and run the command again; nothing half-written is kept.',
        cause: error,
        details: { key },
      });
    return storageFault('STORAGE-FAILED', `${key} in ${root}: ${error instanceof Error ? error.message : code}`, {
      hint: 'Check that the directory is mounted, readable and writable.',
      cause: error,
      details: { key },
    });
  }
  async function reading<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errno(error)) ? missingKey(root, key, error) : asFault(error, key);
    }
  }

  return {
    place: root,
    put: (key, bytes) =>
      writing(key, async (leftover) => {
        const handle = await files.open(leftover, 'wx', FILE_MODE);
        try {
          await handle.writeFile(bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await finish(key, leftover);
      }),
    putFile: (key, path) =>
      writing(key, async (leftover) => {
        try {
          await files.link(path, leftover);
        } catch (error) {
          if (errno(error) !== 'EXDEV' && !NO_LINKS.includes(errno(error))) throw error;
          await files.copyFile(path, leftover, COPY_NEW);
        }
        const handle = await files.open(leftover, 'r+');
        try {
          await handle.chmod(FILE_MODE);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await finish(key, leftover);
        await files.rm(path, { force: true });
      }),
    get: (key, range) =>
      reading(key, async () => {
        const handle = await files.open(fileOf(key), 'r');
        try {
          const { size } = await handle.stat();
          const from = range?.from ?? 0;
          const to = range?.to ?? size;
          if (to > size) throw shortContent(root, key, to, size);
          const bytes = Buffer.allocUnsafeSlow(to - from);
          for (let done = 0; done < bytes.length; ) {
            const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done);
            if (bytesRead === 0) throw shortContent(root, key, to, from + done);
            done += bytesRead;
          }
          return bytes;
        } finally {
          await handle.close();
        }
      }),
    size: (key) =>
      reading(key, async () => {
        const found = await files.stat(fileOf(key));
        if (!found.isFile()) throw missingKey(root, key);
        return found.size;
      }),
    async *list(prefix) {
      try {
        yield* keysBelow(files, root, prefix);
      } catch (error) {
        throw asFault(error, prefix === '' ? 'the list' : prefix);
      }
    },
    async remove(key) {
      const file = fileOf(key);
      try {
        await files.rm(file, { force: true });
        await removeEmptyFolders(dirname(file));
      } catch (error) {
        if (errno(error) !== 'ENOTDIR') throw asFault(error, key);
      }
    },
    async close() {},
  };

  async function removeEmptyFolders(folder: string): Promise<void> {
    for (let at = folder; at.length > root.length; at = dirname(at)) {
      try {
        await files.rmdir(at);
      } catch (error) {
        if (errno(error) !== 'ENOENT') return;
      }
    }
  }
}
