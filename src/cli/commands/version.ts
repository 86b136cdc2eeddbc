import { Command } from 'commander';
import { EXIT, type ExitCode } from '../../outcome/fault.ts';
import { addExamples } from '../examples.ts';
import { addFormat, type Format, print } from '../format.ts';
import { VERSION } from '../program-version.ts';
import type { Surroundings } from '../surroundings.ts';

export function versionCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('version')
    .summary('the version of this program')
    .description('The version of this program and of the Node.js that runs it. Talks to no cluster.');
  addFormat(command);
  addExamples(command, world, [
    { does: 'For people', line: 'seaworthy version' },
    { does: 'For a script', line: 'seaworthy version -o json' },
  ]);
  return command.action(async (options: { readonly output: Format }) => {
    const value = { seaworthy: VERSION, node: process.versions.node };
    await print(world, options.output, value, () => `seaworthy ${VERSION}\nnode      ${process.versions.node}\n`);
    ended(EXIT.fine);
  });
}
