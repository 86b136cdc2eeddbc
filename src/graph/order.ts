import { circlesOf } from './components.ts';
import type { Graph, Strength } from './graph.ts';

export interface Order {
  /** Every node once; all edges that were not given up go forward. */
  readonly nodes: readonly number[];
  /** Edges that a circle made impossible: soft ones first, then linking ones. Never a firm one. */
  readonly givenUp: ReadonlySet<number>;
  /** Nodes in circles of firm edges: no order exists for them. Empty unless the caller made such a circle. */
  readonly impossible: readonly number[];
}

/** Orders the nodes along the edges; among those that could come next the one with the lowest `rank` comes. Ranks are unique. */
export function orderOf(graph: Graph, rank: Int32Array): Order {
  const waiting = new Int32Array(graph.nodes);
  for (let edge = 0; edge < graph.edges; edge++) {
    const node = graph.nextOf(edge);
    waiting[node] = (waiting[node] ?? 0) + 1;
  }
  const ready = new Heap((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0));
  const done = new Uint8Array(graph.nodes);
  const nodes: number[] = [];
  const givenUp = new Set<number>();
  const giveUp = (edge: number): void => {
    const node = graph.nextOf(edge);
    givenUp.add(edge);
    waiting[node] = (waiting[node] ?? 0) - 1;
    if (waiting[node] === 0) ready.push(node);
  };
  for (let node = 0; node < graph.nodes; node++) if (waiting[node] === 0) ready.push(node);
  for (;;) {
    for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
      done[node] = 1;
      nodes.push(node);
      for (const edge of graph.outOf(node)) {
        if (givenUp.has(edge)) continue;
        const next = graph.nextOf(edge);
        waiting[next] = (waiting[next] ?? 0) - 1;
        if (waiting[next] === 0) ready.push(next);
      }
    }
    if (nodes.length === graph.nodes) break;
    const before = givenUp.size;
    for (const edge of breaksOf(graph, rank, (one) => done[graph.firstOf(one)] === 0 && !givenUp.has(one)))
      giveUp(edge);
    if (givenUp.size === before) break;
  }
  const impossible: number[] = [];
  for (let node = 0; node < graph.nodes; node++) if (done[node] === 0) impossible.push(node);
  return { nodes, givenUp, impossible };
}

/**
 * Edges to give up so that something can go on: only in circles that wait for nothing but themselves, since what merely
 * hangs on a circle needs no break. In each, one node's edges from inside it: soft ones if that is enough, else linking ones.
 */
function breaksOf(graph: Graph, rank: Int32Array, left: (edge: number) => boolean): number[] {
  const breaks: number[] = [];
  for (const circle of circlesOf(graph, left)) {
    const inside = new Set(circle);
    const waitsOutside = circle.some((node) =>
      [...graph.into(node)].some((edge) => left(edge) && !inside.has(graph.firstOf(edge))),
    );
    if (waitsOutside) continue;
    const byRank = circle.sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0));
    const waitsFor = (node: number): number[] => [...graph.into(node)].filter(left);
    const only = (...strengths: Strength[]) =>
      byRank.find((node) => waitsFor(node).every((edge) => strengths.includes(graph.strengthOf(edge))));
    const soft = byRank.flatMap((node) => waitsFor(node).filter((edge) => graph.strengthOf(edge) === 'soft'));
    const node = only('soft') ?? (soft.length > 0 ? undefined : only('linking', 'soft'));
    if (node !== undefined) breaks.push(...waitsFor(node));
    else if (soft.length > 0) breaks.push(...soft);
  }
  return breaks;
}

/** A binary heap of numbers. */
class Heap {
  readonly #items: number[] = [];
  readonly #before: (a: number, b: number) => number;
  constructor(before: (a: number, b: number) => number) {
    this.#before = before;
  }
  push(item: number): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] ?? 0;
      if (this.#before(above, item) <= 0) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }
  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#before(items[child + 1] ?? 0, items[child] ?? 0) < 0) child++;
      const below = items[child] ?? 0;
      if (this.#before(last, below) <= 0) break;
      items[at] = below;
      at = child;
    }
    items[at] = last;
    return top;
  }
}
