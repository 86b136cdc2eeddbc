import { type Command, Option } from 'commander';
import type { Policy } from '../plan/plan.ts';
import { collect } from './context-flags.ts';

export interface PolicyOptions {
  readonly namespace?: readonly string[];
  readonly selector?: string;
  readonly keepTarget?: readonly string[];
  readonly fieldOwnership: Policy['fieldOwnership'];
}

/** What a person decides before planning. */
export function addPolicyFlags(command: Command): Command {
  return command
    .option('-n, --namespace <name>', 'only this Namespace, with what owns its objects; may be given again', collect)
    .option('-l, --selector <selector>', "only objects with these labels, as kubectl's; with what owns them")
    .option(
      '--keep-target <key>',
      'where the target differs, what it has stays: a key, or a whole Namespace as kube-system/; may be given again',
      collect,
    )
    .addOption(
      new Option('--field-ownership <which>', 'captured managed fields to write back')
        .choices(['all', 'apply', 'none'])
        .default('all'),
    );
}

export function policyOf({ namespace, selector, keepTarget, fieldOwnership }: PolicyOptions): Policy {
  return {
    selection: {
      ...(namespace === undefined ? {} : { namespaces: namespace }),
      ...(selector === undefined ? {} : { selector }),
    },
    fieldOwnership,
    ...(keepTarget === undefined ? {} : { keepTarget: [...keepTarget].sort() }),
  };
}

/** Whether some policy flag was typed: with --plan none may be, the plan says it. */
export function saysPolicy(command: Command): boolean {
  return ['namespace', 'selector', 'keepTarget', 'fieldOwnership'].some(
    (name) => command.getOptionValueSource(name) === 'cli',
  );
}
