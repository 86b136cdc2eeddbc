import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { closureOf } from './closure.ts';
import { circlesOf } from './components.ts';
import { Graph, STRENGTHS, type Strength } from './graph.ts';
import { orderOf } from './order.ts';

const reason = { code: 'T', why: 'test' };
const build = (nodes: number, edges: readonly (readonly [number, number, Strength])[]): Graph => {
  const graph = new Graph(nodes);
  for (const [first, then, strength] of edges) graph.add(first, then, 'owns', strength, reason);
  return graph;
};
const ranks = (nodes: number): Int32Array => Int32Array.from({ length: nodes }, (_, node) => node);
const worlds = fc.integer({ min: 1, max: 20 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    edges: fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1), fc.constantFrom(...STRENGTHS)), { maxLength: 50 }),
  }),
);

test('an owner comes before what it owns, whatever their names', () => {
  assert.deepEqual(
    orderOf(
      build(3, [
        [2, 0, 'linking'],
        [0, 1, 'firm'],
      ]),
      ranks(3),
    ).nodes,
    [2, 0, 1],
  );
});

test('mutual owners: one link is given up, to be kept by a second write', () => {
  const order = orderOf(
    build(2, [
      [0, 1, 'linking'],
      [1, 0, 'linking'],
    ]),
    ranks(2),
  );
  assert.deepEqual([order.nodes, [...order.givenUp]], [[0, 1], [1]]);
});

test('a circle with a soft edge gives up the soft edge and nothing else', () => {
  const order = orderOf(
    build(3, [
      [0, 1, 'linking'],
      [1, 2, 'firm'],
      [2, 0, 'soft'],
    ]),
    ranks(3),
  );
  assert.deepEqual([order.nodes, [...order.givenUp]], [[0, 1, 2], [2]]);
});

/** Firm edges run upwards only, as namespaces and definitions do: they never form a circle. */
const upwards = ([a, b, strength]: readonly [number, number, Strength]): readonly (readonly [
  number,
  number,
  Strength,
])[] => {
  if (strength !== 'firm') return [[a, b, strength]];
  return a === b ? [] : [[Math.min(a, b), Math.max(a, b), strength]];
};

test('any world: every node once, edges that were kept go forward, firm edges are never given up', () => {
  fc.assert(
    fc.property(worlds, ({ nodes, edges }) => {
      const graph = build(nodes, edges.flatMap(upwards));
      const order = orderOf(graph, ranks(nodes));
      assert.deepEqual(order.impossible, []);
      assert.deepEqual(
        [...order.nodes].sort((a, b) => a - b),
        [...ranks(nodes)],
      );
      const place = new Map(order.nodes.map((node, at) => [node, at]));
      for (let edge = 0; edge < graph.edges; edge++) {
        const { first, next, strength } = graph.edge(edge);
        if (order.givenUp.has(edge)) assert.notEqual(strength, 'firm');
        else assert.ok((place.get(first) ?? 0) < (place.get(next) ?? 0));
      }
      if (circlesOf(graph).length === 0) assert.equal(order.givenUp.size, 0);
    }),
  );
});

test('circles are what reaches itself, both ways', () => {
  fc.assert(
    fc.property(worlds, ({ nodes, edges }) => {
      const graph = build(nodes, edges);
      const inCircle = new Set(circlesOf(graph).flat());
      for (let node = 0; node < nodes; node++) {
        const next = [...graph.outOf(node)].map((edge) => graph.nextOf(edge));
        assert.equal(inCircle.has(node), closureOf(graph, next, 'forward', () => true).has(node));
      }
      for (const circle of circlesOf(graph)) {
        const [start = 0] = circle;
        const after = closureOf(graph, [start], 'forward', () => true);
        const both = [...closureOf(graph, [start], 'backward', () => true)].filter((node) => after.has(node));
        assert.deepEqual(
          both.sort((a, b) => a - b),
          circle,
        );
      }
    }),
  );
});
