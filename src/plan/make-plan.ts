import { createHash } from 'node:crypto';
import type { System } from '../knowledge/language.ts';
import type { Survey } from '../knowledge/survey.ts';
import { SYSTEMS } from '../knowledge/systems.ts';
import { compareText, type ResourceName } from '../objects/key.ts';
import { judgeAdoptedOwners } from './adopted-owners.ts';
import { checksOf } from './checks.ts';
import { decide } from './decide.ts';
import { type Decision, type Draft, keyRankOf, objectAt } from './decision.ts';
import { addFindings } from './findings.ts';
import { kinshipOf } from './kinship.ts';
import { addObjectSteps } from './object-steps.ts';
import { addOrder } from './order-steps.ts';
import {
  type Finding,
  type Omission,
  PLAN_FORMAT,
  type Plan,
  type PlanDigest,
  type Policy,
  type Refusal,
} from './plan.ts';
import { StepGraph } from './step-graph.ts';
import { addSystemSteps, writeHeldWebhooks } from './system-steps.ts';
import type { TargetFacts } from './target-facts.ts';

export interface PlanInput {
  readonly survey: Survey;
  readonly point: Plan['point'];
  readonly target: TargetFacts;
  readonly policy: Policy;
  /** Resources of which the point is incomplete. */
  readonly incomplete?: readonly ResourceName[];
  readonly systems?: readonly System[];
}

/** The same input gives the same bytes, whatever the order of maps and lists in the target's facts. */
export function makePlan(input: PlanInput): Plan {
  const { survey, target, policy } = input;
  const systems = input.systems ?? SYSTEMS;
  const draft: Draft = {
    survey,
    target,
    policy,
    incomplete: new Set(input.incomplete),
    decisions: new Array<Decision>(survey.objects.length),
    keyRank: keyRankOf(survey),
    links: new Map(),
    findings: [],
    refusals: [],
  };
  const kinship = kinshipOf(survey);
  decide(draft, kinship);
  judgeAdoptedOwners(draft);
  writeHeldWebhooks(draft, kinship, systems);
  // Judging what is adopted has asked for links while decisions could still change.
  draft.links.clear();
  const steps = new StepGraph();
  const objects = addObjectSteps(draft, kinship, steps, policy);
  const released = addSystemSteps(draft, kinship, steps, objects, systems);
  addOrder(draft, steps, objects, released);
  addFindings(draft, policy);
  const plan: Omit<Plan, 'digest'> = {
    format: PLAN_FORMAT,
    point: input.point,
    target: { fingerprint: target.fingerprint, name: target.name, version: target.version },
    policy,
    steps: steps.finish(),
    omissions: omissionsOf(draft),
    findings: sorted(draft.findings),
    refusals: sorted(draft.refusals),
    checks: checksOf(draft),
    notHeld: [...released.notHeld].sort(compareText),
  };
  return { ...plan, digest: planDigest(plan) };
}

/** SHA-256 over the JSON of the plan's head, then of every item of its lists in order, a line each, as `planText` writes them; the digest itself left out. */
export function planDigest(plan: Omit<Plan, 'digest'> | Plan): PlanDigest {
  const { digest: _, steps, omissions, findings, refusals, checks, ...head } = plan as Plan;
  const hash = createHash('sha256');
  hash.update(`${JSON.stringify(head)}\n`);
  for (const list of [steps, omissions, findings, refusals, checks]) {
    let text = `${list.length}\n`;
    for (const item of list) {
      text += `${JSON.stringify(item)}\n`;
      if (text.length < DIGESTED_AT_ONCE) continue;
      hash.update(text);
      text = '';
    }
    hash.update(text);
  }
  return hash.digest('hex') as PlanDigest;
}

/** Characters; each call into the digest costs more than a short text. */
const DIGESTED_AT_ONCE = 1 << 16;

function omissionsOf(draft: Draft): Omission[] {
  const omissions = draft.decisions.flatMap((decision, row): Omission[] => {
    if (decision.kind !== 'omitted' && decision.kind !== 'withheld') return [];
    return [
      { kind: decision.kind, key: objectAt(draft, row).key, row, origin: decision.origin, reason: decision.reason },
    ];
  });
  return omissions.sort((a, b) => compareText(a.key, b.key));
}
function sorted<One extends Finding | Refusal>(list: readonly One[]): One[] {
  return [...list].sort(
    (a, b) =>
      compareText(a.key ?? '', b.key ?? '') ||
      compareText(a.reason.code, b.reason.code) ||
      compareText(a.reason.sentence, b.reason.sentence),
  );
}
