import { readFile, rm } from 'node:fs/promises';
import { storageFault } from './codes.ts';
import type { Storage } from './port.ts';
import { checkKey, existingKey, missingKey, shortContent } from './storage-key.ts';

/** A storage that lives as long as the process. Bytes are copied in and out. */
export function openMemory(place = 'memory:'): Storage {
  const held = new Map<string, Uint8Array>();
  const bytesOf = (key: string): Uint8Array => {
    checkKey(key);
    const bytes = held.get(key);
    if (bytes === undefined) throw missingKey(place, key);
    return bytes;
  };
  const put = async (key: string, bytes: Uint8Array): Promise<void> => {
    checkKey(key);
    const before = held.get(key);
    if (before === undefined) held.set(key, new Uint8Array(bytes));
    else if (Buffer.compare(before, bytes) !== 0) throw existingKey(place, key);
  };
  return {
    place,
    put,
    async putFile(key, path) {
      checkKey(key);
      const bytes = await readFile(path).catch((error: unknown) => {
        throw storageFault('STORAGE-FAILED', `${key}: the local file ${path} could not be read`, {
          hint: 'Check the temporary folder (TMPDIR).',
          cause: error,
        });
      });
      await put(key, bytes);
      await rm(path, { force: true });
    },
    async get(key, range) {
      const bytes = bytesOf(key);
      if (range === undefined) return new Uint8Array(bytes);
      if (range.to > bytes.length) throw shortContent(place, key, range.to, bytes.length);
      return bytes.slice(range.from, range.to);
    },
    async size(key) {
      return bytesOf(key).length;
    },
    async *list(prefix) {
      for (const key of [...held.keys()].filter((name) => name.startsWith(prefix)).sort()) {
        const bytes = held.get(key);
        if (bytes !== undefined) yield { key, size: bytes.length };
      }
    },
    async remove(key) {
      checkKey(key);
      held.delete(key);
    },
    async close() {},
  };
}
