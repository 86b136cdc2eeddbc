/** Indexes as a Job's status writes them: `1,3-5,7`. */
type Parsed = { readonly kind: 'ranges'; readonly ranges: readonly (readonly [number, number])[] } | Wrong;
interface Wrong {
  readonly kind: 'wrong';
  readonly why: string;
}
const wrong = (why: string): Wrong => ({ kind: 'wrong', why });

function parse(text: string, completions: number): Parsed {
  const ranges: (readonly [number, number])[] = [];
  if (text === '') return { kind: 'ranges', ranges };
  let last: number | undefined;
  for (const part of text.split(',')) {
    const ends = part.split('-');
    if (ends.length > 2)
      return wrong(
        `the fragment ${JSON.stringify(part)} violates the requirement that an index interval can have at most two parts separated by '-'`,
      );
    const numbers: number[] = [];
    for (const end of ends) {
      if (!/^[+-]?\d+$/.test(end)) return wrong(`cannot convert string to integer for index: ${JSON.stringify(end)}`);
      if (Number(end) >= completions) return wrong(`too large index: ${JSON.stringify(end)}`);
      numbers.push(Number(end));
    }
    const [low = 0, high = low] = numbers;
    if (numbers.length === 2 && low >= high) return wrong(`non-increasing order, previous: ${low}, current: ${high}`);
    if (last !== undefined && last >= low) return wrong(`non-increasing order, previous: ${last}, current: ${low}`);
    last = high;
    ranges.push([low, high]);
  }
  return { kind: 'ranges', ranges };
}

/** What is wrong with indexes, none of which may be `completions` or more. */
export function indexesProblem(text: string, completions: number): string | undefined {
  const parsed = parse(text, completions);
  return parsed.kind === 'wrong' ? parsed.why : undefined;
}

/** The first index that is both completed and failed; nothing when either list cannot be read. */
export function overlapProblem(completed: string, failed: string, completions: number): string | undefined {
  const [done, lost] = [parse(completed, completions), parse(failed, completions)];
  if (done.kind === 'wrong' || lost.kind === 'wrong') return undefined;
  for (const [low, high] of done.ranges)
    for (const [from, to] of lost.ranges) {
      const first = Math.max(low, from);
      if (first <= Math.min(high, to)) return `failedIndexes and completedIndexes overlap at index: ${first}`;
    }
  return undefined;
}
