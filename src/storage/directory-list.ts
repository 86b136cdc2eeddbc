import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { type DirectoryFiles, errno } from './directory-files.ts';
import { isSegment } from './storage-key.ts';

/**
 * Keys under a text prefix in byte order. Names that stand in no key (unfinished files, markers, what others left there) are passed over.
 * A folder is ordered as its name with a slash, which makes the walk's order that of the whole keys.
 * A folder that vanishes during the walk ends that folder; any other failure is thrown.
 */
export async function* keysBelow(
  files: DirectoryFiles,
  root: string,
  prefix: string,
): AsyncGenerator<{ readonly key: string; readonly size: number }> {
  const slash = prefix.lastIndexOf('/');
  const start = slash < 0 ? '' : prefix.slice(0, slash + 1);
  if (start !== '' && !start.slice(0, -1).split('/').every(isSegment)) return;
  yield* walk(start);

  async function* walk(folder: string): AsyncGenerator<{ readonly key: string; readonly size: number }> {
    for (const { name, isFolder } of await namesIn(folder)) {
      const key = folder + name;
      const wanted = isFolder ? key.startsWith(prefix) || prefix.startsWith(key) : key.startsWith(prefix);
      if (!wanted) continue;
      if (isFolder) yield* walk(key);
      else {
        const size = await sizeOf(key);
        if (size !== undefined) yield { key, size };
      }
    }
  }
  async function namesIn(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
    let entries: Dirent[];
    try {
      entries = await files.readdir(join(root, folder), { withFileTypes: true });
    } catch (error) {
      if (errno(error) === 'ENOENT' || (errno(error) === 'ENOTDIR' && folder !== '')) return [];
      throw error;
    }
    const names: { name: string; isFolder: boolean }[] = [];
    for (const entry of entries) {
      if (!isSegment(entry.name)) continue;
      const isFolder = entry.isSymbolicLink()
        ? (await files.stat(join(root, folder, entry.name))).isDirectory()
        : entry.isDirectory();
      names.push({ name: isFolder ? `${entry.name}/` : entry.name, isFolder });
    }
    return names.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
  async function sizeOf(key: string): Promise<number | undefined> {
    try {
      return (await files.stat(join(root, key))).size;
    } catch (error) {
      if (errno(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}
