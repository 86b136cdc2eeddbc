import { Command } from 'commander';
import type { ExitCode } from '../../outcome/fault.ts';
import type { Surroundings } from '../surroundings.ts';
import { pointsDiffCommand } from './points-diff.ts';
import { pointsListCommand } from './points-list.ts';
import { pointsShowCommand } from './points-show.ts';

export function pointsCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  return new Command('points')
    .summary('look at the recovery points of a vault')
    .description('Looks at the recovery points of a vault. A point is named by its id, a prefix of it, or `latest`.')
    .addCommand(pointsListCommand(world, ended))
    .addCommand(pointsShowCommand(world, ended))
    .addCommand(pointsDiffCommand(world, ended));
}
