import { planDigest } from '../../src/plan/make-plan.ts';
import type { Plan, Step, StepId } from '../../src/plan/plan.ts';
import { planRecovery } from '../../src/recover/plan-recovery.ts';
import { type RecoverInput, recover } from '../../src/recover/recover.ts';
import type { RunResult } from '../../src/recover/result.ts';
import { begunPlan } from '../../src/recover/run-folder.ts';
import { EVERYTHING, pointOf, type Sample } from './captured-world.ts';
import type { ScriptedCluster } from './scripted-cluster.ts';

export const QUICK = {
  patience: 100,
  minted: 60,
  bound: 60,
  backend: 60,
  established: 400,
  held: 80,
  interrupt: 500,
  poll: 5,
};

export type Extras = Parameters<typeof pointOf>[1];

/** Recovers the samples; `bend` changes the plan that was made for them. */
export async function recoverSamples(
  samples: readonly Sample[],
  cluster: ScriptedCluster,
  folder: string,
  more: Partial<RecoverInput> & { extras?: Extras; bend?: (plan: Plan) => Plan } = {},
): Promise<RunResult> {
  const { extras, bend, ...input } = more;
  const reader = pointOf(samples, extras);
  const begun = begunPlan(folder);
  const made = begun ?? (await planRecovery({ cluster, reader, policy: EVERYTHING }));
  const plan = begun !== undefined || bend === undefined ? made : sealed(bend(made));
  return await recover({ cluster, reader, plan, folder, limits: QUICK, settleMs: 0, readyMs: 0, ...input });
}

export function sealed(plan: Plan): Plan {
  return { ...plan, digest: planDigest(plan) };
}

export function withSteps(plan: Plan, steps: readonly Step[]): Plan {
  return { ...plan, steps: [...plan.steps, ...steps] };
}

export const NOTHING = { needs: [], after: [], reasons: [], undo: '' } as const;

export const id = (text: string): StepId => text as StepId;
