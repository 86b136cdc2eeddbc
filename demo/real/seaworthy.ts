import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ControlPlane } from '../../test/control-plane/fixture.ts';
import { command } from './telling.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

/** The real command line in a folder of its own, with a kubeconfig that names the control planes of the demo. */
export class Seaworthy {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes each control plane a context of the kubeconfig. */
  async know(planes: Readonly<Record<string, ControlPlane>>): Promise<void> {
    const entries = Object.entries(planes);
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: entries.map(([name, { url, ca }]) => ({
        name,
        cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
      })),
      users: entries.map(([name, { token }]) => ({ name, user: { token } })),
      contexts: entries.map(([name]) => ({ name, context: { cluster: name, user: name } })),
    };
    // JSON is YAML.
    await writeFile(join(this.#folder, 'kubeconfig'), JSON.stringify(config), { mode: 0o600 });
  }

  /** Runs `line` as it stands, its output where ours goes; with `keep` its data is returned instead of shown. */
  async run(line: string, keep = false): Promise<{ readonly code: number; readonly out: string }> {
    command(`seaworthy ${line}`);
    const child = spawn(process.execPath, [MAIN, ...line.split(' ')], {
      cwd: this.#folder,
      env: {
        ...process.env,
        KUBECONFIG: join(this.#folder, 'kubeconfig'),
        XDG_STATE_HOME: join(this.#folder, 'state'),
      },
      stdio: ['ignore', keep ? 'pipe' : 'inherit', 'inherit'],
    });
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject).once('close', (code) => resolve(code ?? 1));
    });
    const [out, code] = await Promise.all([child.stdout === null ? '' : text(child.stdout), ended]);
    return { code, out };
  }
}
