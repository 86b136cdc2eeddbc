import { Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../../outcome/fault.ts';
import type { Consents } from '../../recover/run-record.ts';
import { cliFault } from '../codes.ts';
import { addContextFlags } from '../context-flags.ts';
import { addExamples } from '../examples.ts';
import { addFormat, print } from '../format.ts';
import { addPolicyFlags, saysPolicy } from '../plan-flags.ts';
import { carryOut } from '../recovery/carry-out.ts';
import type { RecoverOptions } from '../recovery/options.ts';
import { prepare } from '../recovery/prepare.ts';
import { consentsAsked } from '../render/consents-asked.ts';
import { dryRunText } from '../render/dry-run-text.ts';
import { planHead } from '../render/plan-head.ts';
import { resultText } from '../render/result-text.ts';
import type { Surroundings } from '../surroundings.ts';
import { addVaultFlag } from '../vault-flag.ts';
import { typedAgain } from '../words.ts';

export function recoverCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('recover')
    .summary('bring a recovery point back into a cluster')
    .description(
      'Brings a recovery point back into the target cluster and verifies what came of it. Killed at any moment and run again, ' +
        'it goes on where it stopped; run again with another consent, it does what was withheld for lack of it. ' +
        'The exit code is 0 when everything planned is there and verified, 3 when something failed, was withheld or could not ' +
        'be verified, 1 when it was refused (then nothing was written), 130 when it was interrupted.',
    )
    .option('--plan <file>', 'the plan to carry out, as plan --out wrote it')
    .option('--point <point>', 'the recovery point to plan from: an id, a prefix of it, or latest');
  addVaultFlag(command);
  addPolicyFlags(command);
  command.optionsGroup('Consents, each off unless given:');
  command
    .option('--accept-incomplete', 'recover from an incomplete point')
    .option('--accept-empty-databases', 'release operators although their databases would start empty')
    .option('--accept-outside-backends', 'take webhook backends outside the cluster for ready')
    .option('--hold-existing', 'scale operators that run in the target to 0 until release');
  command.optionsGroup('The run:');
  command
    .option('--dry-run', 'send everything to the server as a dry run; store nothing')
    .addOption(
      new Option('--settle <seconds>', 'how long nothing may be collected before it counts as kept')
        .default(10)
        .argParser(secondsOf),
    )
    .option('--log <dir>', 'folder of the run: its plan and log; default: below the state folder of the user');
  addFormat(command);
  addContextFlags(command);
  addExamples(command, world, [
    { does: 'A reviewed plan', line: 'seaworthy recover --vault ./vault --plan plan.json --context new' },
    {
      does: 'The newest point, everything of it',
      line: 'seaworthy recover --vault ./vault --point latest --context new',
    },
    {
      does: 'One Namespace back into the cluster that it was captured from',
      line: 'seaworthy recover --vault ./vault --point latest -n shop --context production',
    },
    {
      does: 'What the server would say, with nothing stored',
      line: 'seaworthy recover --vault ./vault --point latest --context new --dry-run',
    },
  ]);
  return command.action(async (options: RecoverOptions) => ended(await recoverTo(world, options, command)));
}

async function recoverTo(world: Surroundings, options: RecoverOptions, command: Command): Promise<ExitCode> {
  refuseContradictions(options, command);
  await using open = new AsyncDisposableStack();
  const prepared = await prepare(world, options, open);
  const { plan, cluster, reader, folder, resumed } = prepared;
  world.err(planHead(plan));
  if (resumed) world.err(`resuming the run in ${folder}\n`);
  const consents = consentsOf(options);
  if (options.dryRun === true) {
    const { dryRun } = await import('../../recover/dry-run.ts');
    const { refusalsOf, refuse } = await import('../../recover/refusals.ts');
    refuse(refusalsOf(plan, consents));
    const tried = await dryRun({ cluster, plan, reader });
    await print(world, options.output, tried, () => dryRunText(tried));
    world.err('nothing was stored\n');
    return tried.counts.accepted === tried.steps.length ? EXIT.fine : EXIT.partial;
  }
  const result = await carryOut(world, options, prepared, consents);
  const value = { point: plan.point.id, plan: plan.digest, target: plan.target, folder, ...result };
  await print(world, options.output, value, () => resultText(plan, result, world.colour.out));
  const { failed, blocked, withheld } = result.counts;
  if (withheld > 0) for (const line of consentsAsked(plan, consents)) world.err(`consent: ${line}\n`);
  world.err(`log: ${folder}\n`);
  if (failed + blocked + withheld > 0) world.err(`next: ${world.program} ${typedAgain(world.words, plan.point.id)}\n`);
  return result.exit;
}

function refuseContradictions(options: RecoverOptions, command: Command): void {
  const { plan, point } = options;
  if ((plan === undefined) === (point === undefined))
    throw cliFault('USAGE', 'recover takes either --plan FILE or --point POINT.', {
      hint: 'Make and review a plan with `seaworthy plan --out FILE`, or name a point, such as --point latest.',
    });
  if (plan !== undefined && saysPolicy(command))
    throw cliFault('USAGE', 'With --plan, what is recovered stands in the plan: no -n, -l or --field-ownership.', {
      hint: 'Make another plan with these flags, or recover with --point.',
    });
}

function consentsOf(options: RecoverOptions): Consents {
  return {
    acceptIncomplete: options.acceptIncomplete === true,
    acceptEmptyDatabases: options.acceptEmptyDatabases === true,
    acceptOutsideBackends: options.acceptOutsideBackends === true,
    holdExisting: options.holdExisting === true,
  };
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds < 0)
    throw cliFault('USAGE', `--settle ${text} is no number of seconds.`, { hint: 'Give a number such as 60.' });
  return seconds;
}
