/**
 * Edges stand between nodes 0..n-1 and point from what comes first to what hangs on it:
 * owner -> owned, namespace -> what it contains, definition -> its objects, what is referred to -> who refers,
 * volume -> claim, provisioner -> provisioned.
 */
export const EDGE_KINDS = ['owns', 'contains', 'defines', 'refers', 'binds', 'provisions'] as const;
export type EdgeKind = (typeof EDGE_KINDS)[number];

/**
 * `firm`: never given up. `linking`: can be kept by a second write instead of by order (owner references, rewritten UIDs).
 * `soft`: order only; given up in a circle.
 */
export const STRENGTHS = ['firm', 'linking', 'soft'] as const;
export type Strength = (typeof STRENGTHS)[number];

export interface EdgeReason {
  readonly code: string;
  readonly why: string;
}
export interface Edge {
  readonly first: number;
  readonly next: number;
  readonly kind: EdgeKind;
  readonly strength: Strength;
  readonly reason: EdgeReason;
}

const KIND_NUMBERS = Object.fromEntries(EDGE_KINDS.map((kind, index) => [kind, index])) as Record<EdgeKind, number>;
const STRENGTH_NUMBERS = { firm: 0, linking: 1, soft: 2 } as const satisfies Record<Strength, number>;

/** A graph that only grows; edges are kept in columns, so that 100,000 nodes with 400,000 edges stay small. */
export class Graph {
  readonly nodes: number;
  #edges = 0;
  #first = new Int32Array(64);
  #next = new Int32Array(64);
  /** Kind and strength in one byte: four times the kind, and the strength. */
  #tie = new Uint8Array(64);
  readonly #reason: EdgeReason[] = [];
  #out: Int32Array | undefined;
  #outStart: Int32Array | undefined;
  #in: Int32Array | undefined;
  #inStart: Int32Array | undefined;

  constructor(nodes: number) {
    this.nodes = nodes;
  }

  get edges(): number {
    return this.#edges;
  }

  add(first: number, next: number, kind: EdgeKind, strength: Strength, reason: EdgeReason): void {
    const edge = this.#edges++;
    if (edge === this.#first.length) this.#grow();
    this.#first[edge] = first;
    this.#next[edge] = next;
    this.#tie[edge] = 4 * KIND_NUMBERS[kind] + STRENGTH_NUMBERS[strength];
    this.#reason.push(reason);
    this.#out = undefined;
    this.#in = undefined;
  }

  edge(index: number): Edge {
    return {
      first: this.#first[index] ?? 0,
      next: this.#next[index] ?? 0,
      kind: this.kindOf(index),
      strength: this.strengthOf(index),
      reason: this.#reason[index] ?? { code: '', why: '' },
    };
  }
  firstOf(edge: number): number {
    return this.#first[edge] ?? 0;
  }
  nextOf(edge: number): number {
    return this.#next[edge] ?? 0;
  }
  strengthOf(edge: number): Strength {
    return STRENGTHS[(this.#tie[edge] ?? 0) & 3] ?? 'firm';
  }
  kindOf(edge: number): EdgeKind {
    return EDGE_KINDS[(this.#tie[edge] ?? 0) >> 2] ?? 'refers';
  }

  /** Edges that leave a node, in the order they were added. */
  outOf(node: number): Int32Array {
    if (this.#out === undefined || this.#outStart === undefined)
      [this.#outStart, this.#out] = this.#columns(this.#first);
    return this.#out.subarray(this.#outStart[node], this.#outStart[node + 1]);
  }
  /** Edges that reach a node, in the order they were added. */
  into(node: number): Int32Array {
    if (this.#in === undefined || this.#inStart === undefined) [this.#inStart, this.#in] = this.#columns(this.#next);
    return this.#in.subarray(this.#inStart[node], this.#inStart[node + 1]);
  }

  #grow(): void {
    const more = 2 * this.#first.length;
    const grown = <Column extends Int32Array | Uint8Array>(old: Column, column: Column): Column => {
      column.set(old);
      return column;
    };
    this.#first = grown(this.#first, new Int32Array(more));
    this.#next = grown(this.#next, new Int32Array(more));
    this.#tie = grown(this.#tie, new Uint8Array(more));
  }

  #columns(column: Int32Array): [Int32Array, Int32Array] {
    const ends = column.subarray(0, this.#edges);
    const start = new Int32Array(this.nodes + 1);
    for (const node of ends) start[node + 1] = (start[node + 1] ?? 0) + 1;
    for (let node = 0; node < this.nodes; node++) start[node + 1] = (start[node + 1] ?? 0) + (start[node] ?? 0);
    const at = start.slice();
    const sorted = new Int32Array(ends.length);
    for (let edge = 0; edge < ends.length; edge++) {
      const node = ends[edge] ?? 0;
      const place = at[node] ?? 0;
      sorted[place] = edge;
      at[node] = place + 1;
    }
    return [start, sorted];
  }
}
