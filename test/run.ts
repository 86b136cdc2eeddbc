/**
 * Runs the tests: `fast` (everything that needs no control plane), `real` (`*.real.test.ts`).
 * Node's own runner; the list of files is made here because its globs differ between versions.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const [kind = 'fast', ...wanted] = process.argv.slice(2);
const roots = ['src', 'test', 'bench', 'docs', 'demo'];
const files = roots
  .flatMap((root) => testsBelow(root))
  .filter((file) => file.endsWith('.real.test.ts') === (kind === 'real'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`no ${kind} tests match ${wanted.join(' ')}`);
  process.exit(2);
}
const concurrency = kind === 'real' ? '1' : '2';
const child = spawn(
  process.execPath,
  [
    '--test',
    `--test-concurrency=${concurrency}`,
    '--test-reporter=./test/summary-reporter.ts',
    '--test-reporter-destination=stdout',
    ...files,
  ],
  { stdio: 'inherit', env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' } },
);
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));

function testsBelow(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names.filter((name) => name.endsWith('.test.ts')).map((name) => join(folder, name));
}
