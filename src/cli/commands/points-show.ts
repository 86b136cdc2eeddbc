import { Command } from 'commander';
import type { Incompleteness } from '../../capture/incompleteness.ts';
import { EXIT, type ExitCode } from '../../outcome/fault.ts';
import type { PointManifest, ResourceRecord } from '../../vault/vault.ts';
import { addExamples } from '../examples.ts';
import { addFormat, type Format, print } from '../format.ts';
import { bytesText } from '../render/amounts.ts';
import { columns } from '../render/columns.ts';
import type { Surroundings } from '../surroundings.ts';
import { addVaultFlag, openNamedVault, vaultWords } from '../vault-flag.ts';

interface Options {
  readonly vault?: string;
  readonly output: Format;
}

export function pointsShowCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('show')
    .summary('what a recovery point holds')
    .description(
      'What a recovery point holds: each resource with its number of objects and its revision, what was left out by rule, ' +
        'what is missing and what is suspect. The exit code is 3 when the point is incomplete.',
    )
    .argument('[point]', 'id of the point, a prefix of it, or latest', 'latest');
  addVaultFlag(command);
  addFormat(command);
  addExamples(command, world, [
    { does: 'The newest point', line: 'seaworthy points show --vault ./vault' },
    { does: 'The manifest of one point', line: 'seaworthy points show 20261121T093012Z --vault ./vault -o yaml' },
  ]);
  return command.action(async (point: string, options: Options) => ended(await show(world, point, options)));
}

async function show(world: Surroundings, point: string, options: Options): Promise<ExitCode> {
  const { incompleteness } = await import('../../capture/incompleteness.ts');
  await using open = new AsyncDisposableStack();
  const vault = await openNamedVault(world, options.vault);
  open.defer(() => vault.close());
  const reader = await vault.open(point);
  open.defer(() => reader.close());
  const { manifest } = reader;
  const missing = incompleteness(manifest);
  await print(world, options.output, { point: manifest, incompleteness: missing }, () => textOf(manifest, missing));
  world.err(`next: ${world.program} plan${vaultWords(options.vault)} --point ${manifest.id} --context TARGET\n`);
  return missing.length === 0 ? EXIT.fine : EXIT.partial;
}

function textOf(point: PointManifest, missing: readonly Incompleteness[]): string {
  const { cluster } = point;
  const held = point.resources.filter((record) => record.count > 0 || record.missing !== undefined);
  const parts = [
    [
      `point      ${point.id}`,
      `taken      ${point.takenAt}`,
      `cluster    ${cluster.name} (${cluster.version}, fingerprint ${cluster.fingerprint})`,
      `revision   ${point.revision}`,
      `objects    ${point.objects}, ${bytesText(point.bytes)}`,
      `complete   ${point.complete ? 'yes' : 'NO'}`,
      '',
    ].join('\n'),
    columns(
      ['RESOURCE', 'VERSION', 'OBJECTS', 'REVISION'],
      held.map((record) => [record.resource, record.version, String(record.count), revisionText(record)]),
    ),
    `and ${point.resources.length - held.length} resources without objects\n`,
  ];
  if (point.skipped.length > 0)
    parts.push(
      columns(
        ['LEFT OUT', 'RULE', 'COUNT'],
        point.skipped.map(({ resource, rule, count }) => [resource, rule, String(count)]),
      ),
    );
  if (missing.length > 0)
    parts.push(
      columns(
        ['MISSING', 'CODE', 'WHY'],
        missing.map(({ what, code, sentence }) => [what, code, sentence]),
      ),
    );
  const suspects = point.resources.flatMap(({ resource, suspect }) =>
    suspect === undefined ? [] : [[resource, suspect.code, suspect.sentence]],
  );
  if (suspects.length > 0) parts.push(columns(['SUSPECT', 'CODE', 'WHY'], suspects));
  return parts.join('\n');
}

function revisionText({ revision, missing }: ResourceRecord): string {
  if (missing !== undefined) return `incomplete (${missing.code})`;
  if (revision.kind === 'own') return `its own, ${revision.revision}`;
  return revision.kind === 'exact' ? 'of the point' : 'none given';
}
