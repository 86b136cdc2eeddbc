import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAssets, type Origin } from './assets.ts';
import { PortTaken } from './child.ts';
import { SIGNING_KEY, TOKENS } from './flags.ts';
import { Servers, type Setup } from './plane.ts';
import { freePorts } from './ports.ts';
import { removeWithUs } from './reaping.ts';
import { administrator, tokenFile, type User } from './users.ts';

export { type Availability, controlPlaneAvailable } from './assets.ts';
export type { User } from './users.ts';

/** A real kube-apiserver with its etcd and, where wanted, its controller manager, for one test. */
export interface ControlPlane extends AsyncDisposable {
  readonly url: string;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly token: string;
  readonly ca: string;
  readonly version: string;
  readonly origin: Origin;
  readonly etcdUrl: string;
  /** Holds everything of this control plane, the servers' logs included, until it is stopped. */
  readonly folder: string;
  readonly controllerManagerRuns: boolean;
  /** Path of the kubeconfig of one of the users in the options. */
  kubeconfigOf(userName: string): string;
  /** Writes straight into etcd; `key` is the whole one, such as `/registry/configmaps/default/a`. */
  putRaw(key: string, json: object): Promise<void>;
  /** The keys in etcd that begin with `prefix`. */
  rawKeys(prefix: string): Promise<string[]>;
  /**
   * Compacts etcd at its present revision, which it returns; what was before then answers 410. Not at once, though:
   * the API server drops its own snapshots only every 15 s, and serves watches from memory. Restarting it (2 s) cuts
   * both short; `--feature-gates=ListFromCacheSnapshot=false` cuts short the lists.
   */
  compact(): Promise<number>;
  startControllerManager(): Promise<void>;
  stopControllerManager(): Promise<void>;
  /** The server keeps its connections and answers nothing. */
  pauseApiServer(): void;
  resumeApiServer(): void;
  /** Kills the server: connections break, and new ones are refused until it is started again, on the same port. */
  stopApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  restartApiServer(): Promise<void>;
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /**
   * Whether to start the controller manager as well. Default: yes. Without it nothing is collected, no default
   * ServiceAccount appears, and the ClusterRoles view, edit and admin are empty, because it aggregates them.
   */
  readonly controllerManager?: boolean;
  /** People beside the administrator; RBAC objects decide what they may. */
  readonly users?: readonly User[];
  readonly extraApiServerArgs?: readonly string[];
  readonly extraControllerManagerArgs?: readonly string[];
  readonly serviceCidr?: string;
  readonly log?: (line: string) => void;
}

const TRIES = 5;

export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (!(error instanceof PortTaken) || tried === TRIES) throw error;
      options.log?.('a port was taken by someone else in the meantime: trying others');
    }
  }
}

async function startOnce(options: ControlPlaneOptions): Promise<ControlPlane> {
  const began = performance.now();
  const say = (what: string): void => options.log?.(`${((performance.now() - began) / 1000).toFixed(2)} s: ${what}`);
  const setup = await prepare(options);
  const servers = new Servers(setup);
  try {
    await servers.startEtcd();
    say('etcd is healthy');
    await servers.startApiServer();
    const version = await servers.version();
    say(`kube-apiserver ${version} is ready at ${servers.endpoint.url}`);
    await servers.writeKubeconfigs();
    if (options.controllerManager ?? true) {
      await servers.startControllerManager();
      say('kube-controller-manager works');
    }
    return planeOf(setup, servers, version);
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

async function prepare(options: ControlPlaneOptions): Promise<Setup> {
  const assets = findAssets();
  if (assets.kind === 'unavailable') throw new Error(`no control plane: ${assets.why}; ${assets.hint}`);
  const users = [administrator(), ...(options.users ?? [])] as const;
  const folder = await mkdtemp(join(tmpdir(), 'seaworthy-control-plane-'));
  removeWithUs(folder);
  const [etcdPort = 0, etcdPeerPort = 0, apiServerPort = 0] = await freePorts(3);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeFile(join(folder, SIGNING_KEY), privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
  await writeFile(join(folder, TOKENS), tokenFile(users), { mode: 0o600 });
  return {
    assets,
    site: { folder, etcdPort, etcdPeerPort, apiServerPort, serviceCidr: options.serviceCidr ?? '10.0.0.0/24' },
    users,
    extraApiServerArgs: options.extraApiServerArgs ?? [],
    extraControllerManagerArgs: options.extraControllerManagerArgs ?? [],
  };
}

function planeOf(setup: Setup, servers: Servers, version: string): ControlPlane {
  const stop = (): Promise<void> => servers.stop();
  return {
    ...servers.endpoint,
    kubeconfig: servers.kubeconfigOf(setup.users[0]),
    version,
    origin: setup.assets.origin,
    etcdUrl: servers.etcdUrl,
    folder: setup.site.folder,
    get controllerManagerRuns() {
      return servers.controllerManagerRuns;
    },
    kubeconfigOf(userName) {
      const user = setup.users.find(({ name }) => name === userName);
      if (user === undefined) throw new Error(`this control plane was started without a user ${userName}`);
      return servers.kubeconfigOf(user);
    },
    putRaw: (key, json) => servers.etcd.put(key, JSON.stringify(json)),
    rawKeys: (prefix) => servers.etcd.keys(prefix),
    compact: () => servers.etcd.compact(),
    startControllerManager: () => servers.startControllerManager(),
    stopControllerManager: () => servers.stopControllerManager(),
    pauseApiServer: () => servers.pauseApiServer(),
    resumeApiServer: () => servers.resumeApiServer(),
    stopApiServer: () => servers.stopApiServer(),
    startApiServer: () => servers.startApiServer(),
    async restartApiServer() {
      await servers.stopApiServer();
      await servers.startApiServer();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
