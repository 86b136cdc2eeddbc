import type { Edge, Graph } from './graph.ts';

/** Everything that hangs on `roots` (forward) or that they hang on (backward), roots included; only over edges that `follow` accepts. */
export function closureOf(
  graph: Graph,
  roots: Iterable<number>,
  direction: 'forward' | 'backward',
  follow: (edge: Edge) => boolean,
): Set<number> {
  const seen = new Set<number>(roots);
  const open = [...seen];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const edge of direction === 'forward' ? graph.outOf(node) : graph.into(node)) {
      const next = direction === 'forward' ? graph.nextOf(edge) : graph.firstOf(edge);
      if (seen.has(next) || !follow(graph.edge(edge))) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return seen;
}
