import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { System } from '../knowledge/language.ts';
import type { KubeObject } from '../objects/json.ts';
import type { KeyText, ResourceName } from '../objects/key.ts';
import { isFault } from '../outcome/fault.ts';
import type { Plan, Policy } from '../plan/plan.ts';
import { type PlanningProgress, planRecovery } from '../recover/plan-recovery.ts';
import type { Progress } from '../recover/progress.ts';
import { recover } from '../recover/recover.ts';
import { refusalsOf } from '../recover/refusals.ts';
import { RunLog } from '../recover/run-log.ts';
import { listAll } from '../recover/target-reading.ts';
import type { PointReader } from '../vault/vault.ts';
import { Captured } from './captured.ts';
import { rehearsalFault } from './codes.ts';
import { ASSUMED, assumedConsents } from './consents.ts';
import { databasesOf } from './databases.ts';
import { estimateOf, type WriteRate } from './estimate.ts';
import { fatesOf } from './fates.ts';
import { judgedChecks } from './judged-checks.ts';
import { type RehearsalReport, refusedReport, reportOf } from './report.ts';
import { secretsKept } from './secrets.ts';
import type { Stage } from './stage.ts';
import { Witness } from './witness.ts';

/** What a rehearsal is at. */
export type RehearsalProgress =
  | { readonly kind: 'planning'; readonly progress: PlanningProgress }
  | { readonly kind: 'outside' }
  | { readonly kind: 'steps'; readonly progress: Progress }
  | { readonly kind: 'verification' }
  | { readonly kind: 'looking' };

export interface RehearseInput {
  readonly stage: Stage;
  readonly reader: PointReader;
  readonly policy: Policy;
  /** Default: planned against the stage. */
  readonly plan?: Plan;
  readonly systems?: readonly System[];
  readonly rate: WriteRate;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RehearsalProgress) => void;
  /** Changes the plan before it is carried out: what a test sabotages. */
  readonly bend?: (plan: Plan) => Plan;
  /** Virtual; default 60,000 and 120,000. */
  readonly settleMs?: number;
  readonly readyMs?: number;
}

/** What the real recovery settles by default; the rehearsal looks longer, because it costs nothing. */
const REAL_SETTLE_MS = 10_000;

/** Carries the recovery out on the stage and tells what came of it. Faults as planning and recovery do, and REHEARSAL-INTERRUPTED. */
export async function rehearse(input: RehearseInput): Promise<RehearsalReport> {
  const scratch = mkdtempSync(join(tmpdir(), 'seaworthy-rehearsal-'));
  try {
    return await rehearsed(input, join(scratch, 'run'));
  } catch (error) {
    if (!isFault(error, 'INTERRUPTED') && !isFault(error, 'PLANNING-INTERRUPTED')) throw error;
    throw rehearsalFault('REHEARSAL-INTERRUPTED', 'The rehearsal was interrupted; nothing was written anywhere.', {
      hint: 'Give the same command again.',
      cause: error,
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function rehearsed(input: RehearseInput, folder: string): Promise<RehearsalReport> {
  const { stage, reader, onProgress } = input;
  const began = performance.now();
  const took = (): number => (performance.now() - began) / 1000;
  const plan = (input.bend ?? ((made) => made))(input.plan ?? (await planned(input)));
  const refusals = refusalsOf(plan, ASSUMED);
  if (refusals.length > 0) return refusedReport(plan, stage, refusals, took());
  const captured = new Captured(reader, resourcesOf(plan));
  onProgress?.({ kind: 'outside' });
  await beforehand(plan, captured, stage);
  const unknown = await unknownOf(plan, captured, stage);
  const witness = new Witness((uid) => stage.lives(uid));
  const leave = stage.onChange((change) => witness.note(change));
  let waited = 0;
  const result = await recover({
    cluster: stage.cluster,
    reader: { manifest: reader.manifest, read: (row) => stage.during(() => reader.read(row)) },
    plan,
    folder,
    consents: ASSUMED,
    time: stage.time,
    settleMs: input.settleMs ?? 60_000,
    readyMs: input.readyMs ?? 120_000,
    onProgress: (progress) => onProgress?.({ kind: 'steps', progress }),
    onPart: (part) => {
      if (part !== 'verification') return;
      waited = stage.waited();
      onProgress?.({ kind: 'verification' });
    },
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  }).finally(leave);
  onProgress?.({ kind: 'looking' });
  const fates = fatesOf({ plan, result, sightings: witness.sightings, copies: copiesOf(plan, folder) });
  const checks = judgedChecks({
    plan,
    checks: result.checks,
    acting: (system, resource) => stage.acting(system, resource),
    unknown,
    custom: await customResources(stage),
    webhooks: stage.webhooksNotAsked(),
    leftOut: stage.leftOut(),
  });
  return reportOf({
    plan,
    result,
    stage,
    fates,
    witness,
    outside: stage.outside(),
    secrets: await secretsKept(stage.cluster, captured, fates),
    databases: await databasesOf(plan, stage, unknown),
    checks,
    assumed: assumedConsents(plan),
    estimate: estimateOf(stage.writes(), waited, REAL_SETTLE_MS, input.rate),
    tookSeconds: took(),
  });
}

async function planned({ stage, reader, policy, systems, signal, onProgress }: RehearseInput): Promise<Plan> {
  return await planRecovery({
    cluster: stage.cluster,
    reader,
    policy,
    onProgress: (progress) => onProgress?.({ kind: 'planning', progress }),
    ...(systems === undefined ? {} : { systems }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The resources whose captured bodies are looked into. */
function resourcesOf(plan: Plan): ReadonlySet<ResourceName> {
  return new Set(
    plan.checks.flatMap((check) =>
      check.kind === 'external' || check.kind === 'data'
        ? [check.key.slice(0, check.key.indexOf('/')) as ResourceName]
        : [],
    ),
  );
}

/** What captured objects name outside is there before the recovery begins. */
async function beforehand(plan: Plan, captured: Captured, stage: Stage): Promise<void> {
  for (const check of plan.checks) {
    if (check.kind !== 'external') continue;
    const object = await captured.get(check.key);
    if (object !== undefined) await stage.standsOutside(check.system, object, captured.secretOf);
  }
}

async function unknownOf(plan: Plan, captured: Captured, stage: Stage): Promise<Map<KeyText, string>> {
  const unknown = new Map<KeyText, string>();
  for (const check of plan.checks) {
    if (check.kind !== 'data') continue;
    const object: KubeObject | undefined = await captured.get(check.key);
    const why = object === undefined ? undefined : stage.unknown(check.system, object);
    if (why !== undefined) unknown.set(check.key, why);
  }
  return unknown;
}

/** Under which keys copies were written: only the log of the run knows. */
function copiesOf(plan: Plan, folder: string): Map<string, KeyText> {
  const log = new RunLog(folder);
  const copies = new Map<string, KeyText>();
  for (const { kind, id } of plan.steps) {
    const key = kind === 'copy' ? log.ended(id)?.key : undefined;
    if (key !== undefined) copies.set(id, key);
  }
  log.close();
  return copies;
}

const DEFINITIONS = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' } as const;

/** A definition is named after its resource. */
async function customResources({ cluster }: Stage): Promise<Set<ResourceName>> {
  const names = new Set<ResourceName>();
  await listAll(
    cluster,
    DEFINITIONS,
    () => names.clear(),
    (item) => void names.add(item.name as ResourceName),
    { shape: 'metadata' },
  );
  return names;
}
