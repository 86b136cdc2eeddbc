import { isFault, sentenceOf } from '../../src/outcome/fault.ts';

/** How one hostile case came out. `coded`: as it must. */
export interface CaseOutcome {
  readonly number: number;
  readonly what: string;
  readonly kind: 'coded' | 'accepted' | 'uncoded' | 'too long' | 'hangs';
  /** The code, or what went wrong. */
  readonly said: string;
}

const LONGEST_SENTENCE = 2_000;

/** What a case that was refused came to: a coded Fault with a sentence that a person can read. */
export function refused(number: number, what: string, error: unknown): CaseOutcome {
  if (!isFault(error))
    return {
      number,
      what,
      kind: 'uncoded',
      said: error instanceof Error ? (error.stack ?? '').slice(0, 600) : sentenceOf(error),
    };
  const length = error.message.length + (error.hint?.length ?? 0);
  if (length > LONGEST_SENTENCE) return { number, what, kind: 'too long', said: `${error.code}: ${length} characters` };
  return { number, what, kind: 'coded', said: error.code };
}

/** Plays a case; one that takes longer than `millis` hangs. */
export async function within(
  number: number,
  what: string,
  millis: number,
  play: () => Promise<CaseOutcome>,
): Promise<CaseOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CaseOutcome>((resolve) => {
    timer = setTimeout(() => resolve({ number, what, kind: 'hangs', said: `no end in ${millis / 1000} s` }), millis);
  });
  return await Promise.race([play(), late]).finally(() => clearTimeout(timer));
}
