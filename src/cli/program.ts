import { Command, CommanderError } from 'commander';
import { EXIT, type ExitCode } from '../outcome/fault.ts';
import { cliFault } from './codes.ts';
import { captureCommand } from './commands/capture.ts';
import { completeCommand } from './commands/complete.ts';
import { completionCommand } from './commands/completion.ts';
import { planCommand } from './commands/plan.ts';
import { pointsCommand } from './commands/points.ts';
import { recoverCommand } from './commands/recover.ts';
import { rehearseCommand } from './commands/rehearse.ts';
import { sandboxCommand } from './commands/sandbox.ts';
import { versionCommand } from './commands/version.ts';
import { tellFailure } from './failure.ts';
import { VERSION } from './program-version.ts';
import type { Surroundings } from './surroundings.ts';

const EPILOGUE = `
Data goes to stdout, talk to stderr. Exit codes: 0 fine, 1 failed, 2 usage, 3 partial or with findings,
4 could not run, 130 interrupted.`;

/** The whole command line; `ended` is told how the command that ran came out. */
export function program(world: Surroundings, ended: (exit: ExitCode) => void = () => undefined): Command {
  const root = new Command(world.program)
    .description('Brings a Kubernetes cluster back after it is lost, and proves before the loss that it can.')
    .version(VERSION, '-V, --version', 'the version alone')
    .addHelpText('after', EPILOGUE)
    .configureOutput({ writeOut: world.out, writeErr: world.err, outputError: () => undefined })
    .enablePositionalOptions()
    .exitOverride();
  const commands = [
    captureCommand(world, ended),
    pointsCommand(world, ended),
    planCommand(world, ended),
    recoverCommand(world, ended),
    rehearseCommand(world, ended),
    sandboxCommand(world, ended),
    versionCommand(world, ended),
    completionCommand(world, ended),
  ];
  for (const command of commands) root.addCommand(command);
  root.addCommand(
    completeCommand(world, () => root, ended),
    { hidden: true },
  );
  root.helpCommand('help [command]', 'help for a command');
  inherit(root, root);
  return root;
}

/** What is added by addCommand takes over nothing by itself. */
function inherit(command: Command, root: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(root);
    child.exitOverride();
    if (!['points', 'sandbox'].includes(child.name()))
      child.option('-v, --verbose', 'with an error, also what caused it');
    inherit(child, root);
  }
}

/** Runs one command line. Never throws; what goes wrong is told on stderr. */
export async function run(world: Surroundings): Promise<ExitCode> {
  const { words } = world;
  const telling = { json: wantsJson(words), verbose: words.includes('-v') || words.includes('--verbose') };
  let exit: ExitCode = EXIT.fine;
  try {
    const root = program(world, (code) => {
      exit = code;
    });
    if (words.length === 0) {
      world.err(root.helpInformation());
      return EXIT.usage;
    }
    await root.parseAsync([...words], { from: 'user' });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) return tellFailure(world, error, telling);
    if (error.exitCode === 0) return EXIT.fine;
    // A command that only has others below it showed its help.
    if (error.code === 'commander.help') return EXIT.usage;
    const sentence = error.message.replace(/^error: /, '').replace('\n', ' ');
    const hint = `See \`${world.program} ${commandIn(words)}--help\`.`;
    return tellFailure(world, cliFault('USAGE', sentence, { hint }), telling);
  }
}

function wantsJson(words: readonly string[]): boolean {
  return words.some(
    (word, at) =>
      word === '-ojson' ||
      word === '--output=json' ||
      word === '-o=json' ||
      (word === 'json' && (words[at - 1] === '-o' || words[at - 1] === '--output')),
  );
}

/** The words before the first flag, as far as they name a command. */
function commandIn(words: readonly string[]): string {
  const groups: Readonly<Record<string, readonly string[]>> = {
    points: ['list', 'show', 'diff'],
    plan: ['explain'],
    capture: [],
    recover: [],
    sandbox: ['start'],
    version: [],
    completion: [],
  };
  const [first = '', second = ''] = words;
  const below = Object.hasOwn(groups, first) ? groups[first] : undefined;
  if (below === undefined) return '';
  return below.includes(second) ? `${first} ${second} ` : `${first} `;
}
