import type { Plan } from '../plan/plan.ts';
import type { Consents } from '../recover/run-record.ts';

/** A consent that the recovery will ask for and that the rehearsal took as given. */
export interface AssumedConsent {
  readonly flag: 'accept-incomplete' | 'hold-existing' | 'accept-empty-databases';
  readonly why: readonly string[];
}

export const ASSUMED: Consents = { acceptIncomplete: true, holdExisting: true, acceptEmptyDatabases: true };

/** Which of the assumed consents this plan needs. */
export function assumedConsents(plan: Plan): AssumedConsent[] {
  const holds = plan.steps.flatMap((step) =>
    step.kind === 'hold'
      ? step.workloads.map(({ target }) => `${target.key} runs ${step.system} in the target and is scaled to 0 first`)
      : [],
  );
  const empty = plan.steps.flatMap((step) =>
    step.kind === 'release' && step.consent !== undefined ? step.consent.why.map(({ sentence }) => sentence) : [],
  );
  return [
    ...(plan.point.complete ? [] : [{ flag: 'accept-incomplete' as const, why: ['the point is incomplete'] }]),
    ...(holds.length === 0 ? [] : [{ flag: 'hold-existing' as const, why: holds }]),
    ...(empty.length === 0 ? [] : [{ flag: 'accept-empty-databases' as const, why: empty }]),
  ];
}
