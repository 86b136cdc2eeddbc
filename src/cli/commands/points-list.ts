import { Command } from 'commander';
import { EXIT, type ExitCode } from '../../outcome/fault.ts';
import type { PointManifest } from '../../vault/vault.ts';
import { addExamples } from '../examples.ts';
import { addFormat, type Format, print } from '../format.ts';
import { amountOf, bytesText } from '../render/amounts.ts';
import { columns } from '../render/columns.ts';
import type { Surroundings } from '../surroundings.ts';
import { addVaultFlag, openNamedVault, vaultWords } from '../vault-flag.ts';

interface Options {
  readonly vault?: string;
  readonly output: Format;
}

export function pointsListCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('list')
    .summary('list the recovery points, newest last')
    .description(
      'Lists the recovery points, newest last. One that is damaged or of another format is named, exit code 3.',
    );
  addVaultFlag(command);
  addFormat(command);
  addExamples(command, world, [
    { does: 'All points', line: 'seaworthy points list --vault ./vault' },
    { does: 'For a script', line: 'seaworthy points list --vault ./vault -o json' },
  ]);
  return command.action(async (options: Options) => ended(await list(world, options)));
}

async function list(world: Surroundings, options: Options): Promise<ExitCode> {
  await using open = new AsyncDisposableStack();
  const vault = await openNamedVault(world, options.vault);
  open.defer(() => vault.close());
  const { points, unusable } = await vault.survey();
  const value = {
    points: points.map(({ id, takenAt, cluster, revision, complete, objects, bytes }) => ({
      id,
      takenAt,
      cluster,
      revision,
      complete,
      objects,
      bytes,
    })),
    unusable: unusable.map(({ id, fault }) => ({ id, code: fault.code, sentence: fault.message })),
  };
  await print(world, options.output, value, () => tableOf(points));
  for (const { id, fault } of unusable) world.err(`unusable: ${id}: ${fault.code}: ${fault.message}\n`);
  if (points.length === 0) {
    world.err(`${vault.place} holds no usable recovery point\n`);
    world.err(`next: ${world.program} capture${vaultWords(options.vault)} --context SOURCE\n`);
  } else
    world.err(`${amountOf(points.length, 'point')}; next: ${world.program} points show${vaultWords(options.vault)}\n`);
  return unusable.length === 0 ? EXIT.fine : EXIT.partial;
}

function tableOf(points: readonly PointManifest[]): string {
  return columns(
    ['POINT', 'TAKEN', 'CLUSTER', 'VERSION', 'OBJECTS', 'SIZE', 'COMPLETE', 'SUSPECT'],
    points.map(({ id, takenAt, cluster, objects, bytes, complete, resources }) => [
      id,
      takenAt.replace(/\.\d+/, ''),
      cluster.name,
      cluster.version,
      String(objects),
      bytesText(bytes),
      complete ? 'yes' : 'NO',
      String(resources.filter(({ suspect }) => suspect !== undefined).length),
    ]),
  );
}
