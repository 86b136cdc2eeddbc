import type { Graph } from './graph.ts';

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
  const waiting = {
    firm: new Int32Array(graph.nodes),
    linking: new Int32Array(graph.nodes),
    soft: new Int32Array(graph.nodes),
  };
  for (let edge = 0; edge < graph.edges; edge++) {
    const counts = waiting[graph.strengthOf(edge)];
    const node = graph.nextOf(edge);
    counts[node] = (counts[node] ?? 0) + 1;
  }
  const left = (node: number): 'ready' | 'soft' | 'linking' | 'firm' => {
    if ((waiting.firm[node] ?? 0) > 0) return 'firm';
    if ((waiting.linking[node] ?? 0) > 0) return 'linking';
    return (waiting.soft[node] ?? 0) > 0 ? 'soft' : 'ready';
  };
  const byRank = (a: number, b: number): number => (rank[a] ?? 0) - (rank[b] ?? 0);
  const ready = new Heap(byRank);
  const onlySoft = new Heap(byRank);
  const onlyLinking = new Heap(byRank);
  const done = new Uint8Array(graph.nodes);
  const file = (node: number): void => {
    const state = left(node);
    if (state === 'ready') ready.push(node);
    else if (state === 'soft') onlySoft.push(node);
    else if (state === 'linking') onlyLinking.push(node);
  };
  for (let node = 0; node < graph.nodes; node++) file(node);
  const nodes: number[] = [];
  const givenUp = new Set<number>();
  const takeFrom = (heap: Heap, state: 'ready' | 'soft' | 'linking'): number | undefined => {
    for (let node = heap.pop(); node !== undefined; node = heap.pop())
      if (done[node] === 0 && left(node) === state) return node;
    return undefined;
  };
  for (;;) {
    const node = takeFrom(ready, 'ready') ?? takeFrom(onlySoft, 'soft') ?? takeFrom(onlyLinking, 'linking');
    if (node === undefined) break;
    for (const edge of graph.into(node)) if (done[graph.firstOf(edge)] === 0) givenUp.add(edge);
    done[node] = 1;
    nodes.push(node);
    for (const edge of graph.outOf(node)) {
      const then = graph.nextOf(edge);
      const counts = waiting[graph.strengthOf(edge)];
      counts[then] = (counts[then] ?? 0) - 1;
      if (done[then] === 0) file(then);
    }
  }
  const impossible: number[] = [];
  for (let node = 0; node < graph.nodes; node++) if (done[node] === 0) impossible.push(node);
  return { nodes, givenUp, impossible };
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
