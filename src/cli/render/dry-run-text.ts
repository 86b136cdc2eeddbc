import type { DryRun } from '../../recover/dry-run.ts';
import { columns } from './columns.ts';
import { nextAfter } from './next-after.ts';

const SHOWN = 20;

/** What the server said to each write. What waits for something that the plan makes first could not be tried. */
export function dryRunText({ steps, counts }: DryRun): string {
  const table = columns(
    ['DRY RUN', 'WRITES'],
    [
      ['accepted', String(counts.accepted)],
      ['refused', String(counts.refused)],
      ['not run', String(counts['not run'])],
    ],
  );
  const refused = steps.filter(({ status }) => status === 'refused');
  const lines = refused.slice(0, SHOWN).flatMap(({ id, reason }) => {
    const next = reason === undefined ? undefined : nextAfter(reason.code);
    return [
      `  ${id}`,
      `    ${reason?.code ?? ''}: ${reason?.sentence ?? ''}`,
      ...(next === undefined ? [] : [`    ${next}`]),
    ];
  });
  const more = refused.length > SHOWN ? [`  ... and ${refused.length - SHOWN} more: see -o json`] : [];
  return `${[table.trimEnd(), ...lines, ...more].join('\n')}\n`;
}
