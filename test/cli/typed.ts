import { run } from '../../src/cli/program.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import type { OpenOptions } from '../../src/cluster/open.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import type { ExitCode } from '../../src/outcome/fault.ts';
import type { Vault } from '../../src/vault/vault.ts';

export interface Typed {
  readonly exit: ExitCode;
  readonly out: string;
  readonly err: string;
}
export interface Desk {
  /** Clusters by the name of their context. */
  readonly contexts?: Readonly<Record<string, Cluster>>;
  readonly vault?: Vault;
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: string;
  readonly terminal?: boolean;
  /** Told of what opened a cluster. */
  readonly onOpen?: (options: OpenOptions) => void;
  /** Called with what Ctrl-C does, as soon as a command listens. */
  readonly onListening?: (interrupt: () => void) => void;
}

/** Types a command line at a desk of its own: what it printed, and how it ended. */
export async function typed(line: string | readonly string[], desk: Desk = {}): Promise<Typed> {
  let [out, err] = ['', ''];
  const words = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  const world: Surroundings = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: desk.terminal === true,
    columns: () => 60,
    colour: { out: false, err: false },
    env: desk.env ?? {},
    program: desk.program ?? 'seaworthy',
    words,
    now: () => new Date(),
    openCluster: async (options) => {
      desk.onOpen?.(options);
      const cluster = desk.contexts?.[options.context ?? ''];
      if (cluster === undefined) throw new Error(`no context ${options.context}`);
      return cluster;
    },
    openVault: async (place) => {
      if (desk.vault === undefined) throw new Error(`no vault at ${place}`);
      return desk.vault;
    },
    onInterrupt: (listener) => {
      desk.onListening?.(listener);
      return () => undefined;
    },
  };
  const exit = await run(world);
  return { exit, out, err };
}

/** What a command printed with `-o json`. */
export function json<Value>({ out }: Typed): Value {
  return JSON.parse(out) as Value;
}
