import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

/**
 * Nothing that a test starts may outlive it, however it ends: an ordinary exit is dealt with here,
 * a sudden death by the process in reaper.ts.
 */
const processes = new Set<number>();
const folders = new Set<string>();
let reaper: ChildProcess | undefined;

function tellReaper(message: readonly [string, number | string]): void {
  reaper ??= startReaper();
  reaper.stdin?.write(`${JSON.stringify(message)}\n`);
}

function startReaper(): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'reaper.ts')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    // The runner's own settings for its children, such as the test reporter, are not meant for this one.
    env: {},
  });
  child.unref();
  // The pipe stays open for as long as this process lives, but must not keep it alive.
  if (child.stdin instanceof Socket) child.stdin.unref();
  child.stdin?.on('error', () => undefined);
  process.on('exit', () => {
    for (const pid of processes) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself and its 'exit' event has not been seen yet.
      }
    }
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
  });
  return child;
}

export function endWithUs(pid: number): void {
  processes.add(pid);
  tellReaper(['pid+', pid]);
}

export function hasEnded(pid: number): void {
  processes.delete(pid);
  tellReaper(['pid-', pid]);
}

export function removeWithUs(folder: string): void {
  folders.add(folder);
  tellReaper(['folder+', folder]);
}

export function isRemoved(folder: string): void {
  folders.delete(folder);
  tellReaper(['folder-', folder]);
}
