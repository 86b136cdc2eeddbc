import { type Command, Option } from 'commander';
import type { Surroundings } from './surroundings.ts';

export const FORMATS = ['table', 'json', 'yaml'] as const;
export type Format = (typeof FORMATS)[number] | 'tree';

/** Adds `-o`; `more` are formats of this command alone. */
export function addFormat(command: Command, more: readonly Format[] = []): Command {
  const formats = ['table', ...more, 'json', 'yaml'];
  return command.addOption(
    new Option('-o, --output <format>', 'how results are printed').choices(formats).default('table'),
  );
}

/** Writes a result to stdout; `table` is asked for only when it is wanted. */
export async function print(world: Surroundings, format: Format, value: unknown, table: () => string): Promise<void> {
  if (format === 'json') world.out(`${JSON.stringify(value, null, 2)}\n`);
  else if (format === 'yaml') {
    const { dump } = await import('js-yaml');
    // Through JSON, so that both formats say the same: absent members are absent.
    world.out(dump(JSON.parse(JSON.stringify(value)), { lineWidth: -1, noRefs: true }));
  } else world.out(table());
}
