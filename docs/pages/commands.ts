import type { Command, Option } from 'commander';
import { examplesOf } from '../../src/cli/examples.ts';
import { page, table } from './markdown.ts';

/** One page a command; those below it have a section each. */
export function commandPage(command: Command): string {
  return page(...sections(command, '#'));
}

function sections(command: Command, level: string): string[] {
  const below = command.commands.filter((child) => child.name() !== 'help');
  return [
    `${level} ${fullName(command)}`,
    command.description(),
    ['```', `${fullName(command)} ${command.usage()}`, '```'].join('\n'),
    ...(command.registeredArguments.length === 0
      ? []
      : [
          table(
            ['argument', 'meaning'],
            command.registeredArguments.map((one) => [
              `\`${one.name()}\``,
              `${one.description}${defaultOf(one.defaultValue)}${choicesOf(one.argChoices)}`,
            ]),
          ),
        ]),
    ...optionGroups(command),
    ...examples(command),
    ...below.flatMap((child) => sections(child, `${level}#`)),
  ];
}

function optionGroups(command: Command): string[] {
  const groups = new Map<string, Option[]>();
  for (const option of command.options) {
    const title = (option.helpGroupHeading ?? '').replace(/:$/, '');
    groups.set(title, [...(groups.get(title) ?? []), option]);
  }
  return [...groups].flatMap(([title, options]) => [
    ...(title === '' ? [] : [`**${title}**`]),
    table(
      ['option', 'meaning'],
      options.map(({ flags, description, defaultValue, argChoices }) => [
        `\`${flags}\``,
        `${description}${choicesOf(argChoices)}${defaultOf(defaultValue)}`,
      ]),
    ),
  ]);
}

function examples(command: Command): string[] {
  const lines = examplesOf(command).flatMap(({ does, line }) => [`# ${does}`, line]);
  return lines.length === 0 ? [] : [['```sh', ...lines, '```'].join('\n')];
}

function choicesOf(choices: readonly string[] | undefined): string {
  return choices === undefined ? '' : `; one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`;
}
function defaultOf(value: unknown): string {
  return value === undefined ? '' : `; default \`${String(value)}\``;
}
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}
