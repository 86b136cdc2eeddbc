import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { clusterFault } from '../codes.ts';
import { type Kubeconfig, parseKubeconfig } from './document.ts';
import { kubeconfigFault } from './fields.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds and merges kubeconfigs by kubectl's rules: `explicit` alone and it must exist; else every file of KUBECONFIG that exists;
 * else ~/.kube/config. Of entries with the same name, and of current-context, the first file wins.
 * Undefined when there is no file at all.
 */
export async function findKubeconfig(
  explicit: string | undefined,
  env: Environment,
  home: string = env.HOME ?? homedir(),
): Promise<Kubeconfig | undefined> {
  if (explicit !== undefined) {
    const only = await readOne(explicit);
    if (only !== undefined) return only;
    throw clusterFault('KUBECONFIG-MISSING', `There is no kubeconfig at ${explicit}.`, {
      hint: 'Check the path after --kubeconfig.',
    });
  }
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  const paths = listed.length > 0 ? [...new Set(listed)] : [join(home, '.kube', 'config')];
  const found: Kubeconfig[] = [];
  for (const path of paths) {
    const one = await readOne(path);
    if (one !== undefined) found.push(one);
  }
  return found.length === 0 ? undefined : merge(found);
}

/** Of several kubeconfigs one, earlier before later. */
export function merge(files: readonly Kubeconfig[]): Kubeconfig {
  const current = files.map((file) => file.currentContext).find((context) => context !== undefined);
  const first = <Entry>(maps: readonly ReadonlyMap<string, Entry>[]) =>
    new Map([...maps].reverse().flatMap((map) => [...map]));
  return {
    ...(current === undefined ? {} : { currentContext: current }),
    clusters: first(files.map((file) => file.clusters)),
    contexts: first(files.map((file) => file.contexts)),
    users: first(files.map((file) => file.users)),
  };
}

async function readOne(path: string): Promise<Kubeconfig | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw kubeconfigFault(path, `it cannot be read (${code ?? 'unknown'})`, cause);
  }
  const folder = dirname(resolve(path));
  return await parseKubeconfig(text, path, folder, (name) => (isAbsolute(name) ? name : join(folder, name)));
}
