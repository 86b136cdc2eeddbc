import { spawn } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

export type KubectlResult =
  | { readonly kind: 'ran'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'unavailable'; readonly why: string };

export interface KubectlOptions {
  readonly kubeconfig: string;
  /** Standard input, for `-f -`. */
  readonly input?: string;
}

const LIMIT_MS = 60_000;

/**
 * Runs `kubectl.1.33` for version '1.33', as some installations keep several side by side; `undefined` takes
 * plain `kubectl`. What it caches of the server lies beside the kubeconfig: ports are used again by other servers.
 */
export async function kubectl(
  version: string | undefined,
  args: readonly string[],
  { kubeconfig, input }: KubectlOptions,
): Promise<KubectlResult> {
  const name = version === undefined ? 'kubectl' : `kubectl.${version}`;
  const path = findKubectl(name);
  if (path === undefined) return { kind: 'unavailable', why: `${name} is neither on the PATH nor beside kubectl` };
  const cache = join(dirname(kubeconfig), 'kubectl-cache', name);
  const child = spawn(path, [`--kubeconfig=${kubeconfig}`, `--cache-dir=${cache}`, ...args], {
    env: { PATH: process.env.PATH, HOME: dirname(kubeconfig) },
    timeout: LIMIT_MS,
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (exit) => resolve(exit ?? -1));
  });
  // A command that reads no input may end before it is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { kind: 'ran', code, stdout, stderr };
}

export function findKubectl(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (onPath !== undefined) return onPath;
  const plain = folders.map((folder) => join(folder, 'kubectl')).find(isExecutable);
  if (plain === undefined) return undefined;
  const beside = join(dirname(realpathSync(plain)), name);
  return isExecutable(beside) ? beside : undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
