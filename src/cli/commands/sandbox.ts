import { Command } from 'commander';
import type { ExitCode } from '../../outcome/fault.ts';
import type { Surroundings } from '../surroundings.ts';
import { sandboxStartCommand } from './sandbox-start.ts';

/** A Kubernetes API server and its controllers in this very process. */
export function sandboxCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('sandbox')
    .summary('a Kubernetes cluster in a process')
    .description('A simulated Kubernetes cluster, to try things on: it keeps nothing when it ends.')
    .enablePositionalOptions();
  command.addCommand(sandboxStartCommand(world, ended));
  return command;
}
