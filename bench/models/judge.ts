import type { BenchTarget } from '../bench.ts';
import type { Compared, Seen } from './row.ts';

/** One thing that did not come out as recorded. */
export interface Difference {
  readonly table: string;
  readonly row: string;
  readonly what: string;
  readonly recorded: Seen | undefined;
  readonly simulated: Seen | undefined;
}

/** Every recorded value that the sandbox did not come to. What was not recorded is not compared; a row without records proves nothing and differs. */
export function differences(rows: readonly Compared[]): readonly Difference[] {
  return rows.flatMap(({ table, row, recorded, simulated }) => {
    const names = Object.keys(recorded);
    if (names.length === 0)
      return [{ table, row, what: 'nothing is recorded', recorded: undefined, simulated: undefined }];
    return names
      .filter((what) => text(recorded[what]) !== text(simulated[what]))
      .map((what) => ({ table, row, what, recorded: recorded[what], simulated: simulated[what] }));
  });
}

export interface Judged {
  readonly figures: Readonly<Record<string, number>>;
  readonly targets: readonly BenchTarget[];
}

/** Green when every row of the tables was played and all of them are equal. `expected`: how many rows the tables have. */
export function judged(rows: readonly Compared[], expected: number): Judged {
  const different = new Set(differences(rows).map(({ table, row }) => `${table} ${row}`));
  return {
    figures: {
      rows: rows.length,
      equal: rows.length - different.size,
      different: different.size,
      values: rows.reduce((sum, { recorded }) => sum + Object.keys(recorded).length, 0),
    },
    targets: [
      { name: 'there is something to compare', figure: 'values', op: '>=', limit: 1, atAnyScale: true },
      { name: 'every row of lab 5, 6 and 8 was played', figure: 'rows', op: '==', limit: expected, atAnyScale: true },
      { name: 'every row came out as recorded', figure: 'equal', op: '==', limit: expected, atAnyScale: true },
      { name: 'no row differs', figure: 'different', op: '==', limit: 0, atAnyScale: true },
    ],
  };
}

export function text(value: Seen | undefined): string {
  if (value === undefined) return 'not seen';
  return typeof value === 'object' ? [...value].sort().join(', ') : String(value);
}
