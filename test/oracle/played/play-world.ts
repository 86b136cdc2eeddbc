import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../../../src/cluster/port.ts';
import { planDigest } from '../../../src/plan/make-plan.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { planRecovery } from '../../../src/recover/plan-recovery.ts';
import { recover } from '../../../src/recover/recover.ts';
import type { RunTime } from '../../../src/recover/run-time.ts';
import { Case } from '../case.ts';
import type { Violation } from '../invariants.ts';
import { isSelective, judgePlan } from '../judge-plan.ts';
import { judgeRefusals } from '../judge-refusals.ts';
import type { World } from '../world.ts';
import { relinksSomething, withoutRelinking } from '../worlds/relinking.ts';
import { canaryIsCollected } from './canary.ts';
import { fatesOf, judgePlayed } from './judge-played.ts';
import { writtenPoint } from './point.ts';
import { prepared } from './prepared-target.ts';
import { type SeenObjects, seenObjects } from './seen-objects.ts';
import { watched } from './watched.ts';

/** A server with controllers on which a world is played. */
export interface Stage {
  readonly cluster: Cluster;
  readonly time: RunTime;
}
export interface Played {
  readonly world: World;
  readonly plan: Plan;
  readonly refused: boolean;
  /** There was nothing to relink, so it was not played without relinking. */
  readonly pointless: boolean;
  readonly steps: number;
  readonly violations: readonly Violation[];
  /** Objects that the plan created, by key, with the UIDs that they have got. */
  readonly created: ReadonlyMap<string, string>;
  /** Created objects that are not there any more. */
  readonly collected: readonly string[];
}

const LIMITS = {
  bound: 4_000,
  backend: 200,
  established: 30_000,
  minted: 15_000,
  held: 15_000,
  patience: 3_000,
  poll: 50,
};
const CONSENTS = { holdExisting: true, acceptEmptyDatabases: true };
const MAPS = { group: '', version: 'v1', resource: 'configmaps', namespace: 'default' };

/**
 * One world on a server, with the product's own planning and recovery: the target made as the world says, the point written, the plan
 * carried out, and the end state read back once the garbage collector has shown that it works. `linked: false` writes captured owner UIDs.
 */
export async function playWorld({ cluster, time }: Stage, from: World, linked = true): Promise<Played> {
  const { reader, world } = await writtenPoint(await prepared(cluster, time, from));
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-played-'));
  try {
    const made = await planRecovery({ cluster, reader, policy: world.policy, folder });
    const plan = linked ? made : redone(withoutRelinking(made));
    const subject = new Case(world, plan);
    judgePlan(subject);
    if (!isSelective(subject)) judgeRefusals(subject);
    const { violations } = subject;
    const refused = plan.refusals.length > 0;
    const pointless = !linked && (refused || !relinksSomething(made));
    if (refused || pointless)
      return { world, plan, refused, pointless, violations, steps: 0, created: new Map(), collected: [] };
    const states = await watched(cluster, [
      { group: '', version: 'v1', resource: 'persistentvolumes' },
      { group: '', version: 'v1', resource: 'pods' },
    ]);
    const times = { settleMs: 0, readyMs: 0, limits: LIMITS };
    const result = await recover({ cluster, reader, plan, folder, time, consents: CONSENTS, ...times });
    await canaryIsCollected(cluster, time, MAPS, { apiVersion: 'v1', kind: 'ConfigMap' });
    const end = await seenObjects(cluster, [...world.kinds, ...world.target.kinds]);
    await states.stop();
    const fates = fatesOf(subject, result);
    const reasons = new Map(
      [...result.failed, ...result.withheld].map(({ id, reason }) => [
        id as string,
        `${reason.code} ${reason.sentence}`,
      ]),
    );
    judgePlayed(subject, fates, end, { states: states.seen });
    const done = [...subject.creates.values()].filter(({ id }) => fates.get(id) === 'done');
    return {
      world,
      plan,
      refused,
      pointless,
      steps: plan.steps.length,
      violations: violations.map((one) => withReason(one, reasons)),
      created: uidsOf(
        end,
        done.map(({ target }) => target.key),
      ),
      collected: done.map(({ target }) => target.key).filter((key) => !end.objects.has(key)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await reader.close();
  }
}

/** A plan that was changed has a digest of its own. */
const redone = (plan: Plan): Plan => ({ ...plan, digest: planDigest(plan) });

function uidsOf(end: SeenObjects, keys: readonly string[]): ReadonlyMap<string, string> {
  return new Map(keys.flatMap((key) => (end.uidOf(key) === undefined ? [] : [[key, end.uidOf(key) ?? '']])));
}

/** What the run itself said of the step, for whoever reads the violation. */
function withReason(violation: Violation, reasons: ReadonlyMap<string, string>): Violation {
  const why = reasons.get(`create ${violation.object}`);
  return why === undefined ? violation : { ...violation, sentence: `${violation.sentence}: ${why}` };
}
