import type { Cluster } from '../cluster/port.ts';
import type { KeyText, Uid } from '../objects/key.ts';
import type { CopyStep, CreateStep, Plan } from '../plan/plan.ts';
import type { PointReader } from '../vault/vault.ts';
import type { Pace } from './pace.ts';
import { lookUntil } from './patience.ts';
import { type Progress, ProgressMeter } from './progress.ts';
import { interrupted, Run } from './run.ts';
import type { RunContext } from './run-context.ts';
import { RUN_LIMITS, type RunLimits } from './run-limits.ts';
import type { RunLog } from './run-log.ts';
import type { Consents } from './run-record.ts';
import type { RunTime } from './run-time.ts';
import { Wire } from './wire.ts';

export interface OpenRunInput {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly reader: Pick<PointReader, 'read'>;
  readonly log: RunLog;
  readonly pace: Pace;
  readonly consents: Consents;
  readonly limits?: Partial<RunLimits>;
  readonly signal: AbortSignal;
  readonly time?: RunTime;
  readonly onProgress?: (progress: Progress) => void;
}

/** A run put together from its parts, and what its steps share: UIDs known from the plan and the log are in it. */
export function openRun(input: OpenRunInput): { readonly run: Run; readonly context: RunContext } {
  const { plan, cluster, log, pace, signal } = input;
  const limits = { ...RUN_LIMITS, ...input.limits };
  const cutOff = new AbortController();
  const wire = new Wire(cluster, pace, cutOff.signal);
  const uids = new Map<KeyText, Uid>();
  for (const step of plan.steps) if (step.kind === 'adopt') uids.set(step.target.key, step.uid);
  for (const { key, uid } of log.written()) uids.set(key, uid);
  let creators: Map<KeyText, CreateStep | CopyStep> | undefined;
  const context: RunContext = {
    plan,
    cluster,
    wire,
    reader: input.reader,
    log,
    limits,
    consents: input.consents,
    uids,
    uidOf: (key) => uids.get(key),
    creatorOf: (key) => {
      creators ??= new Map(plan.steps.flatMap((step) => (step.kind === 'create' ? [[step.target.key, step]] : [])));
      return creators.get(key);
    },
    until: (millis, look) => run.aside(() => lookUntil(millis, limits.poll, look, signal, interrupted, input.time)),
  };
  const timing = input.time === undefined ? {} : { time: input.time };
  const meter = new ProgressMeter(plan.steps, () => wire.writes, input.onProgress);
  const run: Run = new Run({ context, pace, meter, signal, cutOff: () => cutOff.abort(), ...timing });
  return { run, context };
}
