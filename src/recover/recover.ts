import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterFault } from '../cluster/codes.ts';
import type { Cluster } from '../cluster/port.ts';
import type { Plan } from '../plan/plan.ts';
import { planText, readPlan } from '../plan/plan-text.ts';
import type { PointReader } from '../vault/vault.ts';
import type { CheckResult, Expected } from './checks/check.ts';
import { recoverFault } from './codes.ts';
import { openRun } from './open-run.ts';
import { Pace } from './pace.ts';
import { missingPermissions } from './permissions.ts';
import type { Progress } from './progress.ts';
import { refusalsOf, refuse } from './refusals.ts';
import { type RunResult, resultOf } from './result.ts';
import { interrupted } from './run.ts';
import { prepareFolder, runFolder } from './run-folder.ts';
import type { RunLimits } from './run-limits.ts';
import { lockRun } from './run-lock.ts';
import { RunLog } from './run-log.ts';
import type { Consents } from './run-record.ts';
import type { RunTime } from './run-time.ts';
import type { StepResult } from './step-result.ts';
import { verify } from './verify.ts';

export interface RecoverInput {
  readonly cluster: Cluster;
  readonly reader: Pick<PointReader, 'read' | 'manifest'>;
  /** As planned, or as `begunPlan` found it in the folder. */
  readonly plan: Plan;
  readonly consents?: Consents;
  /** Default: `runFolder` of point, target and policy. */
  readonly folder?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Told at the start of each part that is no step. */
  readonly onPart?: (part: 'permissions' | 'steps' | 'verification') => void;
  readonly limits?: Partial<RunLimits>;
  /** Default 10,000. */
  readonly settleMs?: number;
  /** How long readiness may take after the settling time; default 30,000. */
  readonly readyMs?: number;
  /** Tell it `throttled()` from the cluster's onThrottle. */
  readonly pace?: Pace;
  /** Default: the real one. */
  readonly time?: RunTime;
  /** Of this program, for the log. */
  readonly version?: string;
}

/**
 * Carries out a plan and verifies what came of it. Runs that were broken off go on where they stopped; steps that failed or were
 * withheld are tried again. Throws, with nothing written: WRONG-CLUSTER, PLAN-REFUSED, POINT-INCOMPLETE, MISSING-PERMISSION, HOLD-EXISTING,
 * RUN-BUSY, RUN-OTHER-PLAN, RUN-LOG-DAMAGED. Throws INTERRUPTED when the signal came.
 */
export async function recover(input: RecoverInput): Promise<RunResult> {
  const { cluster, plan, reader, consents = {} } = input;
  const signal = input.signal ?? new AbortController().signal;
  await meetTarget(cluster, plan);
  if (reader.manifest.id !== plan.point.id)
    throw recoverFault(
      'PLAN-REFUSED',
      `The plan is for the point ${plan.point.id}, and ${reader.manifest.id} was opened.`,
      {
        hint: 'Open the point that the plan names.',
      },
    );
  const holds = new Set(plan.steps.flatMap((step) => (step.kind === 'hold' ? [step.id as string] : [])));
  // Whether a hold was begun before stands in the log; everything else is refused before there is one.
  refuse(refusalsOf(plan, consents, holds));
  input.onPart?.('permissions');
  refuse(await missingPermissions(cluster, plan, reader));
  if (signal.aborted) throw interrupted();
  const folder =
    input.folder ?? runFolder({ point: plan.point.id, fingerprint: plan.target.fingerprint, policy: plan.policy });
  prepareFolder(folder, planText(plan));
  const unlock = lockRun(folder);
  let log: RunLog | undefined;
  try {
    refuseOtherPlan(folder, plan);
    log = new RunLog(folder);
    const begun = log;
    const held = [...holds].filter(
      (id) => begun.held(id as never) !== undefined || begun.ended(id as never)?.outcome === 'done',
    );
    refuse(refusalsOf(plan, consents, new Set(held)));
    return await carryOut(input, log, signal);
  } finally {
    log?.close();
    unlock();
  }
}

async function meetTarget(cluster: Cluster, plan: Plan): Promise<void> {
  const found = await cluster.fingerprint();
  if (found !== plan.target.fingerprint)
    throw clusterFault(
      'WRONG-CLUSTER',
      `${cluster.name} is the cluster ${found}, and the plan is for ${plan.target.fingerprint}; nothing was written.`,
      {
        hint: 'Choose the context of the cluster that the plan was made for, or plan anew.',
        details: { found, pinned: plan.target.fingerprint },
      },
    );
  cluster.pin(plan.target.fingerprint);
}

function refuseOtherPlan(folder: string, plan: Plan): void {
  const there = readPlan(readFileSync(join(folder, 'plan.json'), 'utf8'));
  if (there.digest !== plan.digest)
    throw recoverFault(
      'RUN-OTHER-PLAN',
      `The run in ${folder} was begun with another plan (${there.digest.slice(0, 8)}).`,
      {
        hint: 'Carry that run on without --plan, or move its folder away.',
        details: { begun: there.digest, given: plan.digest },
      },
    );
}

async function carryOut(input: RecoverInput, log: RunLog, signal: AbortSignal): Promise<RunResult> {
  const { cluster, plan, reader, consents = {}, limits, onProgress } = input;
  const { fingerprint } = plan.target;
  const at = new Date().toISOString();
  const timing = input.time === undefined ? {} : { time: input.time };
  log.append({ t: 'started', at, version: input.version ?? '', fingerprint, plan: plan.digest, consents });
  const { run, context } = openRun({
    plan,
    cluster,
    reader,
    log,
    pace: input.pace ?? new Pace(),
    consents,
    signal,
    ...(limits === undefined ? {} : { limits }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...timing,
  });
  input.onPart?.('steps');
  const results = await run.carryOut();
  input.onPart?.('verification');
  const checks = await verify({
    cluster,
    plan,
    expected: expectedOf(plan, log),
    settleMs: input.settleMs ?? 10_000,
    readyMs: input.readyMs ?? 30_000,
    signal,
    ...timing,
  });
  if (signal.aborted) throw interrupted();
  const { wire } = context;
  const seconds = Number.isNaN(wire.firstWrite) ? 0 : (wire.lastAnswer - wire.firstWrite) / 1000;
  const all = [...checks, ...notWritten(plan, results)];
  const result = resultOf(plan, results, all, { seconds, writes: wire.writes });
  const complete = result.counts.done === plan.steps.length;
  log.append({ t: 'finished', at: new Date().toISOString(), complete, writes: wire.writes, seconds });
  return result;
}

/** What the log says is in the target because of this plan. */
function expectedOf(plan: Plan, log: RunLog): Expected[] {
  return plan.steps.flatMap((step): Expected[] => {
    const { key, uid } = log.ended(step.id) ?? {};
    if (key === undefined || uid === undefined || !('target' in step)) return [];
    const { group, version, resource, kind } = step.target;
    return [{ key, uid, group, version, resource, kind }];
  });
}

/** Planned objects that are not there, each with the reason of its step: a Pod that Pod security refused is a failed check. */
function notWritten(plan: Plan, results: readonly StepResult[]): CheckResult[] {
  return plan.steps.flatMap((step, index): CheckResult[] => {
    const result = results[index];
    if (step.kind !== 'create' && step.kind !== 'copy' && step.kind !== 'merge' && step.kind !== 'adopt') return [];
    if (result === undefined || result.outcome === 'done' || result.reason === undefined) return [];
    const status = result.outcome === 'withheld' ? 'not run' : 'failed';
    const { code, sentence } = result.reason;
    return [{ id: `present ${step.id}`, kind: 'present', status, code, sentence, key: step.target.key }];
  });
}
