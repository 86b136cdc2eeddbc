import type { KeyText } from '../objects/key.ts';
import { EXIT, type ExitCode } from '../outcome/fault.ts';
import type { Finding, Plan, Refusal } from '../plan/plan.ts';
import type { RunResult } from '../recover/result.ts';
import type { AssumedConsent } from './consents.ts';
import type { DatabaseFate } from './databases.ts';
import type { Estimate } from './estimate.ts';
import { type Fate, OUTCOMES, type Outcome } from './fates.ts';
import type { JudgedCheck } from './judged-checks.ts';
import type { SecretsKept } from './secrets.ts';
import type { Outside, Stage } from './stage.ts';
import type { Witness } from './witness.ts';

/** What a controller makes after the recovery, and nobody wrote. */
export interface Made {
  readonly by: string;
  readonly resource: string;
  readonly keys: readonly KeyText[];
}
export interface RehearsalReport {
  readonly point: Plan['point'];
  readonly plan: string;
  readonly target: Plan['target'];
  readonly policy: Plan['policy'];
  readonly stage: { readonly began: Stage['began']; readonly nodes: boolean };
  /** While one stands the recovery would refuse to begin, and nothing else is predicted. */
  readonly refusals: readonly Refusal[];
  readonly assumed: readonly AssumedConsent[];
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly objects: readonly Fate[];
  readonly made: readonly Made[];
  /** Objects that were there before the recovery and that controllers deleted, with who did. */
  readonly lost: readonly { readonly key: KeyText; readonly by: string }[];
  readonly outside: Outside;
  readonly secrets: SecretsKept;
  readonly databases: readonly DatabaseFate[];
  readonly checks: readonly JudgedCheck[];
  readonly notHeld: readonly string[];
  readonly findings: readonly Finding[];
  readonly estimate: Estimate;
  /** What the rehearsal itself took. */
  readonly tookSeconds: number;
  readonly exit: ExitCode;
}

export interface ReportInput {
  readonly plan: Plan;
  readonly result: RunResult;
  readonly stage: Pick<Stage, 'began' | 'nodes'>;
  readonly fates: readonly Fate[];
  readonly witness: Pick<Witness, 'made' | 'sightings'>;
  readonly outside: Outside;
  readonly secrets: SecretsKept;
  readonly databases: readonly DatabaseFate[];
  readonly checks: readonly JudgedCheck[];
  readonly assumed: readonly AssumedConsent[];
  readonly estimate: Estimate;
  readonly tookSeconds: number;
}

/** The prediction; a pure function of what was planned, what came of it and what was seen. */
export function reportOf(input: ReportInput): RehearsalReport {
  const { plan, fates, witness, outside, checks, secrets, stage, result } = input;
  const planned = new Set(fates.map(({ key }) => key));
  const lost = lostOf(witness, planned);
  const said = {
    counts: countsOf(fates),
    objects: fates,
    made: madeOf(witness),
    lost,
    outside,
    secrets,
    databases: input.databases,
    checks,
  };
  return {
    ...headOf(plan, stage),
    refusals: [],
    assumed: input.assumed,
    ...said,
    notHeld: plan.notHeld,
    findings: plan.findings,
    estimate: input.estimate,
    tookSeconds: input.tookSeconds,
    exit: exitOf({ ...said, fieldsLost: result.lost.length, undone: undoneOf(result) }),
  };
}

/** The report on a plan that the recovery would refuse. */
export function refusedReport(
  plan: Plan,
  stage: Pick<Stage, 'began' | 'nodes'>,
  refusals: readonly Refusal[],
  tookSeconds: number,
): RehearsalReport {
  return {
    ...headOf(plan, stage),
    refusals,
    assumed: [],
    counts: countsOf([]),
    objects: [],
    made: [],
    lost: [],
    outside: { created: [], deleted: [], twice: [] },
    secrets: { kept: 0, changed: [], gone: [] },
    databases: [],
    checks: [],
    notHeld: plan.notHeld,
    findings: plan.findings,
    estimate: { writes: 0, writeSeconds: 0, waitSeconds: 0, settleSeconds: 0, seconds: 0, from: 'nothing is written' },
    tookSeconds,
    exit: EXIT.failed,
  };
}

const undoneOf = ({ counts }: RunResult): number => counts.failed + counts.blocked + counts.withheld;

function headOf(plan: Plan, { began, nodes }: Pick<Stage, 'began' | 'nodes'>) {
  const { point, digest, target, policy } = plan;
  return { point, plan: digest as string, target, policy, stage: { began, nodes } };
}

function countsOf(fates: readonly Fate[]): Record<Outcome, number> {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const { outcome } of fates) counts[outcome]++;
  return counts;
}

function madeOf(witness: ReportInput['witness']): Made[] {
  const groups = new Map<string, { by: string; resource: string; keys: KeyText[] }>();
  for (const [key, by] of witness.made()) {
    const resource = key.slice(0, key.indexOf('/'));
    const group = groups.get(`${by} ${resource}`) ?? { by, resource, keys: [] };
    group.keys.push(key);
    groups.set(`${by} ${resource}`, group);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({ ...group, keys: group.keys.sort() }));
}

function lostOf(witness: ReportInput['witness'], planned: ReadonlySet<KeyText>): RehearsalReport['lost'] {
  return [...witness.sightings].flatMap(([key, { origin, end }]) =>
    origin === 'before' && end?.by !== undefined && !planned.has(key) ? [{ key, by: end.by }] : [],
  );
}

interface Judged extends Pick<RehearsalReport, 'counts' | 'outside' | 'secrets' | 'checks' | 'databases'> {
  readonly fieldsLost: number;
  readonly undone: number;
}

/**
 * 0: everything planned comes back, nothing is made twice outside, and every check is verified but for readiness that needs
 * kubelets where there are none. 3: anything else.
 */
function exitOf({ counts, outside, secrets, checks, databases, fieldsLost, undone }: Judged): ExitCode {
  const bad =
    undone +
    fieldsLost +
    counts.collected +
    counts.deleted +
    counts.replaced +
    outside.twice.length +
    outside.deleted.length +
    secrets.changed.length +
    secrets.gone.length +
    databases.length;
  const open = checks.some(({ status, code }) => status !== 'verified' && code !== 'NEEDS-KUBELET');
  return bad > 0 || open ? EXIT.partial : EXIT.fine;
}
