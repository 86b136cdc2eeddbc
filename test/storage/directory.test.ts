import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openDirectory } from '../../src/storage/directory.ts';
import { type DirectoryFiles, NODE_FILES } from '../../src/storage/directory-files.ts';
import { keysOf, refuses, storageContract } from './contract.ts';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: played by the test`), { code });
const refusing =
  (code: string): (() => Promise<never>) =>
  () =>
    Promise.reject(systemError(code));
const inFolder = (files?: Partial<DirectoryFiles>) => {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-directory-'));
  const options = files === undefined ? {} : { files: { ...NODE_FILES, ...files } };
  return {
    folder,
    storage: openDirectory(join(folder, 'vault'), options),
    close: () => rmSync(folder, { recursive: true }),
  };
};
const bytes = new TextEncoder().encode('sixteen bytes...');
const modeOf = (path: string): number => statSync(path).mode & 0o777;

storageContract('a directory', () => inFolder());
storageContract('a directory on a file system without links', () => inFolder({ link: refusing('ENOTSUP') }));
storageContract('a directory on another file system than the spool', () =>
  inFolder({
    link: (from, to) =>
      String(from).includes('~unfinished') ? NODE_FILES.link(from, to) : Promise.reject(systemError('EXDEV')),
  }),
);

describe('a directory', () => {
  test('is readable by its owner only, whatever the umask and the mode of the file taken over', async () => {
    const { folder, storage, close } = inFolder();
    try {
      await storage.put('points/a/index', bytes);
      const file = join(folder, 'spooled');
      writeFileSync(file, 'x', { mode: 0o644 });
      await storage.putFile('points/a/packs/0.pack', file);
      for (const made of ['', 'points', 'points/a', 'points/a/packs', '~unfinished'])
        assert.equal(modeOf(join(folder, 'vault', made)), 0o700, made);
      for (const made of ['points/a/index', 'points/a/packs/0.pack'])
        assert.equal(modeOf(join(folder, 'vault', made)), 0o600, made);
      assert.deepEqual(readdirSync(join(folder, 'vault', '~unfinished')), [], 'nothing unfinished stays');
    } finally {
      close();
    }
  });

  for (const code of ['ENOSPC', 'EDQUOT'])
    test(`says ${code} as STORAGE-FULL and keeps no half key`, async () => {
      let room = 0;
      const { folder, storage, close } = inFolder({
        open: async (path, ...rest) => {
          const handle = await NODE_FILES.open(path, ...rest);
          if (rest[0] === 'wx' && room-- <= 0)
            handle.writeFile = async () => {
              await handle.write(bytes.subarray(0, 7));
              throw systemError(code);
            };
          return handle;
        },
      });
      try {
        await refuses(storage.put('a/b', bytes), 'STORAGE-FULL');
        assert.deepEqual(await keysOf(storage), []);
        assert.deepEqual(readdirSync(join(folder, 'vault', '~unfinished')), []);
        room = 1;
        await storage.put('a/b', bytes);
        assert.equal((await storage.get('a/b')).length, bytes.length);
      } finally {
        close();
      }
    });

  test('leaves the key absent when it dies between writing and naming, and the next writer succeeds', async () => {
    const { folder, storage, close } = inFolder({ link: refusing('EIO') });
    try {
      await refuses(storage.put('a', bytes), 'STORAGE-FAILED');
      assert.deepEqual(await keysOf(storage), []);
      const later = openDirectory(join(folder, 'vault'));
      writeFileSync(join(folder, 'vault', '~unfinished', 'left-by-a-crash'), 'half');
      await later.put('a', bytes);
      assert.deepEqual(await keysOf(later), ['a']);
    } finally {
      close();
    }
  });

  test('breaks off a list with an error, never with an end', async () => {
    const { storage, close } = inFolder({
      readdir: ((path: string, options: { withFileTypes: true }) =>
        path.endsWith('/b/') ? Promise.reject(systemError('EIO')) : NODE_FILES.readdir(path, options)) as never,
    });
    try {
      for (const key of ['a/1', 'b/1', 'c/1']) await storage.put(key, bytes);
      await refuses(keysOf(storage), 'STORAGE-FAILED');
    } finally {
      close();
    }
  });

  test('lists packs that a person moved to another disk and linked, and passes over what is no key', async () => {
    const { folder, storage, close } = inFolder();
    try {
      await storage.put('a/1', bytes);
      writeFileSync(join(folder, 'elsewhere'), 'xyz');
      symlinkSync(join(folder, 'elsewhere'), join(folder, 'vault', 'a', '2'));
      writeFileSync(join(folder, 'vault', 'Read Me'), '');
      assert.deepEqual(await keysOf(storage), ['a/1', 'a/2']);
    } finally {
      close();
    }
  });

  test('that does not exist is empty, and reading it makes nothing', async () => {
    const { folder, storage, close } = inFolder();
    try {
      assert.deepEqual(await keysOf(storage), []);
      await refuses(storage.get('a'), 'STORAGE-MISSING');
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      close();
    }
  });
});
