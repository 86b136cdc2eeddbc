import { Command } from 'commander';
import { EXIT, type ExitCode } from '../../outcome/fault.ts';
import { cliFault } from '../codes.ts';
import { addExamples } from '../examples.ts';
import { addFormat, print } from '../format.ts';
import { readPlanFile } from '../plan-file.ts';
import { addPolicyFlags, policyOf, saysPolicy } from '../plan-flags.ts';
import type { RehearseOptions } from '../rehearsal/options.ts';
import { rehearseAloud } from '../rehearsal/rehearse-aloud.ts';
import { rehearsalText } from '../render/rehearsal-text.ts';
import type { Surroundings } from '../surroundings.ts';
import { addVaultFlag, openNamedVault, vaultWords } from '../vault-flag.ts';
import { quoted } from '../words.ts';

export function rehearseCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('rehearse')
    .summary('what a recovery will come to, tried in a simulated cluster')
    .description(
      'Carries a recovery out in a simulated cluster on this machine, with the controllers of a cluster and models of ' +
        'operators, verifies it, and tells object by object what will become of it. Writes to no cluster. What has no ' +
        'model is not run and never counts as fine. The exit code is 0 when everything comes back and is verified, 3 when ' +
        'something does not or could not be tried, 1 when the recovery would be refused, 4 when it could not be rehearsed.',
    )
    .option('--point <point>', 'the recovery point: an id, a prefix of it, or latest (default: latest)')
    .option('--plan <file>', 'the plan to rehearse, as plan --out wrote it')
    .option('--target-like <context>', 'begin with what this cluster holds, read live; default: an empty cluster')
    .option('--kubeconfig <file>', 'the kubeconfig in which that context stands')
    .option('--no-nodes', 'without nodes: Pods stay Pending and operators do not run');
  addVaultFlag(command);
  addPolicyFlags(command);
  command.option('--all', 'in the table, every object and not only what is not plain');
  addFormat(command);
  addExamples(command, world, [
    { does: 'The newest point into an empty cluster, offline', line: 'seaworthy rehearse --vault ./vault' },
    {
      does: 'A reviewed plan, into a cluster like the one it was made for',
      line: 'seaworthy rehearse --vault ./vault --plan plan.json --target-like new',
    },
    {
      does: 'One Namespace back into production, object by object',
      line: 'seaworthy rehearse --vault ./vault -n shop --target-like production -o json',
    },
  ]);
  return command.action(async (options: RehearseOptions) => ended(await rehearseCommanded(world, options, command)));
}

async function rehearseCommanded(world: Surroundings, options: RehearseOptions, command: Command): Promise<ExitCode> {
  refuseContradictions(options, command);
  await using open = new AsyncDisposableStack();
  const plan = options.plan === undefined ? undefined : await readPlanFile(options.plan);
  const vault = await openNamedVault(world, options.vault);
  open.defer(() => vault.close());
  const reader = await vault.open(plan?.point.id ?? options.point ?? 'latest');
  open.defer(() => reader.close());
  const policy = plan?.policy ?? policyOf(options);
  const report = await rehearseAloud(world, options, { reader, policy, ...(plan === undefined ? {} : { plan }) });
  await print(world, options.output, report, () =>
    rehearsalText(report, { all: options.all === true, colour: world.colour.out }),
  );
  world.err(`next: ${world.program} ${nextWords(options, report.point.id, report.exit)}\n`);
  return report.exit;
}

function refuseContradictions({ plan, point, kubeconfig, targetLike }: RehearseOptions, command: Command): void {
  if (plan !== undefined && point !== undefined)
    throw cliFault('USAGE', 'rehearse takes either --plan FILE or --point POINT.', {
      hint: 'The plan names its point: leave --point away.',
    });
  if (plan !== undefined && saysPolicy(command))
    throw cliFault('USAGE', 'With --plan, what is recovered stands in the plan: no -n, -l or --field-ownership.', {
      hint: 'Make another plan with these flags, or rehearse with --point.',
    });
  if (kubeconfig !== undefined && targetLike === undefined)
    throw cliFault('USAGE', '--kubeconfig says where the context of --target-like stands, and there is none.', {
      hint: 'Name the context with --target-like, or leave --kubeconfig away.',
    });
}

/** The recovery that was rehearsed; when it would be refused, the plan that says why. */
function nextWords(options: RehearseOptions, point: string, exit: ExitCode): string {
  const { vault, plan, targetLike, kubeconfig, namespace, selector, fieldOwnership, keepTarget } = options;
  const verb = exit === EXIT.failed ? 'plan' : 'recover';
  const what =
    plan !== undefined && verb === 'recover'
      ? [`--plan ${quoted(plan)}`]
      : [
          `--point ${point}`,
          ...(namespace ?? []).map((name) => `-n ${quoted(name)}`),
          ...(selector === undefined ? [] : [`-l ${quoted(selector)}`]),
          ...(fieldOwnership === 'all' ? [] : [`--field-ownership ${fieldOwnership}`]),
          ...(keepTarget ?? []).map((one) => `--keep-target ${quoted(one)}`),
        ];
  const where = [
    ...(kubeconfig === undefined ? [] : [`--kubeconfig ${quoted(kubeconfig)}`]),
    `--context ${targetLike === undefined ? 'CONTEXT' : quoted(targetLike)}`,
  ];
  return `${verb}${vaultWords(vault)} ${[...what, ...where].join(' ')}`;
}
