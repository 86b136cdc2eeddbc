/** One capture into a directory vault, in a process of its own. */
import { capturePoint } from '../../src/capture/capture-point.ts';
import { openCluster } from '../../src/cluster/open.ts';
import type { Cluster, RawItem } from '../../src/cluster/port.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { instead } from './instead.ts';
import { highWater, jobOf, report } from './job.ts';

export interface CaptureJob {
  readonly kubeconfig: string;
  readonly vault: string;
  /** Plays a defect: one of a hundred items is never seen, or one of a hundred is changed on the way. */
  readonly broken?: 'losing' | 'changing';
}
export interface Captured {
  readonly objects: number;
  readonly bytes: number;
  readonly complete: boolean;
  readonly rounds: number;
  /** From the first request to the committed manifest. */
  readonly seconds: number;
  readonly highWater: number;
}

const job = jobOf<CaptureJob>();
const real = await openCluster({ kubeconfig: job.kubeconfig });
const cluster = job.broken === undefined ? real : played(real, job.broken);
const vault = openVault(job.vault);
let rounds = 0;
const began = performance.now();
const { objects, bytes, complete } = await capturePoint({
  cluster,
  vault,
  clock: { now: () => new Date() },
  onProgress: ({ round }) => {
    rounds = round;
  },
});
const seconds = (performance.now() - began) / 1000;
await vault.close();
await cluster.close();
report({ objects, bytes, complete, rounds, seconds, highWater: highWater() } satisfies Captured);

function played(cluster: Cluster, defect: 'losing' | 'changing'): Cluster {
  let number = 0;
  return instead(cluster, {
    list: (at, onItem, options) =>
      cluster.list(
        at,
        (item: RawItem) => {
          if (++number % 100 !== 50) return onItem(item);
          if (defect === 'losing') return undefined;
          const text = Buffer.from(item.bytes).toString('utf8').replace('timeout', 'timeouf');
          return onItem({ ...item, bytes: Buffer.from(text) });
        },
        options,
      ),
  });
}
