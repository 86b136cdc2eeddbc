import { Graph } from '../graph/graph.ts';
import { orderOf } from '../graph/order.ts';
import type { SurveyedObject } from '../knowledge/surveyed.ts';
import { type Draft, isPlanned, objectAt } from './decision.ts';
import { ownerLinksOf } from './owner-links.ts';

/** The edges that order writes: between an object that is written and one that gets a step. What is adopted waits for nothing. */
export function writtenEdges(draft: Draft, kinship: Graph): Graph {
  const written = new Graph(kinship.nodes);
  for (let edge = 0; edge < kinship.edges; edge++) {
    const first = kinship.firstOf(edge);
    const next = kinship.nextOf(edge);
    const decision = draft.decisions[next]?.kind;
    if ((decision !== 'create' && decision !== 'merge') || !isPlanned(draft, first)) continue;
    const { kind, strength, reason } = kinship.edge(edge);
    if (kind === 'owns' && (decision === 'merge' || !isLinked(draft, first, next))) continue;
    if (kind === 'owns' && comesFirst(draft, objectAt(draft, next), first)) {
      written.add(next, first, 'refers', 'soft', objectAt(draft, next).more?.foundByOwner ?? reason);
      continue;
    }
    written.add(first, next, kind, strength, reason);
  }
  return written;
}

/** Written before the controller that will look for it, where that is written too; a living one has looked already. */
export function comesFirst(draft: Draft, object: SurveyedObject, owner: number): boolean {
  if (object.more?.foundByOwner === undefined || draft.decisions[owner]?.kind !== 'create') return false;
  const controller = object.owners.find((reference) => reference.controller === true)?.uid.toLowerCase();
  return controller !== undefined && draft.survey.byUid.get(controller) === owner;
}

/** What circles made impossible: edges of the ordering, and the pairs `first>next` of rows that a second write has to link. */
export interface GivenUp {
  readonly edges: ReadonlySet<number>;
  readonly links: ReadonlySet<string>;
  readonly uses: ReadonlySet<string>;
}
export function circleBreaks(draft: Draft, ordering: Graph): GivenUp {
  const edges = orderOf(ordering, draft.keyRank).givenUp;
  const pairs = (owns: boolean): Set<string> => {
    const linking = [...edges].filter(
      (edge) => ordering.strengthOf(edge) === 'linking' && (ordering.kindOf(edge) === 'owns') === owns,
    );
    return new Set(linking.map((edge) => `${ordering.firstOf(edge)}>${ordering.nextOf(edge)}`));
  };
  return { edges, links: pairs(true), uses: pairs(false) };
}

export function withoutEdges(graph: Graph, edges: ReadonlySet<number>): Graph {
  if (edges.size === 0) return graph;
  const rest = new Graph(graph.nodes);
  for (let index = 0; index < graph.edges; index++) {
    const { first, next, kind, strength, reason } = graph.edge(index);
    if (!edges.has(index)) rest.add(first, next, kind, strength, reason);
  }
  return rest;
}

/** A reference that is dropped orders nothing. */
function isLinked(draft: Draft, owner: number, owned: number): boolean {
  const key = objectAt(draft, owner).key;
  return ownerLinksOf(draft, objectAt(draft, owned)).some((link) => link.kind === 'relink' && link.owner === key);
}
