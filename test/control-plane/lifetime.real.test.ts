import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PortTaken } from './child.ts';
import { controlPlaneAvailable, startControlPlane } from './fixture.ts';
import { processesNaming } from './running.ts';

const availability = await controlPlaneAvailable();
const skip = availability.kind === 'unavailable' ? `${availability.why}; ${availability.hint}` : false;

async function abandon(how: 'exit' | 'be-killed'): Promise<string> {
  const script = join(import.meta.dirname, 'abandoned.ts');
  const parent = spawn(process.execPath, [script, how], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(parent, 'close');
  let folder = '';
  for await (const line of createInterface({ input: parent.stdout })) {
    folder = line;
    if (how === 'be-killed') {
      assert.equal((await processesNaming(folder)).length, 2);
      parent.kill('SIGKILL');
    }
  }
  await closed;
  assert.notEqual(folder, '');
  return folder;
}

for (const how of ['exit', 'be-killed'] as const) {
  test(`nothing outlives its parent: ${how}`, { skip }, async () => {
    const folder = await abandon(how);
    const deadline = performance.now() + 5_000;
    while (performance.now() < deadline && (existsSync(folder) || (await processesNaming(folder)).length > 0)) {
      await sleep(50);
    }
    assert.deepEqual(await processesNaming(folder), []);
    assert.equal(existsSync(folder), false);
  });
}

test('stopping leaves neither process nor folder', { skip }, async () => {
  const plane = await startControlPlane();
  assert.equal((await processesNaming(plane.folder)).length, 3);
  plane.pauseApiServer();
  await plane.stop();
  assert.deepEqual(await processesNaming(plane.folder), []);
  assert.equal(existsSync(plane.folder), false);
});

test('a port that someone else has taken leads to another try', { skip }, async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const address = squatter.address();
  assert.ok(typeof address === 'object' && address !== null);
  const lines: string[] = [];
  try {
    const log = (line: string): void => void lines.push(line);
    const start = startControlPlane({ log, extraApiServerArgs: [`--secure-port=${address.port}`] });
    await assert.rejects(start, PortTaken);
  } finally {
    squatter.close();
  }
  assert.equal(lines.filter((line) => line.includes('trying others')).length, 4);
});
