/**
 * Records the protobuf messages of the pinned server's kinds (field numbers, names in JSON, types) into `src/sandbox/recorded`.
 * Run again only when the pinned version changes.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompressSync } from 'node:zlib';
import { SOURCES } from './cache.ts';

const FILE = join(import.meta.dirname, '../../src/sandbox/recorded/messages-data.ts');

const { stdout } = await promisify(execFile)('go', ['run', join(import.meta.dirname, 'record-messages.go')], {
  cwd: SOURCES,
  env: { ...process.env, CGO_ENABLED: '0' },
  maxBuffer: 64 * 1024 * 1024,
});
const bytes = Buffer.from(JSON.stringify(JSON.parse(stdout)));
const raw = Buffer.concat([Buffer.from(`${JSON.stringify([['messages', 0, bytes.length]])}\n`), bytes]);
const packed = zstdCompressSync(raw, { params: { [constants.ZSTD_c_compressionLevel]: 22 } }).toString('base64');
await writeFile(
  FILE,
  `/** Protobuf messages of the pinned server's kinds. Made by test/control-plane/record-messages.ts. */\nexport const MESSAGES_DATA: string =\n  '${packed}';\n`,
);
console.log(`${FILE}: ${bytes.length} bytes, packed ${packed.length} characters`);
