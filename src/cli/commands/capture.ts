import { Command } from 'commander';
import type { CaptureProgress } from '../../capture/capture-point.ts';
import type { Incompleteness } from '../../capture/incompleteness.ts';
import type { KubeFlags } from '../../cluster/kubeconfig/flags.ts';
import { EXIT, type ExitCode } from '../../outcome/fault.ts';
import type { PointManifest } from '../../vault/vault.ts';
import { addContextFlags, kubeFlags } from '../context-flags.ts';
import { addExamples } from '../examples.ts';
import { addFormat, type Format, print } from '../format.ts';
import { amountOf, bytesText, timeText } from '../render/amounts.ts';
import { ProgressLine } from '../render/progress-line.ts';
import type { Surroundings } from '../surroundings.ts';
import { addVaultFlag, openNamedVault, vaultWords } from '../vault-flag.ts';

interface Options extends KubeFlags {
  readonly vault?: string;
  readonly output: Format;
}

export function captureCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('capture')
    .summary('take a recovery point of a cluster')
    .description(
      'Takes a recovery point: every object of the cluster at one revision, into the vault.\n\n' +
        'For now the vault is not encrypted, and Secrets are in it as they are in the cluster. What the user may not list, ' +
        'or what does not answer, makes the point incomplete: it is kept, what is missing is named, and the exit code is 3.',
    );
  addVaultFlag(command);
  addFormat(command);
  addContextFlags(command);
  addExamples(command, world, [
    {
      does: 'The cluster of the current context, into a folder',
      line: 'seaworthy capture --vault ./vault',
    },
    {
      does: 'Another cluster, on schedule, for a script',
      line: 'seaworthy capture --vault ./vault --context production -o json',
    },
  ]);
  return command.action(async (options: Options) => ended(await capture(world, options)));
}

async function capture(world: Surroundings, options: Options): Promise<ExitCode> {
  const [{ capturePoint }, { incompleteness }] = await Promise.all([
    import('../../capture/capture-point.ts'),
    import('../../capture/incompleteness.ts'),
  ]);
  await using open = new AsyncDisposableStack();
  const vault = await openNamedVault(world, options.vault);
  open.defer(() => vault.close());
  const cluster = await world.openCluster(kubeFlags(options));
  open.defer(() => cluster.close());
  world.err(`note: ${vault.place} is not encrypted: whoever can read it reads every Secret of ${cluster.name}\n`);
  const interruption = new AbortController();
  open.defer(
    world.onInterrupt(() => {
      world.err('stopping: nothing of this capture will be kept\n');
      interruption.abort();
    }),
  );
  const line = new ProgressLine(world);
  const point = await capturePoint({
    cluster,
    vault,
    clock: world,
    signal: interruption.signal,
    onProgress: (progress) => line.show(`capturing ${cluster.name}`, progressText(progress)),
  }).finally(() => line.end());
  const missing = incompleteness(point);
  await print(world, options.output, { point, incompleteness: missing }, () => pointText(point));
  tellMissing(world, missing);
  for (const { resource, suspect } of point.resources)
    if (suspect !== undefined) world.err(`suspect: ${resource}: ${suspect.code}: ${suspect.sentence}\n`);
  world.err(`next: ${world.program} plan${vaultWords(options.vault)} --point latest --context TARGET\n`);
  return missing.length === 0 ? EXIT.fine : EXIT.partial;
}

function progressText({ stage, round, resourcesDone, resources, objects, bytes }: CaptureProgress): string {
  const again = round > 1 ? `round ${round}, ` : '';
  if (stage === 'storing') return `${again}${amountOf(objects, 'object')} listed, storing`;
  if (resources === 0) return `${again}asking what there is`;
  return `${again}${resourcesDone} of ${resources} resources, ${amountOf(objects, 'object')}, ${bytesText(bytes)}`;
}

function pointText(point: PointManifest): string {
  const { objects, bytes, resources, tookMs, revision, cluster } = point;
  const skipped = point.skipped.reduce((sum, { count }) => sum + (count === 'not counted' ? 0 : count), 0);
  return [
    `point       ${point.id}`,
    `cluster     ${cluster.name} (${cluster.version}, fingerprint ${cluster.fingerprint})`,
    `revision    ${revision}`,
    `objects     ${objects} of ${amountOf(resources.length, 'resource')}, ${bytesText(bytes)}, in ${timeText(tookMs)}`,
    `left out    ${amountOf(point.skipped.length, 'resource')} by rule, ${amountOf(skipped, 'object')} counted`,
    `complete    ${point.complete ? 'yes' : 'NO'}`,
    '',
  ].join('\n');
}

function tellMissing(world: Surroundings, missing: readonly Incompleteness[]): void {
  if (missing.length === 0) return;
  world.err(`the point is incomplete: ${amountOf(missing.length, 'resource')} missing\n`);
  for (const { what, code, sentence } of missing) world.err(`  ${what}: ${code}: ${sentence}\n`);
}
