import type { Graph } from '../graph/graph.ts';
import type { Later, SurveyedObject } from '../knowledge/surveyed.ts';
import { type Draft, isPlanned, objectAt } from './decision.ts';
import { ownerLinksOf } from './owner-links.ts';
import type { Policy } from './plan.ts';
import { RowSteps, type Until } from './row-steps.ts';
import type { StepGraph } from './step-graph.ts';
import { circleBreaks, comesFirst, type GivenUp, withoutEdges, writtenEdges } from './write-order.ts';
import { writingOf } from './writing.ts';

/** Which step stands for which row, for those who add what is not about one object. */
export interface ObjectSteps {
  /** Create, adopt or merge. Index is the row. */
  readonly main: readonly (number | undefined)[];
  /** Second writes that return a value or add an owner. */
  readonly amends: ReadonlyMap<number, readonly { readonly step: number; readonly until: Until }[]>;
  readonly copies: ReadonlyMap<number, readonly number[]>;
  /** The edges between rows that order writes: dropped references, broken circles and what is there already are not in it. */
  readonly ordering: Graph;
}

/** Rows that are written with 0 replicas: the workloads of held systems and the ReplicaSets below them. */
export function heldAtZero(draft: Draft, kinship: Graph): ReadonlySet<number> {
  const held = new Set<number>();
  for (const object of draft.survey.objects) {
    if (object.more?.workload === undefined) continue;
    held.add(object.row);
    for (const edge of kinship.outOf(object.row)) {
      const child = kinship.nextOf(edge);
      if (kinship.kindOf(edge) === 'owns' && objectAt(draft, child).resource === 'replicasets.apps') held.add(child);
    }
  }
  return held;
}

/** A step for every planned object, linked as the objects hang together; circles of owners get a second write. */
export function addObjectSteps(draft: Draft, kinship: Graph, steps: StepGraph, policy: Policy): ObjectSteps {
  const ordering = writtenEdges(draft, kinship);
  const givenUp = circleBreaks(draft, ordering);
  const rows = new RowSteps(draft, steps);
  const held = heldAtZero(draft, kinship);
  for (const object of draft.survey.objects) {
    const decision = draft.decisions[object.row];
    if (decision === undefined || !isPlanned(draft, object.row)) continue;
    if (decision.kind === 'merge') rows.merge(object);
    else if (decision.kind === 'adopt') {
      const links = ownerLinksOf(draft, object);
      const { writing } = writingOf(draft, object, links, { replicas: false, laters: [], lateUses: NO_USES }, policy);
      rows.adopt(object, decision.uid, writing);
    } else {
      const links = ownerLinksOf(
        draft,
        object,
        (owner) => givenUp.links.has(`${owner}>${object.row}`) || comesFirst(draft, object, owner),
      );
      const late = { laters: object.more?.laters ?? NO_LATERS, lateUses: lateUsesOf(draft, object, givenUp) };
      const how = writingOf(draft, object, links, { replicas: held.has(object.row), ...late }, policy);
      rows.create(object, { ...how, ...late, links });
    }
  }
  rows.linkLate();
  linkObjects(ordering, steps, rows.main, givenUp);
  return {
    main: rows.main,
    amends: rows.amends,
    copies: rows.copies,
    ordering: withoutEdges(ordering, givenUp.edges),
  };
}

const NO_USES: ReadonlySet<string> = new Set();
const NO_LATERS: readonly Later[] = [];

/** Rewritten UIDs of objects that can only come afterwards. */
function lateUsesOf(draft: Draft, object: SurveyedObject, givenUp: GivenUp): ReadonlySet<string> {
  const uses = object.more?.uses;
  if (uses === undefined || givenUp.uses.size === 0) return NO_USES;
  const late = uses.filter(
    (use) => use.action === 'rewrite' && givenUp.uses.has(`${draft.survey.byUid.get(use.uid)}>${object.row}`),
  );
  return late.length === 0 ? NO_USES : new Set(late.map((use) => use.path));
}
function linkObjects(ordering: Graph, steps: StepGraph, main: readonly (number | undefined)[], givenUp: GivenUp): void {
  for (let edge = 0; edge < ordering.edges; edge++) {
    if (givenUp.edges.has(edge)) continue;
    const strength = ordering.strengthOf(edge) === 'soft' ? 'rather' : 'needs';
    steps.link(main[ordering.firstOf(edge)], main[ordering.nextOf(edge)], strength);
  }
}
