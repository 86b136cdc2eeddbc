import { readFileSync } from 'node:fs';

/** In a child: what the bench asked of it, given as JSON on stdin. */
export function jobOf<Job>(): Job {
  return JSON.parse(readFileSync(0, 'utf8')) as Job;
}

/** In a child: its answer to the bench, as the last line of stdout. */
export function report(answer: unknown): void {
  process.stdout.write(`\n${JSON.stringify(answer)}\n`);
}

/** The most memory that a process ever held, in MB of 1,000,000 bytes: VmHWM of /proc. NaN where there is no such file. */
export function highWater(pid: number | 'self' = 'self'): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return (Number(kilobytes ?? Number.NaN) * 1024) / 1e6;
  } catch {
    return Number.NaN;
  }
}
