/**
 * Plays scripts at a sandbox with one fault in it (or none) until one of them differs from the real server in a way in which it does not
 * differ without the fault. The real answers, and what differs anyway, come in a file.
 */
import { readFileSync } from 'node:fs';
import { jobOf, report } from '../../children/job.ts';
import type { Fault } from '../faults.ts';
import type { Script } from '../script.ts';
import type { Transcript } from '../transcript.ts';
import { putIn } from './faulty.ts';

export interface FaultJob {
  readonly fault?: Fault;
  /** A file that holds `FaultData`. */
  readonly data: string;
}
export interface FaultData {
  readonly scripts: readonly Script[];
  readonly real: Readonly<Record<string, Transcript>>;
  /** Lines by script that differ without a fault. */
  readonly anyway: Readonly<Record<string, readonly string[]>>;
}
export interface FaultReport {
  readonly noticed: readonly { readonly script: string; readonly line: string }[];
  readonly played: number;
  /** Without a fault: every line by script. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
}

const job = jobOf<FaultJob>();
if (job.fault !== undefined) putIn(job.fault);
const { playFaulty } = await import('../faulty-play.ts');
report(await playFaulty(JSON.parse(readFileSync(job.data, 'utf8')) as FaultData, job.fault));
