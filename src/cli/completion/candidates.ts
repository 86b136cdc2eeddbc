import type { Command, Option } from 'commander';
import type { Surroundings } from '../surroundings.ts';
import { VAULT_VARIABLE } from '../vault-flag.ts';

export interface Candidates {
  readonly candidates: readonly string[];
  /** Whether a file or a folder may stand there. */
  readonly files: boolean;
}

const FILES = [
  '--kubeconfig',
  '--certificate-authority',
  '--client-certificate',
  '--client-key',
  '--plan',
  '--out',
  '--log',
  '--vault',
];

/** What may stand in the place of the last word. What has to be asked for and does not answer gives no candidates. */
export async function candidatesFor(root: Command, words: readonly string[], world: Surroundings): Promise<Candidates> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const { command, operands } = commandOf(root, before);
  const flag = optionOf(command, before.at(-1) ?? '');
  const fitting = (all: readonly string[]): readonly string[] => all.filter((one) => one.startsWith(typed));
  if (flag !== undefined && (flag.required || flag.optional)) {
    const values = flag.argChoices ?? (await valuesOf(flag.long ?? '', words, world));
    return { candidates: fitting(values), files: FILES.includes(flag.long ?? '') };
  }
  if (typed.startsWith('-')) return { candidates: fitting(flagsOf(command)), files: false };
  const argument = command.registeredArguments[operands];
  const below = operands === 0 ? command.commands.filter(isShown).map((child) => child.name()) : [];
  if (below.length > 0 && command.parent === null) below.push('help');
  const points = argument !== undefined && ['point', 'before', 'after'].includes(argument.name());
  const named = argument?.argChoices ?? (points ? await pointsOf(words, world) : []);
  return { candidates: fitting([...below, ...named]), files: false };
}

/** The command that the words lead to, and how many operands it has been given. */
function commandOf(root: Command, words: readonly string[]): { readonly command: Command; readonly operands: number } {
  let command = root;
  let operands = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word.startsWith('-')) {
      const flag = optionOf(command, word);
      if (flag?.required === true) at++;
      continue;
    }
    const child = operands === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (child === undefined) operands++;
    else command = child;
  }
  return { command, operands };
}

function optionOf(command: Command, word: string): Option | undefined {
  return command.options.find(({ long, short }) => word === long || word === short);
}
function flagsOf(command: Command): string[] {
  return [...command.options.flatMap(({ long, hidden }) => (long === undefined || hidden ? [] : [long])), '--help'];
}
function isShown(command: Command): boolean {
  return !command.name().startsWith('__');
}

async function valuesOf(flag: string, words: readonly string[], world: Surroundings): Promise<readonly string[]> {
  if (flag === '--point') return pointsOf(words, world);
  if (flag === '--target-like') return valuesOf('--context', words, world);
  if (flag !== '--context' && flag !== '--cluster' && flag !== '--user') return [];
  try {
    const { findKubeconfig } = await import('../../cluster/kubeconfig/locate.ts');
    const config = await findKubeconfig(valueIn(words, '--kubeconfig'), world.env);
    const named = { '--context': config?.contexts, '--cluster': config?.clusters, '--user': config?.users }[flag];
    return [...(named?.keys() ?? [])];
  } catch {
    return [];
  }
}

async function pointsOf(words: readonly string[], world: Surroundings): Promise<readonly string[]> {
  const place = valueIn(words, '--vault') ?? world.env[VAULT_VARIABLE];
  if (place === undefined || place === '') return ['latest'];
  try {
    const vault = await world.openVault(place);
    const points = await vault.points().finally(() => vault.close());
    return ['latest', ...points.map(({ id }) => id).reverse()];
  } catch {
    return ['latest'];
  }
}

function valueIn(words: readonly string[], flag: string): string | undefined {
  const at = words.indexOf(flag);
  if (at >= 0) return words[at + 1];
  return words.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1);
}
