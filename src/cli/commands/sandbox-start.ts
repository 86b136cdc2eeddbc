import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { EXIT, type ExitCode } from '../../outcome/fault.ts';
import { addExamples } from '../examples.ts';
import type { Surroundings } from '../surroundings.ts';
import { quoted } from '../words.ts';

interface Options {
  readonly port?: number;
  readonly kubeconfig: string;
  readonly nodes: boolean;
}

const DEFAULT_FILE = 'sandbox.kubeconfig';

export function sandboxStartCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('start')
    .summary('serves a simulated cluster until Ctrl-C')
    .description(
      'Starts a simulated Kubernetes 1.34 on this machine: an API server over plain HTTP on a loopback address, with the ' +
        'controllers of a cluster and one node on which Pods become ready. kubectl and other clients use it by the ' +
        'kubeconfig that is written. Everything is forgotten at Ctrl-C.',
    )
    .option('--port <port>', 'port to listen on (default: any that is free)', portOf)
    .option('--kubeconfig <file>', 'where to write the kubeconfig', DEFAULT_FILE)
    .option('--no-nodes', 'without a node: Pods stay Pending');
  addExamples(command, world, [
    { does: 'A cluster to try manifests on', line: 'seaworthy sandbox start' },
    { does: 'On a known port', line: 'seaworthy sandbox start --port 8001 --kubeconfig try.kubeconfig' },
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
  const { startSandbox } = await import('../../sandbox/sandbox.ts');
  const sandbox = await startSandbox({ clock: 'real', nodes: options.nodes, log: (line) => tell(world, line) });
  const listening = await sandbox.listen(options.port === undefined ? {} : { port: options.port });
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

/** Only what is a defect of the sandbox is worth a line here. */
function tell(world: Surroundings, line: string): void {
  if (line.startsWith('defect')) world.err(`${line}\n`);
}
