import type { Plan } from '../../src/plan/plan.ts';
import { Case } from './case.ts';
import type { Ending } from './ending.ts';
import { BROKEN_BY, type Violation } from './invariants.ts';
import { judgeEnd } from './judge-end.ts';
import { judgeMentions, MomentJudge } from './judge-moment.ts';
import { isSelective, judgePlan } from './judge-plan.ts';
import { judgeRefusals } from './judge-refusals.ts';
import { type Circumstances, type Moment, Run, shuffledOrder } from './play.ts';
import { randomBelow } from './random.ts';
import type { World } from './world.ts';

export interface Judging {
  /** Random orders to play besides the plan's own. */
  readonly orders: number;
  /** Plans made from the same world with its inputs listed in other orders: they must be the same. */
  readonly again?: readonly Plan[];
  /** Looks at each step after it was carried out, in the plan's own order: the product's own bytes are compared here. */
  readonly compare?: (moment: Moment) => string | undefined;
}
export interface Verdict {
  readonly violations: readonly Violation[];
  /** Steps carried out, over all runs. */
  readonly steps: number;
  readonly refused: boolean;
}

/** Judges a plan by looking at it and by carrying it out, in its own order and in random ones. */
export function judge(world: World, plan: Plan, judging: Judging): Verdict {
  const subject = new Case(world, plan);
  judgePlan(subject);
  if (!isSelective(subject)) judgeRefusals(subject);
  for (const other of judging.again ?? [])
    if (other.digest !== plan.digest || JSON.stringify(other) !== JSON.stringify(plan))
      subject.cry('I10', 'the plan', `listed in another order the inputs give ${other.digest}, not ${plan.digest}`);
  const refused = plan.refusals.length > 0;
  if (refused) return { violations: subject.violations, steps: 0, refused };
  let steps = 0;
  const moments = new MomentJudge(subject);
  const findings = new Set(plan.findings.flatMap(({ key }) => (key === undefined ? [] : [key as string])));
  for (const [index, circumstances] of circumstancesOf(plan, world.seed, judging.orders).entries()) {
    const run = new Run(world, circumstances);
    run.play((moment) => {
      steps++;
      moments.look(moment);
      judgeMentions(subject, moment, findings);
      const unlike = index === 0 ? judging.compare?.(moment) : undefined;
      if (unlike !== undefined) subject.cry('I26', moment.step.id, unlike);
    });
    for (const { step, key } of run.early)
      subject.cry('I2', step, `${step} was to be written before the UID of ${key} was known`);
    for (const { kind, key, sentence } of run.store.happenings) {
      // What is being deleted in the target refuses its own write, and that blocks its dependents: so it should be.
      const dying = kind === 'terminating-object' && subject.living.get(key)?.terminating === true;
      if (!dying) subject.cry(BROKEN_BY[kind], key, sentence);
    }
    if (index === 0) judgeBlocked(subject, run);
    judgeEnd(subject, run, circumstances.failing === undefined);
  }
  return { violations: subject.violations, steps, refused };
}

/** The plan's own order first; then random ones, with and without backends, some with a step that fails. */
function circumstancesOf(plan: Plan, seed: number, orders: number): Circumstances[] {
  const below = randomBelow(seed ^ 0x5eed);
  const found: Circumstances[] = [{ order: plan.steps, backends: true }];
  for (let index = 0; index < orders; index++) {
    const order = shuffledOrder(plan, below);
    if (order === undefined) break;
    const writes = plan.steps.filter(({ kind }) => kind === 'create');
    const failing = index % 3 === 1 ? writes[below(Math.max(1, writes.length))]?.id : undefined;
    found.push({ order, backends: index % 2 === 0, ...(failing === undefined ? {} : { failing }) });
  }
  return found;
}

/** I17 and I21: in a run in which nothing else goes wrong, only what has a cause in the target is left undone. */
export function judgeBlocked(subject: Case, run: Pick<Ending, 'fates'>): void {
  const withheld = new Set<string>();
  for (const step of subject.plan.steps) {
    const fate = run.fates.get(step.id);
    // What comes after the release of a system waits with it, whatever of that system is terminating.
    const waits = fate === 'withheld' || (step.kind === 'release' && fate !== 'done');
    if (waits || step.needs.some((id) => withheld.has(id))) withheld.add(step.id);
  }
  for (const step of subject.creates.values()) {
    const fate = run.fates.get(step.id);
    const expected = subject.expected[step.source.row];
    if (fate === 'done' || expected?.kind === 'may-wait' || withheld.has(step.id)) continue;
    subject.cry('I17', step.target.key, `${step.id} is ${fate}, though nothing that it depends on is terminating`);
  }
}
