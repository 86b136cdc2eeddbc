import type { Plan } from '../../plan/plan.ts';
import type { Consents } from '../../recover/run-record.ts';

const SHOWN = 5;

/** The consents that were not given and without which a recovery refuses to begin or withholds something: a line each, with the flag and why. */
export function consentsAsked(plan: Plan, given: Consents = {}): string[] {
  const lines: string[] = [];
  for (const step of plan.steps) {
    if (given.holdExisting !== true && step.kind === 'hold' && step.workloads.length > 0)
      lines.push(
        `--hold-existing: ${step.system} runs in the target (${some(step.workloads.map(({ target }) => target.key))}) and has to be scaled to 0 first`,
      );
    if (given.acceptEmptyDatabases !== true && step.kind === 'release' && step.consent !== undefined)
      lines.push(
        `--${step.consent.flag}: without it ${step.system} is not released: ${some(step.consent.why.map(({ sentence }) => sentence))}`,
      );
    if (
      given.acceptOutsideBackends !== true &&
      'wait' in step &&
      step.wait?.kind === 'backend' &&
      step.wait.urls.length > 0
    )
      lines.push(
        `--accept-outside-backends: without it ${step.target.key} is withheld: nobody here can see whether ${some(step.wait.urls)} is ready`,
      );
  }
  return lines;
}

function some(all: readonly string[]): string {
  const more = all.length > SHOWN ? `; and ${all.length - SHOWN} more` : '';
  return `${all.slice(0, SHOWN).join('; ')}${more}`;
}
