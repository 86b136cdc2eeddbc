import { join } from 'node:path';
import { run } from '../src/cli/program.ts';
import type { Surroundings } from '../src/cli/surroundings.ts';
import type { Cluster } from '../src/cluster/port.ts';
import type { ExitCode } from '../src/outcome/fault.ts';
import { openVault } from '../src/vault/open-vault.ts';

export interface Ran {
  readonly exit: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** The real command line in this process: contexts are the demo's clusters, files lie in the demo's folder. */
export class Desk {
  readonly #folder: string;
  readonly #contexts: Readonly<Record<string, () => Cluster>>;

  constructor(folder: string, contexts: Readonly<Record<string, () => Cluster>>) {
    this.#folder = folder;
    this.#contexts = contexts;
  }

  /** Runs `seaworthy LINE`. Names of files in the line are of the demo's folder. */
  async run(line: string): Promise<Ran> {
    let [out, err] = ['', ''];
    const named = (text: string): string => text.replaceAll(`${this.#folder}/`, '');
    const files = ['vault', 'plan.json'];
    const words = line.split(' ').map((word) => (files.includes(word) ? join(this.#folder, word) : word));
    const world: Surroundings = {
      out: (text) => {
        out += named(text);
      },
      err: (text) => {
        err += named(text);
      },
      terminal: false,
      columns: () => 120,
      colour: { out: false, err: false },
      env: { XDG_STATE_HOME: join(this.#folder, 'state') },
      program: 'seaworthy',
      words,
      now: () => new Date(),
      openCluster: async ({ context = '' }) => {
        const open = this.#contexts[context];
        if (open === undefined) throw new Error(`the demo has no context ${context}`);
        return open();
      },
      openVault: async (place) => openVault(place),
      onInterrupt: () => () => undefined,
    };
    const exit = await run(world);
    return { exit, out, err };
  }
}
