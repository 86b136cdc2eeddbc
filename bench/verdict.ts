import type { BenchOutcome, BenchTarget } from './bench.ts';

/** One target beside what was measured. `counted`: whether it decides. */
export interface Judgement {
  readonly target: BenchTarget;
  readonly value: number | string | undefined;
  readonly met: boolean;
  readonly counted: boolean;
}
export interface Verdict {
  readonly ok: boolean;
  /** 0 met, 1 not met, 4 could not run. */
  readonly exit: 0 | 1 | 4;
  readonly judgements: readonly Judgement[];
  readonly sentence: string;
}

/**
 * The only place where a bench becomes green: every counted target is met, and at least one is counted. Below full size only
 * the targets that hold at any scale are counted. A figure that is missing, or no number, meets nothing.
 */
export function verdictOf(outcome: BenchOutcome, scale: number): Verdict {
  if (outcome.couldNotRun !== undefined)
    return { ok: false, exit: 4, judgements: [], sentence: `could not run: ${outcome.couldNotRun}` };
  const judgements = outcome.targets.map((target): Judgement => {
    const value = Object.hasOwn(outcome.figures, target.figure) ? outcome.figures[target.figure] : undefined;
    return { target, value, met: isMet(target, value), counted: scale >= 1 || target.atAnyScale === true };
  });
  const counted = judgements.filter((judgement) => judgement.counted);
  const missed = counted.filter(({ met }) => !met);
  const ok = counted.length > 0 && missed.length === 0;
  return { ok, exit: ok ? 0 : 1, judgements, sentence: sentenceOf(counted.length, judgements.length, missed) };
}

function isMet({ op, limit }: BenchTarget, value: number | string | undefined): boolean {
  if (value === undefined || typeof value !== typeof limit || Number.isNaN(value)) return false;
  if (op === '==') return value === limit;
  if (typeof value !== 'number' || typeof limit !== 'number') return false;
  return op === '>=' ? value >= limit : value <= limit;
}

function sentenceOf(counted: number, all: number, missed: readonly Judgement[]): string {
  if (counted === 0) return 'not met: no target counts at this scale, so nothing is proven';
  const part = counted < all ? ` (at this scale ${counted} of ${all} targets count: those of correctness)` : '';
  if (missed.length > 0) return `not met: ${missed.map(({ target }) => target.name).join('; ')}${part}`;
  return `met${part}`;
}
