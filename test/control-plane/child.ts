import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from './assets.ts';
import { endWithUs, hasEnded } from './reaping.ts';

const POLL_MS = 20;
const LOG_TAIL = 4_000;

/** One running server, its output in a file. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** How it ended; undefined while it runs. */
  readonly ended: () => string | undefined;
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT') => void;
  /** Kills it, paused or not, and returns when it is gone. */
  readonly kill: () => Promise<void>;
}

/** The server found its port taken: the one failure that another try with other ports mends. */
export class PortTaken extends Error {}

export async function startChild(program: Program, flags: readonly string[], logFile: string): Promise<Child> {
  const name = program.args[0] ?? basename(program.path);
  const log = openSync(logFile, 'w');
  const child = spawn(program.path, [...program.args, ...flags], {
    stdio: ['ignore', log, log],
    cwd: dirname(logFile),
    // Settings of the caller's own etcd or cluster must not reach this one.
    env: { PATH: process.env.PATH, HOME: dirname(logFile), TMPDIR: process.env.TMPDIR },
  });
  closeSync(log);
  child.unref();
  let ended: string | undefined;
  const exit = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = signal === null ? `exit code ${code}` : `signal ${signal}`;
      if (child.pid !== undefined) hasEnded(child.pid);
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve).once('error', reject);
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} has no process id`);
  endWithUs(pid);
  return {
    name,
    pid,
    logFile,
    ended: () => ended,
    signal: (signal) => void child.kill(signal),
    async kill() {
      if (ended !== undefined) return;
      child.ref();
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Asks again and again until the answer is true; stops at once when one of `children` ends instead. */
export async function waitUntil(
  what: string,
  children: readonly Child[],
  limitMs: number,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await isSo())) {
    for (const child of children) {
      const ended = child.ended();
      if (ended === undefined) continue;
      const tail = logTail(child);
      const message = `${child.name} ended with ${ended} before ${what}:\n${tail}`;
      throw /address already in use/i.test(tail) ? new PortTaken(message) : new Error(message);
    }
    if (performance.now() > deadline) {
      const tails = children.map((child) => `--- ${child.name}\n${logTail(child)}`);
      throw new Error(`waited ${limitMs / 1000} s in vain: ${what}\n${tails.join('\n')}`);
    }
    await sleep(POLL_MS);
  }
}

function logTail(child: Child): string {
  return readFileSync(child.logFile, 'utf8').slice(-LOG_TAIL);
}
