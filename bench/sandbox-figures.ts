import type { BenchTarget } from './bench.ts';
import type { CreatedListed } from './children/create-list-child.ts';
import type { Watched } from './children/watch-child.ts';

/** What one of the two servers did. */
export interface ServerRun {
  readonly work: CreatedListed;
  readonly watched: Watched;
  /** The most memory that its processes ever held together, in MB. */
  readonly memory: number;
}
export interface Sizes {
  readonly objects: number;
  readonly watchers: number;
  readonly changes: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Both servers in figures; ratios say how many times faster the sandbox was. Whatever is incomplete is counted apart. */
export function sandboxFigures(real: ServerRun, sandbox: ServerRun, sizes: Sizes): Record<string, number> {
  const of = (name: string, { work, watched, memory }: ServerRun): Record<string, number> => ({
    [`${name}_creates_per_second`]: work.created / work.createSeconds,
    [`${name}_list_seconds`]: median(work.listSeconds),
    [`${name}_paged_list_seconds`]: median(work.pagedSeconds),
    [`${name}_watch_seconds`]: watched.seconds,
    [`${name}_watch_mb`]: watched.bytes / 1e6,
    [`${name}_watchers_lost`]: watched.lost,
    [`${name}_memory_mb`]: memory,
  });
  return {
    ...sizes,
    ...of('real', real),
    ...of('sandbox', sandbox),
    creates_ratio: sandbox.work.created / sandbox.work.createSeconds / (real.work.created / real.work.createSeconds),
    list_ratio: median(real.work.listSeconds) / median(sandbox.work.listSeconds),
    paged_list_ratio: median(real.work.pagedSeconds) / median(sandbox.work.pagedSeconds),
    watch_ratio: real.watched.seconds / sandbox.watched.seconds,
    memory_ratio: sandbox.memory / real.memory,
    missing: missing(real, sizes, real.watched.lost > 0) + missing(sandbox, sizes, false),
  };
}

/** Objects that were not made or not listed, watchers that never saw the end, events that a watcher never saw. */
function missing({ work, watched }: ServerRun, { objects, watchers, changes }: Sizes, lets: boolean): number {
  const lost = (wanted: number, found: number): number => Math.abs(wanted - found);
  const lists = work.listed.length === 0 ? 1 : work.listed.reduce((sum, found) => sum + lost(objects, found), 0);
  const events = watched.counted.length === 0 ? 1 : watched.counted.reduce((sum, had) => sum + lost(changes, had), 0);
  // The real server lets go watchers that fall behind; the sandbox must not.
  const seen = lets ? 0 : lost(watchers, watched.complete) + events;
  return lost(objects, work.created) + lists + seen;
}

export const SANDBOX_TARGETS: readonly BenchTarget[] = [
  { name: 'nothing is missing at either server', figure: 'missing', op: '==', limit: 0, atAnyScale: true },
  { name: 'creates faster than the real server', figure: 'creates_ratio', op: '>=', limit: 1 },
  { name: 'lists faster', figure: 'list_ratio', op: '>=', limit: 1 },
  { name: 'lists by pages faster', figure: 'paged_list_ratio', op: '>=', limit: 1 },
  { name: 'serves watchers faster', figure: 'watch_ratio', op: '>=', limit: 1 },
];
