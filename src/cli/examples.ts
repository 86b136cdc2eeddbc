import type { Command } from 'commander';
import type { Surroundings } from './surroundings.ts';

/** What people do with a command. `line` begins with `seaworthy`. */
export interface Example {
  readonly does: string;
  readonly line: string;
}
const EXAMPLES = new WeakMap<Command, readonly Example[]>();

/** Adds examples to the help of a command, as the user calls this program, and keeps them for the docs. */
export function addExamples(
  command: Command,
  world: Pick<Surroundings, 'program'>,
  examples: readonly Example[],
): Command {
  EXAMPLES.set(command, examples);
  const lines = examples.flatMap(({ does, line }) => [`  # ${does}`, `  ${asCalled(line, world)}`]);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

export function examplesOf(command: Command): readonly Example[] {
  return EXAMPLES.get(command) ?? [];
}

/** A command line for this program, as the user calls it. */
export function asCalled(line: string, world: Pick<Surroundings, 'program'>): string {
  return line.replace(/^seaworthy\b/, world.program);
}
