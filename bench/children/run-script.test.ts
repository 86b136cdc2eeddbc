import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PROGRAM_FLAGS } from './run-script.ts';

test('what the benchmarks measure runs with the flags that the program runs with', () => {
  const flags = PROGRAM_FLAGS.join(' ');
  const shebang = readFileSync('src/cli/main.ts', 'utf8').split('\n', 1)[0];
  assert.equal(shebang, `#!/usr/bin/env -S node ${flags}`);
  const scripts: { readonly seaworthy: string } = JSON.parse(readFileSync('package.json', 'utf8')).scripts;
  assert.equal(scripts.seaworthy, `node ${flags} src/cli/main.ts`);
});
