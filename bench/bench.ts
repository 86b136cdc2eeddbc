/** What a bench is asked for. Words after the name that the harness does not know are its `options`: `--count 5` or `--show`. */
export interface BenchInput {
  /** 1 is full size; 0.01 a hundredth of it. */
  readonly scale: number;
  readonly options: ReadonlyMap<string, string>;
  /** Talk for people while it runs, on stderr. */
  readonly say: (line: string) => void;
}

/** A figure and its limit. */
export interface BenchTarget {
  readonly name: string;
  /** The figure of the outcome that is judged. */
  readonly figure: string;
  readonly op: '>=' | '<=' | '==';
  readonly limit: number | string;
  /** A claim of correctness, which holds at any size. Absent: a claim of speed or size, which counts at full size only. */
  readonly atAnyScale?: boolean;
}

export interface BenchOutcome {
  readonly name: string;
  readonly figures: Readonly<Record<string, number | string>>;
  readonly targets: readonly BenchTarget[];
  /** What was measured, raw. */
  readonly samples: readonly unknown[];
  /** Why there is nothing to judge: something that the bench needs is missing. */
  readonly couldNotRun?: string;
}

/** A module of this folder that can be run by its name exports this as `run`. */
export type Run = (input: BenchInput) => Promise<BenchOutcome>;

/** An option that must be a whole number from 0 up. */
export function numberOption(input: BenchInput, name: string, otherwise: number): number {
  const text = input.options.get(name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`--${name} needs a whole number, not "${text}"`);
  return value;
}
