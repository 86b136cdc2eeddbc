import { Argument, Command } from 'commander';
import { EXIT, type ExitCode } from '../../outcome/fault.ts';
import { SCRIPTS, SHELLS, type Shell } from '../completion/scripts.ts';
import { addExamples } from '../examples.ts';
import type { Surroundings } from '../surroundings.ts';

export function completionCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('completion')
    .summary('a completion script for a shell')
    .description(
      'Prints the script that makes a shell complete commands, flags, contexts and recovery points. ' +
        'kubectl completes `kubectl seaworthy` by a program of the name kubectl_complete-seaworthy: `completion kubectl` is that.',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS));
  addExamples(command, world, [
    { does: 'For this bash', line: 'seaworthy completion bash > seaworthy.bash' },
    { does: 'For kubectl', line: 'seaworthy completion kubectl > kubectl_complete-seaworthy' },
  ]);
  return command.action((shell: Shell) => {
    world.out(SCRIPTS[shell]);
    ended(EXIT.fine);
  });
}
