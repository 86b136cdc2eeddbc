import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { JsonObject } from '../../../src/objects/json.ts';
import { decodeProtobuf } from '../../../src/sandbox/serving/protobuf.ts';
import { SOURCES } from '../../control-plane/cache.ts';
import { controlPlaneAvailable } from '../../control-plane/fixture.ts';

const available = await controlPlaneAvailable();
const program = join(import.meta.dirname, '../../control-plane/filled-messages.go');

async function printed(): Promise<string | undefined> {
  try {
    const env = { ...process.env, CGO_ENABLED: '0' };
    const { stdout } = await promisify(execFile)('go', ['run', program], {
      cwd: SOURCES,
      env,
      maxBuffer: 64 * 1024 * 1024,
      timeout: 240_000,
    });
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

test('every kind with every field filled is read as Go itself writes it in JSON', {
  skip: available.kind === 'unavailable' ? available.why : false,
}, async (context) => {
  const lines = (await printed())?.trim().split('\n');
  if (lines === undefined) return context.skip('there is no go');
  assert.ok(lines.length > 150);
  for (const line of lines) {
    const cut = line.indexOf(' ');
    const json = JSON.parse(line.slice(cut + 1)) as JsonObject;
    const read = decodeProtobuf(Buffer.from(line.slice(0, cut), 'base64'), String(json.kind));
    assert.deepEqual(JSON.parse(JSON.stringify(read)), json, `${String(json.apiVersion)} ${String(json.kind)}`);
  }
});
