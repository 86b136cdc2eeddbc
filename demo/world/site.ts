import type { Cluster } from '../../src/cluster/port.ts';
import { Cloud } from '../../src/sandbox/cloud/cloud.ts';
import { ObjectStore } from '../../src/sandbox/cloud/object-store.ts';
import { BUILT_IN_CONTROLLERS, NODE_CONTROLLERS } from '../../src/sandbox/controllers/built-in.ts';
import { cnpg } from '../../src/sandbox/controllers/cnpg/cnpg.ts';
import { type DatabaseOutside, databaseOutside } from '../../src/sandbox/controllers/cnpg/outside.ts';
import { cloudProvider, crossplane, kubernetesProvider } from '../../src/sandbox/controllers/crossplane/crossplane.ts';
import { diskProvisioner } from '../../src/sandbox/controllers/disk-provisioner.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { runOperators } from './operators.ts';
import { CNPG_HOME, CROSSPLANE_HOME, DISKS } from './platform.ts';

/** Crossplane's own default, between two looks at something that nothing happens to. */
const POLL_MS = 60_000;
/** One step of a clock that is moved. */
const STEP_MS = 500;

/** What outlives a cluster: the cloud, and the object store of the database backups. */
export interface Outside {
  readonly cloud: Cloud;
  readonly store: ObjectStore;
}

/** A cluster of the demo: nodes, disks, and operators that run while their Deployments do. */
export interface Site extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly cluster: Cluster;
  readonly outside: Outside;
  readonly databases: DatabaseOutside;
  /** What its controllers and operators printed. */
  readonly log: readonly string[];
  now(): number;
  /** Lets the cluster live on for some seconds of its own clock. */
  live(seconds: number): Promise<void>;
  /** Lets it live on by itself, `factor` seconds of its clock in one of ours, until the answer is called. */
  liveOn(factor: number): () => Promise<void>;
}

export function newOutside(): Outside {
  return { cloud: new Cloud(11, { deletionTakes: { db: 10_000 } }), store: new ObjectStore() };
}

/** The same things in another cloud, so that two stories may begin at the same moment; nobody's calls are in its log. */
export function copyOfCloud(outside: Outside, now: number, seed: number): Outside {
  const cloud = new Cloud(seed, { deletionTakes: { db: 10_000 } });
  for (const thing of outside.cloud.things(now)) cloud.put(thing);
  return { cloud, store: outside.store };
}

export async function openSite(name: string, start: number, seed: number, outside: Outside): Promise<Site> {
  const log: string[] = [];
  const databases = databaseOutside(outside.store);
  const sandbox = await startSandbox({
    clock: { start },
    seed,
    controllers: [...BUILT_IN_CONTROLLERS, ...NODE_CONTROLLERS, diskProvisioner(DISKS)],
    log: (line) => log.push(line),
  });
  const poll = { pollMs: POLL_MS };
  runOperators(sandbox, [
    { namespace: CROSSPLANE_HOME, deployment: 'crossplane', model: crossplane(poll) },
    { namespace: CROSSPLANE_HOME, deployment: 'provider-cloud', model: cloudProvider(outside.cloud, poll) },
    { namespace: CROSSPLANE_HOME, deployment: 'provider-kubernetes', model: kubernetesProvider(undefined, poll) },
    { namespace: CNPG_HOME, deployment: 'cnpg-controller-manager', model: cnpg(databases) },
  ]);
  const cluster = sandbox.cluster({ name });
  const live = async (seconds: number): Promise<void> => {
    for (let left = seconds * 1000; left > 0; left -= STEP_MS) await sandbox.advance(Math.min(STEP_MS, left));
  };
  return {
    sandbox,
    cluster,
    outside,
    databases,
    log,
    now: () => sandbox.clock.now(),
    live,
    liveOn(factor) {
      let ended = false;
      const living = (async () => {
        for (let at = performance.now(); !ended; ) {
          await new Promise((resolve) => setTimeout(resolve, 10));
          const now = performance.now();
          await sandbox.advance(Math.round((now - at) * factor));
          at = now;
        }
      })();
      return async () => {
        ended = true;
        await living;
      };
    },
    async [Symbol.asyncDispose]() {
      await cluster.close();
      await sandbox.close();
    },
  };
}
