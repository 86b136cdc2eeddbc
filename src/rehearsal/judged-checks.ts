import type { KeyText, ResourceName } from '../objects/key.ts';
import { parseKeyText, resourceName } from '../objects/key.ts';
import type { Plan, PlannedCheck } from '../plan/plan.ts';
import type { CheckResult } from '../recover/checks/check.ts';
import type { NotRunCode } from './codes.ts';
import type { Acting } from './stage.ts';

/** A check of the recovery, or `model`: whether something acted at all. */
export interface JudgedCheck extends Omit<CheckResult, 'kind'> {
  readonly kind: CheckResult['kind'] | 'model';
}

export interface JudgeInput {
  readonly plan: Plan;
  readonly checks: readonly CheckResult[];
  acting(system: string, resource: ResourceName): Acting;
  /** Why an object's outcome cannot be known, by key. */
  readonly unknown: ReadonlyMap<KeyText, string>;
  /** Resources that definitions make, as the stage has them in the end. */
  readonly custom: ReadonlySet<ResourceName>;
  readonly webhooks: readonly string[];
  readonly leftOut: ReadonlyMap<string, number>;
}

/** Systems of which everything is carried out by what every control plane runs. */
const ALWAYS = ['core'];

/** What was verified on the stage, less what nothing acted on: that is `not run`, whatever stands in its status. */
export function judgedChecks(input: JudgeInput): JudgedCheck[] {
  const planned = new Map(input.plan.checks.map((check) => [idOf(check), check]));
  const judged = input.checks.map((check): JudgedCheck => {
    const by = planned.get(check.id);
    if (by === undefined || check.kind === 'data' || ALWAYS.includes(by.system)) return check;
    const resource = resourceOf(by);
    const acting = input.acting(by.system, resource);
    if (acting === 'none')
      return notRun(check, 'NO-MODEL', `Nothing here acts for ${by.system}: what it would make of it is not known.`);
    if (acting === 'idle')
      return notRun(check, 'NOBODY-RUNS-IT', `What of ${by.system} acts on ${resource} never ran in the rehearsal.`);
    const unknown = check.key === undefined ? undefined : input.unknown.get(check.key);
    return unknown === undefined || check.kind !== 'ready' ? check : notRun(check, 'OUTSIDE-UNKNOWN', `${unknown}.`);
  });
  return [...judged, ...unmodelled(input)];
}

function notRun(check: Pick<JudgedCheck, 'id' | 'kind' | 'key'>, code: NotRunCode, sentence: string): JudgedCheck {
  const { id, kind, key } = check;
  return { id, kind, status: 'not run', code, sentence, ...(key === undefined ? {} : { key }) };
}

/** What acted on nothing: a line for each system, each custom resource, each webhook and each kind that was left out. */
function unmodelled({ plan, acting, custom, webhooks, leftOut }: JudgeInput): JudgedCheck[] {
  const groups = new Map<string, { code: NotRunCode; says: string; objects: number }>();
  for (const step of plan.steps) {
    if (step.kind !== 'create' && step.kind !== 'adopt') continue;
    const name = resourceName(step.target.group, step.target.resource);
    if (!custom.has(name)) continue;
    const { system } = step;
    const acts = system === undefined || ALWAYS.includes(system) ? undefined : acting(system, name);
    if (acts === 'acts') continue;
    const [code, says] =
      acts === undefined
        ? (['NO-CONTROLLER', 'no known system acts on them'] as const)
        : acts === 'none'
          ? (['NO-MODEL', `nothing here acts for ${system}`] as const)
          : (['NOBODY-RUNS-IT', `what of ${system} acts on them never ran`] as const);
    const known = groups.get(name);
    groups.set(name, { code, says, objects: (known?.objects ?? 0) + 1 });
  }
  return [
    ...[...groups].map(([name, { code, says, objects }]) =>
      notRun({ id: `model ${name}`, kind: 'model' }, code, `${objects} ${name} were written, and ${says}.`),
    ),
    ...webhooks.map((name) =>
      notRun(
        { id: `model webhook ${name}`, kind: 'model' },
        'WEBHOOK-NOT-ASKED',
        `${name} was taken to allow everything.`,
      ),
    ),
    ...[...leftOut].map(([name, count]) =>
      notRun(
        { id: `model ${name}`, kind: 'model' },
        'LEFT-OUT',
        `${count} ${name} of the target are not in the simulation.`,
      ),
    ),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function idOf(check: PlannedCheck): string {
  switch (check.kind) {
    case 'count':
      return `count ${resourceName(check.group, check.resource)}`;
    case 'external':
      return `external ${check.key} ${check.path}`;
    default:
      return `${check.kind} ${check.key}`;
  }
}

function resourceOf(check: PlannedCheck): ResourceName {
  if (check.kind === 'count') return resourceName(check.group, check.resource);
  const place = parseKeyText(check.key);
  return resourceName(place?.group ?? '', place?.resource ?? '');
}
