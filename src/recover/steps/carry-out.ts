import type { Step } from '../../plan/plan.ts';
import type { RunContext, StepOutcome } from '../run-context.ts';
import { adopt } from './adopt.ts';
import { amend } from './amend.ts';
import { create } from './create.ts';
import { hold } from './hold.ts';
import { merge } from './merge.ts';
import { release } from './release.ts';

const DONE: StepOutcome = { kind: 'done' };

/** The visitor over the steps of a plan that writes: one try of one step. Throws what the cluster and the vault throw. */
export function carryOut(context: RunContext, step: Step): Promise<StepOutcome> {
  switch (step.kind) {
    case 'create':
    case 'copy':
      return create(context, step);
    case 'adopt':
      return adopt(context, step);
    case 'merge':
      return merge(context, step);
    case 'amend':
      return amend(context, step);
    case 'hold':
      return hold(context, step);
    case 'release':
      return release(context, step);
    case 'barrier':
      return Promise.resolve(DONE);
  }
}
