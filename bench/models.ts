/** Every row of lab 5, 6 and 8 as a scenario in the sandbox: the outcome that was recorded beside the simulated one. */
import type { BenchInput, BenchOutcome } from './bench.ts';
import { allRows, ROWS_OF_THE_TABLES } from './models/all-rows.ts';
import { differences, judged, text } from './models/judge.ts';

export async function run({ options, say }: BenchInput): Promise<BenchOutcome> {
  const rows = await allRows({ say, ...(options.has('row') ? { only: options.get('row') ?? '' } : {}) });
  if (rows === undefined)
    return {
      name: 'models',
      figures: {},
      targets: [],
      samples: [],
      couldNotRun: 'there are no captured clusters in ../shared/data',
    };
  const wrong = differences(rows);
  for (const { table, row, recorded, simulated } of rows) {
    say(`${wrong.some((one) => one.table === table && one.row === row) ? 'DIFFERS' : 'equal  '} lab ${table}: ${row}`);
    for (const [what, value] of Object.entries(recorded))
      say(`          ${what}: recorded ${text(value)} | simulated ${text(simulated[what])}`);
  }
  const { figures, targets } = judged(rows, options.has('row') ? rows.length : ROWS_OF_THE_TABLES);
  return { name: 'models', figures, targets, samples: wrong };
}
