import type { Cluster } from '../cluster/port.ts';
import type { System } from '../knowledge/language.ts';
import { SYSTEMS } from '../knowledge/systems.ts';
import type { KeyText, Uid } from '../objects/key.ts';
import { makePlan, planDigest } from '../plan/make-plan.ts';
import type { Plan, Policy, Refusal, Selection } from '../plan/plan.ts';
import type { TargetFacts } from '../plan/target-facts.ts';
import type { PointManifest, PointReader } from '../vault/vault.ts';
import { recoverFault } from './codes.ts';
import { finishedUids } from './finished-runs.ts';
import { missingPermissions } from './permissions.ts';
import { runFolder } from './run-folder.ts';
import { surveyPoint } from './survey-point.ts';
import { surveyTarget } from './survey-target.ts';

export interface PlanRecoveryInput {
  readonly cluster: Cluster;
  readonly reader: PointReader;
  readonly policy: Policy;
  readonly systems?: readonly System[];
  /** Where the run of this plan is kept; what completed runs there brought back is known by its UID. Default: `runFolder`. */
  readonly folder?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PlanningProgress) => void;
}

/** What planning is at. */
export type PlanningProgress =
  | { readonly kind: 'point'; readonly read: number; readonly objects: number }
  | { readonly kind: 'target' }
  | { readonly kind: 'plan'; readonly objects: number }
  | { readonly kind: 'permissions' };

/**
 * Looks at the point and the target and makes the plan; writes nothing. What the user may not do stands in it as refusals.
 * Faults with NOTHING-SELECTED, TARGET-UNREADABLE, PLANNING-INTERRUPTED when the signal came, and as cluster, vault and planning do.
 */
export async function planRecovery(input: PlanRecoveryInput): Promise<Plan> {
  const { signal } = input;
  if (signal === undefined) return planned(input, () => undefined);
  const { promise, reject } = Promise.withResolvers<never>();
  const interrupted = (): void =>
    reject(
      recoverFault('PLANNING-INTERRUPTED', 'Planning was interrupted; nothing was written.', {
        hint: 'Give the same command again.',
      }),
    );
  const look = (): void => {
    if (signal.aborted) throw signal.reason;
  };
  if (signal.aborted) interrupted();
  signal.addEventListener('abort', interrupted, { once: true });
  const work = planned(input, look);
  // When the interruption comes first, what was under way ends with the cluster and the vault that its caller closes.
  work.catch(() => undefined);
  try {
    return await Promise.race([promise, work]);
  } finally {
    signal.removeEventListener('abort', interrupted);
  }
}

async function planned(input: PlanRecoveryInput, look: () => void): Promise<Plan> {
  const { cluster, reader, policy } = input;
  const systems = input.systems ?? SYSTEMS;
  const { selection } = policy;
  if (isEmpty(selection)) throw nothingSelected(reader.manifest, selection);
  const { objects } = reader.manifest;
  const tell = (progress: PlanningProgress): void => {
    look();
    input.onProgress?.(progress);
  };
  const survey = await surveyPoint(reader, selection, systems, (read) => tell({ kind: 'point', read, objects }));
  if (survey.objects.length > 0 && !survey.objects.some((object) => object.selected))
    throw nothingSelected(reader.manifest, selection);
  tell({ kind: 'target' });
  const facts = await surveyTarget(cluster, survey, reader, systems);
  const folder = input.folder ?? runFolder({ point: reader.manifest.id, fingerprint: facts.fingerprint, policy });
  const target = { ...facts, existing: withOurs(facts.existing, finishedUids(folder)) };
  const incomplete = reader.manifest.resources.filter((one) => one.missing !== undefined).map((one) => one.resource);
  tell({ kind: 'plan', objects });
  const plan = makePlan({ survey, point: pointOf(reader.manifest), target, policy, systems, incomplete });
  tell({ kind: 'permissions' });
  return withRefusals(plan, await missingPermissions(cluster, plan, reader));
}

function withOurs(existing: TargetFacts['existing'], ours: ReadonlyMap<KeyText, Uid>): TargetFacts['existing'] {
  if (ours.size === 0) return existing;
  return new Map([...existing].map(([key, one]) => [key, ours.get(key) === one.uid ? { ...one, ours: true } : one]));
}

/** What a plan says of its point. */
export function pointOf(manifest: PointManifest): Plan['point'] {
  const { id, cluster, takenAt, complete, objects } = manifest;
  return {
    id,
    fingerprint: cluster.fingerprint,
    cluster: cluster.name,
    version: cluster.version,
    takenAt,
    complete,
    objects,
  };
}

/** An empty selection never means everything (DESIGN 4, rule 1). */
function isEmpty(selection: Selection): boolean {
  return selection.namespaces?.length === 0 || selection.selector?.trim() === '';
}

function nothingSelected(manifest: PointManifest, selection: Selection): Error {
  const asked = [
    ...(selection.namespaces === undefined ? [] : [`namespaces ${selection.namespaces.join(', ') || '(none)'}`]),
    ...(selection.selector === undefined ? [] : [`selector "${selection.selector}"`]),
  ];
  return recoverFault('NOTHING-SELECTED', `Nothing in the point ${manifest.id} matches ${asked.join(' and ')}.`, {
    hint: 'Look at what the point holds with `seaworthy points show`.',
  });
}

/** The plan with more refusals, and the digest that is then its own. */
export function withRefusals(plan: Plan, refusals: readonly Refusal[]): Plan {
  if (refusals.length === 0) return plan;
  const more = { ...plan, refusals: [...plan.refusals, ...refusals] };
  return { ...more, digest: planDigest(more) };
}
