import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { recoverFault } from './codes.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as its kernel counts: a pid alone comes again. */
  readonly began: string;
}

const TRIES = 3;

/** Keeps every other process from carrying out the same run. A lock whose process is dead is taken over. Returns what gives it back. */
export function lockRun(folder: string): () => void {
  const path = join(folder, 'lock');
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), began: beganOf(process.pid) } satisfies Holder);
  for (let tried = 1; ; tried++) {
    try {
      writeFileSync(path, mine, { flag: 'wx', mode: 0o600 });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = holderOf(path);
    if (holder !== undefined && mayLive(holder))
      throw recoverFault('RUN-BUSY', `Process ${holder.pid} on ${holder.host} carries out this run.`, {
        hint: `Wait for it or end it. If there is no such process, remove ${path}.`,
      });
    if (tried === TRIES)
      throw recoverFault('RUN-BUSY', 'Another process took this run at the same moment.', { hint: 'Try again.' });
    rmSync(path, { force: true });
  }
}

function holderOf(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder;
    return typeof holder.pid === 'number' ? holder : undefined;
  } catch {
    // Removed meanwhile, or its writer was killed between making and filling it.
    return undefined;
  }
}

/** Of another machine nothing can be known: its lock holds. */
function mayLive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return holder.began === '' || holder.began === beganOf(holder.pid);
}

/** Field 22 of /proc/PID/stat, the one after the name in brackets being 3; '' where there is no such file. */
function beganOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
