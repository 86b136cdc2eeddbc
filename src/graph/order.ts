import { circlesOf } from './components.ts';
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
  const order = orderWithout(graph, rank, new Set());
  const needed = stillInCircles(graph, order.givenUp);
  return needed.size === order.givenUp.size ? order : orderWithout(graph, rank, needed);
}

/** A break can make another one needless: what would close no circle any more is kept after all, linking edges first. */
function stillInCircles(graph: Graph, givenUp: ReadonlySet<number>): ReadonlySet<number> {
  const needed = new Set(givenUp);
  const linkingFirst = [...givenUp].sort(
    (a, b) => Number(graph.strengthOf(a) === 'soft') - Number(graph.strengthOf(b) === 'soft') || a - b,
  );
  if (linkingFirst.length > MOST_TRIED) return needed;
  for (const edge of linkingFirst)
    if (!reaches(graph, graph.nextOf(edge), graph.firstOf(edge), needed)) needed.delete(edge);
  return needed;
}
/** Above this many breaks each is left as it is: trying one costs a walk over all that hangs on it. */
const MOST_TRIED = 500;

function reaches(graph: Graph, from: number, to: number, without: ReadonlySet<number>): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === to) return true;
    for (const edge of graph.outOf(node)) {
      const next = graph.nextOf(edge);
      if (without.has(edge) || seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return false;
}

function orderWithout(graph: Graph, rank: Int32Array, without: ReadonlySet<number>): Order {
  const waiting = new Int32Array(graph.nodes);
  for (let edge = 0; edge < graph.edges; edge++) {
    if (without.has(edge)) continue;
    const node = graph.nextOf(edge);
    waiting[node] = (waiting[node] ?? 0) + 1;
  }
  const ready = new Heap((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0));
  const done = new Uint8Array(graph.nodes);
  const nodes: number[] = [];
  const givenUp = new Set(without);
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
 * Edges to give up so that something can go on: only in circles that wait for nothing but themselves, since what merely hangs
 * on a circle needs no break, and as few as will do. In each circle the soft edges of the node that has the fewest; where
 * none is left, one linking edge, the one into the node of the lowest rank.
 */
function breaksOf(graph: Graph, rank: Int32Array, left: (edge: number) => boolean): number[] {
  const rankOf = (node: number): number => rank[node] ?? 0;
  const breaks: number[] = [];
  for (const circle of circlesOf(graph, left)) {
    const inside = new Set(circle);
    const waits = circle.flatMap((node) => [...graph.into(node)].filter(left));
    if (waits.some((edge) => !inside.has(graph.firstOf(edge)))) continue;
    const soft = Map.groupBy(
      waits.filter((edge) => graph.strengthOf(edge) === 'soft'),
      (edge) => graph.nextOf(edge),
    );
    const [fewest] = [...soft].sort(([a, one], [b, other]) => one.length - other.length || rankOf(a) - rankOf(b));
    if (fewest !== undefined) breaks.push(...fewest[1]);
    else {
      const linking = waits.filter((edge) => graph.strengthOf(edge) === 'linking');
      const [first] = linking.sort(
        (a, b) =>
          rankOf(graph.nextOf(a)) - rankOf(graph.nextOf(b)) || rankOf(graph.firstOf(a)) - rankOf(graph.firstOf(b)),
      );
      if (first !== undefined) breaks.push(first);
    }
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
