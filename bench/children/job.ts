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

/** Plays the defect of holding more memory than any bound of a bench allows. */
export function hoard(): void {
  const held = Array.from({ length: 12 }, (_, at) => Buffer.alloc(100 << 20, at + 1));
  if (held.length !== 12) throw new Error('nothing was held');
}
