import type { OpenOptions } from '../cluster/open.ts';
import type { Cluster } from '../cluster/port.ts';
import type { Vault } from '../vault/vault.ts';

/** Everything outside the process that commands touch. */
export interface Surroundings {
  /** Data: stdout. */
  readonly out: (text: string) => void;
  /** Talk: stderr. */
  readonly err: (text: string) => void;
  /** Whether stderr is a terminal on which a line may be rewritten. */
  readonly terminal: boolean;
  /** Width of that terminal in characters; asked for each time, it changes. */
  readonly columns: () => number;
  readonly colour: { readonly out: boolean; readonly err: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How the user calls this program: `seaworthy` or `kubectl seaworthy`. */
  readonly program: string;
  /** The words after the program, as they were typed. */
  readonly words: readonly string[];
  readonly now: () => Date;
  openCluster(options: OpenOptions): Promise<Cluster>;
  openVault(place: string): Promise<Vault>;
  /** Calls `listener` at Ctrl-C; a second one ends the process. Returns what takes the listener away. */
  onInterrupt(listener: () => void): () => void;
}

/** The surroundings of this very process. */
export function processSurroundings(argv: readonly string[]): Surroundings {
  const { stdout, stderr, env } = process;
  const called = (argv[1] ?? '').split(/[\\/]/).at(-1) ?? '';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    terminal: stderr.isTTY === true && env.TERM !== 'dumb',
    // A terminal that does not know its width says 0.
    columns: () => stderr.columns || 80,
    colour: { out: mayColour(stdout.isTTY, env), err: mayColour(stderr.isTTY, env) },
    env,
    program: called.startsWith('kubectl-') ? 'kubectl seaworthy' : 'seaworthy',
    words: argv.slice(2),
    now: () => new Date(),
    openCluster: async (options) => (await import('../cluster/open.ts')).openCluster(options),
    openVault: async (place) => (await import('../vault/open-vault.ts')).openVault(place),
    onInterrupt,
  };
}

/** https://no-color.org: any value but the empty one. */
function mayColour(terminal: boolean | undefined, env: Surroundings['env']): boolean {
  return terminal === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

function onInterrupt(listener: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let times = 0;
  const heard = (): void => {
    if (++times === 1) listener();
    else process.exit(130);
  };
  for (const signal of signals) process.on(signal, heard);
  return () => {
    for (const signal of signals) process.off(signal, heard);
  };
}
