import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Uid } from '../objects/key.ts';
import { runFolder } from '../recover/run-folder.ts';
import { costOf, DEFAULT_RATE, type WriteRate } from './estimate.ts';

/** Fewer writes than these say nothing of a rate. */
const FEWEST_WRITES = 100;

/** The rate of the newest real recovery whose log is on this machine; what the lab measured where there is none. */
export function measuredRate(environment: Readonly<Record<string, string | undefined>> = process.env): WriteRate {
  const policy = { selection: {}, fieldOwnership: 'all' } as const;
  const runs = dirname(runFolder({ point: '', fingerprint: '' as Uid, policy }, environment));
  if (!existsSync(runs)) return DEFAULT_RATE;
  const logs = readdirSync(runs)
    .map((name) => join(runs, name, 'log.jsonl'))
    .filter((path) => existsSync(path))
    .map((path) => ({ path, at: statSync(path).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { path, at } of logs) {
    const small = rateIn(readFileSync(path, 'utf8').split('\n'));
    if (small === undefined) continue;
    const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
    return { small, from: `the recovery of ${when} on this machine: ${Math.round(small)} small writes a second` };
  }
  return DEFAULT_RATE;
}

interface LogLine {
  readonly t?: unknown;
  readonly key?: unknown;
  readonly writes?: unknown;
  readonly seconds?: unknown;
}

/** Writes a second as if all had been small: the mixture of kinds is that of what the log says was written. */
function rateIn(lines: readonly string[]): number | undefined {
  let [objects, cost] = [0, 0];
  let rate: number | undefined;
  for (const line of lines) {
    const { t, key, writes, seconds } = parsed(line);
    if (typeof key === 'string' && (t === 'posted' || t === 'ended')) {
      objects++;
      cost += costOf(key.slice(0, key.indexOf('/')));
    }
    if (t !== 'finished' || typeof writes !== 'number' || typeof seconds !== 'number') continue;
    if (writes >= FEWEST_WRITES && seconds > 0) rate = writes / seconds;
  }
  return rate === undefined || objects === 0 ? undefined : (rate * cost) / objects;
}

function parsed(line: string): LogLine {
  try {
    return (JSON.parse(line) as LogLine | null) ?? {};
  } catch {
    return {};
  }
}
