import type { Graph } from './graph.ts';

/**
 * Strongly connected components of more than one node, or of one that has an edge to itself: the circles.
 * Tarjan's algorithm without recursion. Components and their nodes come in ascending order.
 */
export function circlesOf(graph: Graph, follow: (edge: number) => boolean = () => true): number[][] {
  const index = new Int32Array(graph.nodes).fill(-1);
  const low = new Int32Array(graph.nodes);
  const onStack = new Uint8Array(graph.nodes);
  const stack: number[] = [];
  const circles: number[][] = [];
  let counter = 0;
  for (let root = 0; root < graph.nodes; root++) {
    if (index[root] !== -1) continue;
    const calls: { node: number; next: number; edges: Int32Array }[] = [];
    const enter = (node: number): void => {
      index[node] = counter;
      low[node] = counter++;
      stack.push(node);
      onStack[node] = 1;
      calls.push({ node, next: 0, edges: graph.outOf(node) });
    };
    enter(root);
    for (let call = calls.at(-1); call !== undefined; call = calls.at(-1)) {
      const edge = call.edges[call.next];
      if (edge !== undefined) {
        call.next++;
        if (!follow(edge)) continue;
        const to = graph.nextOf(edge);
        if (index[to] === -1) enter(to);
        else if (onStack[to] === 1) low[call.node] = Math.min(low[call.node] ?? 0, index[to] ?? 0);
        continue;
      }
      calls.pop();
      const parent = calls.at(-1);
      if (parent !== undefined) low[parent.node] = Math.min(low[parent.node] ?? 0, low[call.node] ?? 0);
      if (low[call.node] !== index[call.node]) continue;
      const members: number[] = [];
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        onStack[member] = 0;
        members.push(member);
        if (member === call.node) break;
      }
      const selfish =
        members.length === 1 &&
        [...graph.outOf(call.node)].some((edge) => follow(edge) && graph.nextOf(edge) === call.node);
      if (members.length > 1 || selfish) circles.push(members.sort((a, b) => a - b));
    }
  }
  return circles.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}
