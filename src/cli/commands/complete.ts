import { Command } from 'commander';
import { EXIT, type ExitCode } from '../../outcome/fault.ts';
import type { Surroundings } from '../surroundings.ts';

/** Not for people: completion scripts ask it. The last word is the one being typed, and may be empty. */
export function completeCommand(world: Surroundings, root: () => Command, ended: (exit: ExitCode) => void): Command {
  return new Command('__complete')
    .description('Candidates for the last of the words, a line each; then :4, or :0 where a file may stand.')
    .argument('[words...]')
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action(async (words: readonly string[]) => {
      const { candidatesFor } = await import('../completion/candidates.ts');
      const { candidates, files } = await candidatesFor(root(), words, world);
      world.out([...candidates, files ? ':0' : ':4'].map((line) => `${line}\n`).join(''));
      ended(EXIT.fine);
    });
}
