import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, type Endpoint, getJson } from './api.ts';
import type { Assets, Program } from './assets.ts';
import { type Child, startChild, waitUntil } from './child.ts';
import { type Etcd, etcdAt } from './etcd.ts';
import {
  ADMIN_KUBECONFIG,
  apiServerFlags,
  CA,
  controllerManagerFlags,
  etcdFlags,
  SERVING_CERTIFICATE,
  type Site,
} from './flags.ts';
import { isRemoved } from './reaping.ts';
import { kubeconfig, type User } from './users.ts';

const START_LIMIT_MS = 60_000;

/** What stays the same for the life of one control plane. */
export interface Setup {
  readonly assets: Assets;
  readonly site: Site;
  readonly users: readonly [User, ...User[]];
  readonly extraApiServerArgs: readonly string[];
  readonly extraControllerManagerArgs: readonly string[];
}

/** The three servers of one control plane, each started and stopped by itself. */
export class Servers {
  readonly #setup: Setup;
  readonly etcdUrl: string;
  readonly etcd: Etcd;
  #etcd: Child | undefined;
  #apiServer: Child | undefined;
  #controllerManager: Child | undefined;
  #starts = 0;
  #ca = '';

  constructor(setup: Setup) {
    this.#setup = setup;
    this.etcdUrl = `http://127.0.0.1:${setup.site.etcdPort}`;
    this.etcd = etcdAt(this.etcdUrl);
  }

  /** The API server as the administrator sees it. */
  get endpoint(): Endpoint & { readonly ca: string; readonly token: string } {
    const url = `https://127.0.0.1:${this.#setup.site.apiServerPort}`;
    return { url, ca: this.#ca, token: this.#setup.users[0].token };
  }

  kubeconfigOf(user: User): string {
    const name = user === this.#setup.users[0] ? ADMIN_KUBECONFIG : `${encodeURIComponent(user.name)}.kubeconfig`;
    return join(this.#setup.site.folder, name);
  }

  get controllerManagerRuns(): boolean {
    return this.#controllerManager?.ended() === undefined && this.#controllerManager !== undefined;
  }

  async startEtcd(): Promise<void> {
    const { assets, site } = this.#setup;
    const etcd = await this.#start(assets.etcd, 'etcd', etcdFlags(site));
    this.#etcd = etcd;
    await waitUntil('etcd was healthy', [etcd], START_LIMIT_MS, () => answers({ url: this.etcdUrl }, '/health'));
  }

  async startApiServer(): Promise<void> {
    if (this.#apiServer !== undefined && this.#apiServer.ended() === undefined) return;
    const { assets, site, extraApiServerArgs } = this.#setup;
    const flags = apiServerFlags(site, extraApiServerArgs);
    const apiServer = await this.#start(assets.apiServer, 'kube-apiserver', flags);
    this.#apiServer = apiServer;
    const servers = this.#etcd === undefined ? [apiServer] : [apiServer, this.#etcd];
    await waitUntil('the API server was ready', servers, START_LIMIT_MS, async () => {
      if (this.#ca === '') this.#ca = authorityIn(join(site.folder, SERVING_CERTIFICATE));
      return this.#ca !== '' && (await answers(this.endpoint, '/readyz'));
    });
    // Readiness does not wait for these, and everybody takes them for granted.
    await waitUntil('the API server had made its own objects', servers, START_LIMIT_MS, async () => {
      for (const path of [...SYSTEM_NAMESPACES, '/api/v1/namespaces/default/services/kubernetes']) {
        if (!(await answers(this.endpoint, path))) return false;
      }
      return true;
    });
  }

  async writeKubeconfigs(): Promise<void> {
    const { site, users } = this.#setup;
    const { url, ca } = this.endpoint;
    await writeFile(join(site.folder, CA), ca);
    for (const user of users) await writeFile(this.kubeconfigOf(user), kubeconfig(user, url, ca), { mode: 0o600 });
  }

  async version(): Promise<string> {
    const answer = await getJson(this.endpoint, '/version');
    const { gitVersion } = answer as { readonly gitVersion?: unknown };
    if (typeof gitVersion !== 'string') throw new Error('the API server does not tell its version');
    return gitVersion;
  }

  async startControllerManager(): Promise<void> {
    if (this.controllerManagerRuns) return;
    const { assets, site, extraControllerManagerArgs } = this.#setup;
    if (assets.controllerManager === undefined) {
      throw new Error('there is no kube-controller-manager; run `npm run control-plane`');
    }
    const flags = controllerManagerFlags(site, extraControllerManagerArgs);
    const manager = await this.#start(assets.controllerManager, 'kube-controller-manager', flags);
    this.#controllerManager = manager;
    await waitUntil('the controller manager worked', [manager], START_LIMIT_MS, async () => {
      // Its slowest part says so in the log; the default ServiceAccount shows that it can also write.
      if (!/all resource monitors have synced/i.test(readFileSync(manager.logFile, 'utf8'))) return false;
      return answers(this.endpoint, '/api/v1/namespaces/default/serviceaccounts/default');
    });
  }

  async stopControllerManager(): Promise<void> {
    await this.#controllerManager?.kill();
    this.#controllerManager = undefined;
  }

  async stopApiServer(): Promise<void> {
    await this.#apiServer?.kill();
    this.#apiServer = undefined;
  }

  pauseApiServer(): void {
    this.#apiServer?.signal('SIGSTOP');
  }

  resumeApiServer(): void {
    this.#apiServer?.signal('SIGCONT');
  }

  async stop(): Promise<void> {
    const running = [this.#controllerManager, this.#apiServer, this.#etcd];
    await Promise.all(running.map((child) => child?.kill()));
    await rm(this.#setup.site.folder, { recursive: true, force: true, maxRetries: 5 });
    isRemoved(this.#setup.site.folder);
  }

  /** Each start has a log file of its own, so that an earlier one's lines are not taken for this one's. */
  #start(program: Program, name: string, flags: readonly string[]): Promise<Child> {
    this.#starts += 1;
    return startChild(program, flags, join(this.#setup.site.folder, `${this.#starts}-${name}.log`));
  }
}

const SYSTEM_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'].map(
  (name) => `/api/v1/namespaces/${name}`,
);

async function answers(endpoint: Endpoint, path: string): Promise<boolean> {
  try {
    return (await ask(endpoint, 'GET', path)).status === 200;
  } catch {
    return false;
  }
}

/** The API server writes its certificate followed by the authority that signed it, which it keeps to itself. */
function authorityIn(certificateFile: string): string {
  if (!existsSync(certificateFile)) return '';
  const blocks = readFileSync(certificateFile, 'utf8').match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n/g) ?? [];
  return blocks.length < 2 ? '' : (blocks.at(-1) ?? '');
}
