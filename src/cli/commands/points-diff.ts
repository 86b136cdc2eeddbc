import { Command } from 'commander';
import type { Difference } from '../../objects/diff.ts';
import type { Json } from '../../objects/json.ts';
import { EXIT, type ExitCode } from '../../outcome/fault.ts';
import type { PointReader } from '../../vault/vault.ts';
import { cliFault } from '../codes.ts';
import { addExamples } from '../examples.ts';
import { addFormat, type Format, print } from '../format.ts';
import { keyOf, type PointDifference, pointDifference } from '../point-difference.ts';
import { paintFor } from '../render/paint.ts';
import type { Surroundings } from '../surroundings.ts';
import { addVaultFlag, openNamedVault } from '../vault-flag.ts';

interface Options {
  readonly vault?: string;
  readonly output: Format;
  readonly key?: string;
}

export function pointsDiffCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('diff')
    .summary('how two recovery points differ')
    .description(
      'How two recovery points differ: objects added (+), removed (-), made anew under another UID (!) and changed (~). ' +
        'With --key, the fields of one object that differ.',
    )
    .argument('<before>', 'the earlier point')
    .argument('<after>', 'the later point')
    .option('--key <key>', 'one object: resource.group/namespace/name');
  addVaultFlag(command);
  addFormat(command);
  addExamples(command, world, [
    {
      does: 'What changed since a point',
      line: 'seaworthy points diff 20261121T093012Z latest --vault ./vault',
    },
    {
      does: 'What changed in one Deployment',
      line: 'seaworthy points diff 20261121T093012Z latest --vault ./vault --key deployments.apps/shop/web',
    },
  ]);
  return command.action(async (before: string, after: string, options: Options) =>
    ended(await compare(world, before, after, options)),
  );
}

async function compare(world: Surroundings, before: string, after: string, options: Options): Promise<ExitCode> {
  await using open = new AsyncDisposableStack();
  const vault = await openNamedVault(world, options.vault);
  open.defer(() => vault.close());
  const from = await vault.open(before);
  open.defer(() => from.close());
  const to = await vault.open(after);
  open.defer(() => to.close());
  const names = { from: from.manifest.id, to: to.manifest.id };
  if (from.manifest.cluster.fingerprint !== to.manifest.cluster.fingerprint)
    world.err('note: the points are of two clusters, so every UID differs\n');
  if (options.key === undefined) {
    const difference = pointDifference(from.entries, to.entries);
    await print(world, options.output, { ...names, ...difference }, () => listOf(difference, world));
    const { added, removed, replaced, changed, unchanged } = difference;
    world.err(
      `${added.length} added, ${removed.length} removed, ${replaced.length} made anew, ${changed.length} changed, ${unchanged} as they were\n`,
    );
  } else {
    const { key } = options;
    const differences = await differencesOf(from, to, key);
    await print(world, options.output, { ...names, key, differences }, () => fieldsOf(differences, world));
    if (differences.length === 0) world.err(`${key} is the same in both points\n`);
  }
  return EXIT.fine;
}

async function differencesOf(from: PointReader, to: PointReader, key: string): Promise<Difference[]> {
  const { diff } = await import('../../objects/diff.ts');
  const [before, after] = await Promise.all([bodyOf(from, key), bodyOf(to, key)]);
  if (before === undefined && after === undefined)
    throw cliFault('KEY-UNKNOWN', `Neither point holds ${key}.`, {
      hint: 'A key is resource.group/namespace/name, such as deployments.apps/shop/web or namespaces/shop.',
    });
  return diff(before, after, { lists: 'identity' });
}

async function bodyOf(reader: PointReader, key: string): Promise<Json | undefined> {
  const entry = reader.entries.find((one) => keyOf(one) === key);
  if (entry === undefined) return undefined;
  return JSON.parse(new TextDecoder().decode(await reader.read(entry.row))) as Json;
}

function listOf({ added, removed, replaced, changed }: PointDifference, world: Surroundings): string {
  const paint = paintFor(world.colour.out);
  const lines = [
    ...added.map((key) => paint('good', `+ ${key}`)),
    ...removed.map((key) => paint('danger', `- ${key}`)),
    ...replaced.map((key) => paint('warning', `! ${key}`)),
    ...changed.map((key) => `~ ${key}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function fieldsOf(differences: readonly Difference[], world: Surroundings): string {
  const paint = paintFor(world.colour.out);
  return differences
    .map(({ path, before, after }) => {
      const lines = [path === '' ? '(the whole object)' : path];
      if (before !== undefined) lines.push(paint('danger', `  - ${JSON.stringify(before)}`));
      if (after !== undefined) lines.push(paint('good', `  + ${JSON.stringify(after)}`));
      return `${lines.join('\n')}\n`;
    })
    .join('');
}
