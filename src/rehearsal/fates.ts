import type { OwnerReference } from '../objects/json.ts';
import type { KeyText } from '../objects/key.ts';
import type { Plan, Reason, Step } from '../plan/plan.ts';
import type { RunResult, StepReport } from '../recover/result.ts';
import type { FATE_CODES } from './codes.ts';
import type { Sighting } from './witness.ts';

export const OUTCOMES = [
  'accepted',
  'adopted',
  'merged',
  'refused',
  'blocked',
  'withheld',
  'omitted',
  'collected',
  'deleted',
  'replaced',
] as const;
/**
 * `accepted`: written and still there. `merged`: the target made it, what people had edited came back. `collected`: written,
 * and deleted because an owner does not exist. `deleted`: written or adopted, and deleted by a controller. `replaced`: and made anew by one.
 */
export type Outcome = (typeof OUTCOMES)[number];

export interface Changed {
  readonly by: string;
  /** JSON pointers, status aside. */
  readonly places: readonly string[];
}
/** What becomes of one object of the plan. */
export interface Fate {
  readonly key: KeyText;
  readonly outcome: Outcome;
  readonly system?: string;
  /** Written under another name, which holds a new UID: the captured key. */
  readonly copyOf?: KeyText;
  readonly reason?: Reason;
  /** What became of its fields beside: given up, or lost. */
  readonly notes?: readonly Reason[];
  readonly changed?: readonly Changed[];
}

export interface FateInput {
  readonly plan: Plan;
  readonly result: Pick<RunResult, 'failed' | 'blocked' | 'withheld' | 'adopted' | 'yields' | 'lost'>;
  readonly sightings: ReadonlyMap<KeyText, Sighting>;
  /** The key under which a copy was written, by the id of its step. */
  readonly copies: ReadonlyMap<string, KeyText>;
}
type ObjectStep = Extract<Step, { readonly kind: 'create' | 'adopt' | 'copy' | 'merge' }>;

/** One fate for every object that the plan speaks of: those that are written, in the plan's order, then those left out. */
export function fatesOf({ plan, result, sightings, copies }: FateInput): Fate[] {
  const undone = new Map<string, readonly [Outcome, StepReport]>();
  for (const [outcome, reports] of [
    ['refused', result.failed],
    ['blocked', result.blocked],
    ['withheld', result.withheld],
  ] as const)
    for (const report of reports) undone.set(report.id, [outcome, report]);
  const adopted = new Set<KeyText>(result.adopted);
  const notes = Map.groupBy([...result.yields, ...result.lost], ({ id }) => id as string);
  const fates = plan.steps.filter(isObjectStep).map((step): Fate => {
    const key = copies.get(step.id) ?? step.target.key;
    const said = notes.get(step.id)?.map(({ reason }) => reason);
    const base = {
      key,
      ...(step.system === undefined ? {} : { system: step.system }),
      ...(step.kind === 'copy' ? { copyOf: step.target.key } : {}),
      ...(said === undefined ? {} : { notes: said }),
    };
    const failed = undone.get(step.id);
    if (failed !== undefined) return { ...base, outcome: failed[0], reason: failed[1].reason };
    const sighting = sightings.get(key);
    const changed = changedOf(sighting);
    const kept = step.kind === 'merge' ? 'merged' : step.kind === 'adopt' || adopted.has(key) ? 'adopted' : 'accepted';
    return { ...base, ...(changed.length === 0 ? {} : { changed }), ...endOf(key, kept, sighting) };
  });
  for (const { kind, key, reason } of plan.omissions) fates.push({ key, outcome: kind, reason });
  return fates;
}

function isObjectStep(step: Step): step is ObjectStep {
  return step.kind === 'create' || step.kind === 'adopt' || step.kind === 'copy' || step.kind === 'merge';
}

function changedOf(sighting: Sighting | undefined): Changed[] {
  return [...(sighting?.changes ?? [])].map(([by, places]) => ({ by, places: [...places].sort() }));
}

function endOf(
  key: KeyText,
  kept: Outcome,
  sighting: Sighting | undefined,
): { readonly outcome: Outcome; readonly reason?: Reason } {
  const end = sighting?.end;
  if (end === undefined) return { outcome: kept };
  const by = end.by ?? 'the recovery itself';
  if (sighting?.again !== undefined)
    return {
      outcome: 'replaced',
      reason: {
        code: 'REPLACED' satisfies keyof typeof FATE_CODES,
        sentence: `${key} is deleted by ${by}, and ${sighting.again} makes another.`,
      },
    };
  const going = end.kind === 'ending' ? 'is being deleted' : 'is deleted';
  if (end.missing.length > 0)
    return {
      outcome: 'collected',
      reason: {
        code: 'COLLECTED' satisfies keyof typeof FATE_CODES,
        sentence: `${key} ${going} by ${by}: its owner ${end.missing.map(ownerText).join(' and ')} does not exist.`,
      },
    };
  return {
    outcome: 'deleted',
    reason: { code: 'DELETED' satisfies keyof typeof FATE_CODES, sentence: `${key} ${going} by ${by}.` },
  };
}

const ownerText = ({ kind, name, uid }: OwnerReference): string => `${kind} ${name} (${uid})`;
