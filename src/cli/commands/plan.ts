import { Command } from 'commander';
import type { ExitCode } from '../../outcome/fault.ts';
import type { Plan } from '../../plan/plan.ts';
import { addContextFlags, contextWords, kubeFlags } from '../context-flags.ts';
import { addExamples } from '../examples.ts';
import { addFormat, print } from '../format.ts';
import { makePlan, type PlanOptions } from '../plan-anew.ts';
import { exitOfPlan } from '../plan-exit.ts';
import { writePlanFile } from '../plan-file.ts';
import { addPolicyFlags } from '../plan-flags.ts';
import { consentsAsked } from '../render/consents-asked.ts';
import { planHead } from '../render/plan-head.ts';
import type { Surroundings } from '../surroundings.ts';
import { addVaultFlag, vaultWords } from '../vault-flag.ts';
import { quoted } from '../words.ts';
import { planExplainCommand } from './plan-explain.ts';

interface Options extends PlanOptions {
  readonly acceptIncomplete?: boolean;
  readonly out?: string;
}

export function planCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('plan')
    .summary('what a recovery into a cluster would do')
    .description(
      'Compares a recovery point with a target cluster and makes the plan that recovers the one into the other. ' +
        'Reads only. The exit code is 0 for a plan without findings, 3 when it has findings of danger or warning or ' +
        'withholds objects, 1 when something refuses it.',
    )
    .enablePositionalOptions()
    .option('--point <point>', 'id of the recovery point, a prefix of it, or latest', 'latest');
  addVaultFlag(command);
  addPolicyFlags(command);
  command
    .option('--accept-incomplete', 'plan from an incomplete point')
    .option('--out <file>', 'also write the plan to a file, for recover --plan');
  addFormat(command, ['tree']);
  addContextFlags(command);
  addExamples(command, world, [
    {
      does: 'What the newest point would do to a new cluster',
      line: 'seaworthy plan --vault ./vault --point latest --context new',
    },
    {
      does: 'Two Namespaces only, kept for review',
      line: 'seaworthy plan --vault ./vault -n shop -n pay --context new --out plan.json',
    },
    {
      does: 'Why one object is treated as it is',
      line: 'seaworthy plan explain secrets/shop/db-app --plan plan.json',
    },
  ]);
  command.addCommand(planExplainCommand(world, ended));
  return command.action(async (options: Options) => ended(await plan(world, options)));
}

async function plan(world: Surroundings, options: Options): Promise<ExitCode> {
  const [{ planText }, { renderTable, renderTree }, { refusalsOf }] = await Promise.all([
    import('../../plan/plan-text.ts'),
    import('../../plan/render.ts'),
    import('../../recover/refusals.ts'),
  ]);
  const made = await makePlan(world, options);
  const consents = { holdExisting: true, acceptIncomplete: options.acceptIncomplete === true };
  const refusals = refusalsOf(made, consents);
  if (options.out !== undefined) await writePlanFile(options.out, planText(made));
  if (options.output === 'json') world.out(planText(made));
  else
    await print(world, options.output, made, () =>
      options.output === 'tree' ? renderTree(made) : `${planHead(made)}\n${renderTable(made)}`,
    );
  tellRefusals(world, options, made, refusals);
  for (const line of consentsAsked(made)) world.err(`consent: ${line}\n`);
  if (refusals.length === 0)
    world.err(
      `next: ${world.program} recover${vaultWords(options.vault)} ${source(options, made)}${contextWords(kubeFlags(options))}\n`,
    );
  return exitOfPlan(made, refusals);
}

/** Those of the plan itself stand in its table; an incomplete point does not. */
function tellRefusals(
  world: Surroundings,
  options: Options,
  made: Plan,
  refusals: readonly { readonly reason: { code: string; sentence: string }; readonly hint: string }[],
): void {
  const shown = options.output === 'table' ? refusals.slice(made.refusals.length) : refusals;
  for (const { reason, hint } of shown) world.err(`refused: ${reason.code}: ${reason.sentence}\n  ${hint}\n`);
}

function source(options: Options, made: Plan): string {
  if (options.out !== undefined) return `--plan ${quoted(options.out)}`;
  const { selection, fieldOwnership, keepTarget } = made.policy;
  const words = [
    `--point ${made.point.id}`,
    ...(selection.namespaces ?? []).map((name) => `-n ${quoted(name)}`),
    ...(selection.selector === undefined ? [] : [`-l ${quoted(selection.selector)}`]),
    ...(fieldOwnership === 'all' ? [] : [`--field-ownership ${fieldOwnership}`]),
    ...(keepTarget ?? []).map((one) => `--keep-target ${one}`),
    ...(options.acceptIncomplete === true ? ['--accept-incomplete'] : []),
  ];
  return words.join(' ');
}
