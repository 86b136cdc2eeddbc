// A process of its own that outlives whoever started it just long enough to clean up after it.
// A test that is killed with SIGKILL cannot stop its servers, and a server that is paused cannot
// notice that its parent is gone: this one can, because its standard input then ends.
//
// It reads one JSON array a line: ["pid+", 12], ["pid-", 12], ["folder+", "/tmp/x"], ["folder-", "/tmp/x"].
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const processes = new Map<number, string>();
const folders = new Set<string>();

/** The moment a process began: a later process under the same number is not ours to end. */
function birth(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? '';
  } catch {
    return '';
  }
}

function note(line: string): void {
  const [what, value]: unknown[] = JSON.parse(line);
  if (typeof value === 'number') {
    if (what === 'pid+') processes.set(value, birth(value));
    else processes.delete(value);
  } else if (typeof value === 'string') {
    if (what === 'folder+') folders.add(value);
    else folders.delete(value);
  }
}

function cleanUp(): void {
  for (const [pid, born] of processes) {
    if (birth(pid) !== born) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already, which is what was wanted.
    }
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

// An interrupt at the terminal reaches whole groups of processes; this one leaves last.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
createInterface({ input: process.stdin }).on('line', note).on('close', cleanUp);
