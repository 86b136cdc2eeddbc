import { Command } from 'commander';
import type { KeyText } from '../../objects/key.ts';
import { EXIT, type ExitCode } from '../../outcome/fault.ts';
import type { Plan } from '../../plan/plan.ts';
import { cliFault } from '../codes.ts';
import { addContextFlags } from '../context-flags.ts';
import { addExamples } from '../examples.ts';
import { addFormat, print } from '../format.ts';
import { makePlan, type PlanOptions } from '../plan-anew.ts';
import { readPlanFile } from '../plan-file.ts';
import { addPolicyFlags } from '../plan-flags.ts';
import type { Surroundings } from '../surroundings.ts';
import { addVaultFlag } from '../vault-flag.ts';

interface Options extends PlanOptions {
  readonly plan?: string;
}

export function planExplainCommand(world: Surroundings, ended: (exit: ExitCode) => void): Command {
  const command = new Command('explain')
    .summary('everything that a plan says of one object')
    .description(
      'Everything that a plan says of one object: whether and when it is written, from which bytes, with which owners, ' +
        'what it waits for, which rules changed it and why, or why it is left out.',
    )
    .argument('<key>', 'resource.group/namespace/name, such as deployments.apps/shop/web or namespaces/shop')
    .option('--plan <file>', 'a plan that was written with plan --out; else one is made')
    .option('--point <point>', 'id of the recovery point, a prefix of it, or latest', 'latest');
  addVaultFlag(command);
  addPolicyFlags(command);
  addFormat(command);
  addContextFlags(command);
  addExamples(command, world, [
    { does: 'From a plan in a file', line: 'seaworthy plan explain secrets/shop/db-app --plan plan.json' },
    {
      does: 'From a plan made for the purpose',
      line: 'seaworthy plan explain deployments.apps/shop/web --vault ./vault --context new',
    },
  ]);
  return command.action(async (key: string, options: Options) => ended(await tell(world, key, options)));
}

async function tell(world: Surroundings, key: string, options: Options): Promise<ExitCode> {
  const { explain } = await import('../../plan/explain.ts');
  const plan = options.plan === undefined ? await makePlan(world, options) : await readPlanFile(options.plan);
  const lines = explain(plan, key as KeyText);
  if (lines.length === 0)
    throw cliFault('KEY-UNKNOWN', `The plan knows no ${key}.`, { hint: hintFor(plan, key), details: { key } });
  await print(world, options.output, { key, lines }, () => `${lines.join('\n')}\n`);
  return EXIT.fine;
}

/** Keys whose name is the same, since it is the resource that people write differently. */
function hintFor(plan: Plan, key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const known = new Set<string>([
    ...plan.steps.flatMap((step) => ('target' in step ? [step.target.key as string] : [])),
    ...plan.omissions.map((omission) => omission.key as string),
  ]);
  const near = [...known].filter((one) => one.endsWith(`/${name}`)).slice(0, 5);
  if (near.length > 0) return `Perhaps ${near.join(', ')}.`;
  return 'A key is resource.group/namespace/name with the plural resource; `plan -o tree` shows them all.';
}
