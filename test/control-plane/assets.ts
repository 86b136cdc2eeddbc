import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedBuild, cacheFolder, kubernetesVersion } from './cache.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Origin = 'KUBEBUILDER_ASSETS' | 'kubebuilder' | 'cache';

/** A program and the arguments that come before its flags. */
export interface Program {
  readonly path: string;
  readonly args: readonly string[];
}

export interface Assets {
  readonly kind: 'found';
  readonly origin: Origin;
  readonly etcd: Program;
  readonly apiServer: Program;
  /** Absent where a foreign folder lacks it and nothing was built. */
  readonly controllerManager: Program | undefined;
}

export type Availability =
  | {
      readonly kind: 'available';
      readonly origin: Origin;
      readonly version: string;
      readonly controllerManager: boolean;
    }
  | { readonly kind: 'unavailable'; readonly why: string; readonly hint: string };

type Unavailable = Extract<Availability, { kind: 'unavailable' }>;

const KUBEBUILDER = '/usr/local/kubebuilder/bin';
const HINT = 'run `npm run control-plane`, or set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd';

export function findAssets(env: Environment = process.env): Assets | Unavailable {
  const named = env.KUBEBUILDER_ASSETS;
  if (named !== undefined && named !== '') {
    // Whoever names a folder means that one: another server in its stead would prove something else.
    return (
      fromFolder(named, 'KUBEBUILDER_ASSETS', env) ?? {
        kind: 'unavailable',
        why: `KUBEBUILDER_ASSETS is ${named}, where kube-apiserver and etcd are not both to be found`,
        hint: HINT,
      }
    );
  }
  return (
    fromFolder(KUBEBUILDER, 'kubebuilder', env) ??
    fromCache(env) ?? {
      kind: 'unavailable',
      why: `no control plane in ${KUBEBUILDER} and none built in ${cacheFolder(env)}`,
      hint: HINT,
    }
  );
}

export async function controlPlaneAvailable(env: Environment = process.env): Promise<Availability> {
  const assets = findAssets(env);
  if (assets.kind === 'unavailable') return assets;
  const { origin } = assets;
  const controllerManager = assets.controllerManager !== undefined;
  if (origin === 'cache') return { kind: 'available', origin, version: kubernetesVersion(), controllerManager };
  try {
    const { stdout } = await promisify(execFile)(assets.apiServer.path, [...assets.apiServer.args, '--version']);
    return { kind: 'available', origin, version: stdout.replace('Kubernetes', '').trim(), controllerManager };
  } catch (error) {
    const why = `${assets.apiServer.path} does not run: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'unavailable', why, hint: HINT };
  }
}

function fromFolder(folder: string, origin: Origin, env: Environment): Assets | undefined {
  const etcd = programIn(folder, 'etcd');
  const apiServer = programIn(folder, 'kube-apiserver');
  if (etcd === undefined || apiServer === undefined) return undefined;
  const controllerManager =
    programIn(folder, 'kube-controller-manager') ?? partOfBuild(cachedBuild(env), 'kube-controller-manager');
  return { kind: 'found', origin, etcd, apiServer, controllerManager };
}

function fromCache(env: Environment): Assets | undefined {
  const build = cachedBuild(env);
  const etcd = partOfBuild(build, 'etcd');
  const apiServer = partOfBuild(build, 'kube-apiserver');
  if (etcd === undefined || apiServer === undefined) return undefined;
  const controllerManager = partOfBuild(build, 'kube-controller-manager');
  return { kind: 'found', origin: 'cache', etcd, apiServer, controllerManager };
}

function partOfBuild(build: string | undefined, name: string): Program | undefined {
  return build === undefined ? undefined : { path: build, args: [name] };
}

function programIn(folder: string, name: string): Program | undefined {
  const path = join(folder, name);
  try {
    accessSync(path, constants.X_OK);
    return { path, args: [] };
  } catch {
    return undefined;
  }
}
