/** One value of an outcome: compared as it is; lists are sorted texts. */
export type Seen = string | number | boolean | readonly string[];
export type Outcome = Readonly<Record<string, Seen>>;

/** What the lab recorded beside what the sandbox did. */
export interface Compared {
  /** `5`, `6`, `6 paused`, `6 disowning`, `8`: the table of lab.md. */
  readonly table: string;
  readonly row: string;
  readonly recorded: Outcome;
  readonly simulated: Outcome;
}

/** A recorded number that no run repeats exactly (it grew with time): the outcome says only that it passed this. */
export const atLeast = (least: number, value: number): Seen => (value >= least ? `at least ${least}` : value);
