/** Reads malformed kubeconfigs, one after another. Nobody is talked to and no plugin is run. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findConnection } from '../../src/cluster/open.ts';
import { badKubeconfig } from '../hostile/kubeconfigs.ts';
import { highWater, hoard, jobOf, report } from './job.ts';
import { type CaseOutcome, refused, within } from './outcome.ts';

export interface KubeconfigJob {
  readonly folder: string;
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  readonly broken?: string;
}
export interface HostileAnswer {
  readonly outcomes: readonly CaseOutcome[];
  readonly highWater: number;
}

const { folder, seed, from, count, broken } = jobOf<KubeconfigJob>();
const outcomes: CaseOutcome[] = [];
if (broken === 'hoarding') hoard();
for (let number = from; number < from + count; number++) {
  const { what, text, broken: mustBeRefused } = badKubeconfig(seed, number);
  const kubeconfig = join(folder, `kubeconfig-${number}`);
  writeFileSync(kubeconfig, text, 'latin1');
  const outcome = await within(number, what, 10_000, async () => {
    try {
      const { name } = await findConnection({ env: {}, home: folder, kubeconfig });
      if (name.length > 1_000) return { number, what, kind: 'too long', said: `a name of ${name.length} characters` };
      return { number, what, kind: mustBeRefused ? 'accepted' : 'coded', said: 'a connection' };
    } catch (error) {
      if (broken === 'crashing') throw new TypeError('played by --break crashing');
      return refused(number, what, broken === 'uncoded' ? new Error('played by --break uncoded') : error);
    }
  });
  outcomes.push(broken === 'blind' && mustBeRefused ? { number, what, kind: 'accepted', said: 'played' } : outcome);
  rmSync(kubeconfig);
}
report({ outcomes, highWater: highWater() } satisfies HostileAnswer);
