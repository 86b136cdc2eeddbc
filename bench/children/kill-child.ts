/** A recovery that kills itself at one moment, as a machine that loses its power would; or carries on what another one left. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { openCluster } from '../../src/cluster/open.ts';
import type { Answer, Cluster } from '../../src/cluster/port.ts';
import { planRecovery } from '../../src/recover/plan-recovery.ts';
import { recover } from '../../src/recover/recover.ts';
import { begunPlan } from '../../src/recover/run-folder.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { instead } from './instead.ts';
import { jobOf, report } from './job.ts';
import { defective, type KillDefect, nameIn } from './kill-defects.ts';

export type KillPhase = 'before send' | 'after send' | 'after answer' | 'mid log write';
export interface KillMoment {
  readonly phase: KillPhase;
  /** The n-th write of this process, or of its log, from 0. */
  readonly at: number;
  /** Instead of counting: the first such write to the object of this name. */
  readonly of?: { readonly verb: 'create' | 'patch'; readonly name: string };
  /** After send: milliseconds until the end, if no answer comes earlier. */
  readonly delay?: number;
}
export interface KillJob {
  readonly kubeconfig: string;
  readonly vault: string;
  readonly folder: string;
  readonly userAgent: string;
  readonly moment?: KillMoment;
  readonly broken?: KillDefect;
}
export interface KillAnswer {
  readonly writes: number;
  readonly logWrites: number;
  readonly exit: number;
  readonly counts: {
    readonly done: number;
    readonly failed: number;
    readonly blocked: number;
    readonly withheld: number;
  };
  readonly notDone: readonly string[];
  readonly notVerified: readonly string[];
  readonly resumed: boolean;
}

const { kubeconfig, vault: place, folder, userAgent, moment, broken } = jobOf<KillJob>();
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
};
let writes = 0;
let logWrites = 0;

const writeSync = fs.writeSync;
fs.writeSync = ((file: number, bytes: Buffer, from?: number) => {
  if (!fs.readlinkSync(`/proc/self/fd/${file}`).endsWith('log.jsonl')) return writeSync(file, bytes, from);
  if (moment?.phase === 'mid log write' && logWrites === moment.at) {
    writeSync(file, bytes, from ?? 0, Math.ceil((bytes.length - (from ?? 0)) / 2));
    die();
  }
  logWrites++;
  return writeSync(file, bytes, from);
}) as typeof fs.writeSync;
syncBuiltinESMExports();

const vault = openVault(place);
const reader = await vault.open('latest');
const cluster = deadly(defective(await openCluster({ kubeconfig, userAgent }), broken));
if (broken === 'log-lost' && moment === undefined) fs.rmSync(folder, { recursive: true, force: true });
const begun = begunPlan(folder);
const plan = begun ?? (await planRecovery({ cluster, reader, policy: { selection: {}, fieldOwnership: 'all' } }));
const result = await recover({
  cluster,
  reader,
  plan,
  folder,
  settleMs: 0,
  readyMs: 30_000,
  limits: { patience: 5_000 },
});
const { exit, counts, failed, blocked, withheld, checks } = result;
report({
  writes,
  logWrites,
  exit,
  counts,
  notDone: [...failed, ...blocked, ...withheld].map(({ id, reason }) => `${id}: ${reason.code} ${reason.sentence}`),
  notVerified: checks.flatMap((check) =>
    check.status === 'failed' ? [`${check.id}: ${check.code} ${check.sentence}`] : [],
  ),
  resumed: begun !== undefined,
} satisfies KillAnswer);
await reader.close();
await vault.close();
await cluster.close();

/** The cluster, whose writes are counted and one of which is deadly. */
function deadly(real: Cluster): Cluster {
  const write = async (verb: string, name: string | undefined, send: () => Promise<Answer>): Promise<Answer> => {
    const number = writes++;
    const meant = moment?.of === undefined ? number === moment?.at : moment.of.verb === verb && moment.of.name === name;
    if (moment === undefined || !meant || moment.phase === 'mid log write') return await send();
    if (moment.phase === 'before send') return die();
    const answer = send();
    if (moment.phase === 'after send') setTimeout(die, moment.delay ?? 1);
    await answer;
    return die();
  };
  return instead(real, {
    create: (at, body, options) => write('create', nameIn(body), () => real.create(at, body, options)),
    patch: (at, patch, preconditions, options) =>
      write('patch', at.name, () => real.patch(at, patch, preconditions, options)),
    replace: (at, body, options) => write('replace', at.name, () => real.replace(at, body, options)),
    delete: (at, preconditions, options) => write('delete', at.name, () => real.delete(at, preconditions, options)),
  });
}
