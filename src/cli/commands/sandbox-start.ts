import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { EXIT, type ExitCode } from '../../outcome/fault.ts';
import type { SandboxOptions } from '../../sandbox/sandbox.ts';
import { cliFault } from '../codes.ts';
import { addExamples } from '../examples.ts';
import type { Surroundings } from '../surroundings.ts';
import { addVaultFlag, openNamedVault } from '../vault-flag.ts';
import { quoted } from '../words.ts';

interface Options {
  readonly port?: number;
  readonly kubeconfig: string;
  readonly nodes: boolean;
  readonly tls: boolean;
  readonly from?: string;
  readonly vault?: string;
}

const DEFAULT_FILE = 'sandbox.kubeconfig';

export function sandboxStartCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('start')
    .summary('serves a simulated cluster until Ctrl-C')
    .description(
      'Starts a simulated Kubernetes 1.34 on this machine: an API server on a loopback address, with the controllers of a ' +
        'cluster and one node on which Pods become ready. With --from it begins as a recovery point holds it: every ' +
        'object with its UID, owners, managed fields and status, and the nodes that were captured; then its controllers ' +
        'run. kubectl and other clients use it by the kubeconfig that is written. Everything is forgotten at Ctrl-C.',
    )
    .option('--port <port>', 'port to listen on (default: any that is free)', portOf)
    .option('--kubeconfig <file>', 'where to write the kubeconfig', DEFAULT_FILE)
    .option('--from <point>', 'begin with what this recovery point holds: an id, a prefix of it, or latest')
    .option('--no-nodes', 'without a node: Pods stay Pending')
    .option('--no-tls', 'plain HTTP; everyone who asks is the administrator, because kubectl sends no token then');
  addVaultFlag(command);
  addExamples(command, world, [
    { does: 'A cluster to try manifests on', line: 'seaworthy sandbox start' },
    { does: 'On a known port', line: 'seaworthy sandbox start --port 8001 --kubeconfig try.kubeconfig' },
    {
      does: 'The newest recovery point, to look around in',
      line: 'seaworthy sandbox start --from latest --vault ./vault',
    },
  ]);
  return command.action(async (options: Options) => ended(await start(world, options)));
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('It is a number up to 65535.');
  return port;
}

async function start(world: Surroundings, options: Options): Promise<ExitCode> {
  if (options.vault !== undefined && options.from === undefined)
    throw cliFault('USAGE', '--vault says where the point of --from is kept, and there is none.', {
      hint: 'Name the point with --from, or leave --vault away.',
    });
  const { startSandbox } = await import('../../sandbox/sandbox.ts');
  const begun = options.from === undefined ? undefined : await asCaptured(world, options.from, options.vault);
  const sandbox = await startSandbox({
    clock: 'real',
    nodes: options.nodes,
    log: (line) => tell(world, line),
    ...begun?.options,
  });
  begun?.told();
  const { port, tls } = options;
  const listening = await sandbox.listen({ tls, ...(port === undefined ? {} : { port }) });
  const file = join(process.cwd(), options.kubeconfig);
  const path = options.kubeconfig.startsWith('/') ? options.kubeconfig : file;
  await listening.kubeconfig(path);
  world.out(`${listening.url}\n`);
  world.err(`A simulated Kubernetes 1.34 listens at ${listening.url}; Ctrl-C ends it.\n`);
  world.err(`next: export KUBECONFIG=${quoted(path)} && kubectl get namespaces\n`);
  await new Promise<void>((resolve) => {
    const forget = world.onInterrupt(() => {
      forget();
      resolve();
    });
  });
  await sandbox.close();
  return EXIT.fine;
}

interface Begun {
  readonly options: SandboxOptions;
  /** Says what was taken over and what was not, once that is known. */
  told(): void;
}

async function asCaptured(world: Surroundings, point: string, place: string | undefined): Promise<Begun> {
  const { pointObjects } = await import('../point-objects.ts');
  await using open = new AsyncDisposableStack();
  const vault = await openNamedVault(world, place);
  open.defer(() => vault.close());
  const reader = await vault.open(point);
  open.defer(() => reader.close());
  const objects = await pointObjects(reader);
  const unserved = new Map<string, number>();
  return {
    options: {
      objects,
      onUnserved: ({ apiVersion, kind }) =>
        void unserved.set(`${kind} (${apiVersion})`, (unserved.get(`${kind} (${apiVersion})`) ?? 0) + 1),
    },
    told() {
      const { id, complete, cluster, takenAt } = reader.manifest;
      const left = [...unserved.values()].reduce((sum, count) => sum + count, 0);
      world.err(`It begins as ${cluster.name} was at ${takenAt}: ${objects.length - left} objects of point ${id}.\n`);
      for (const [kind, count] of unserved)
        world.err(`Left out: ${count} ${kind}, which this server does not serve.\n`);
      if (!complete) world.err('The point is incomplete: what it lacks is not here either.\n');
    },
  };
}

/** Only what is a defect of the sandbox is worth a line here. */
function tell(world: Surroundings, line: string): void {
  if (line.startsWith('defect')) world.err(`${line}\n`);
}
