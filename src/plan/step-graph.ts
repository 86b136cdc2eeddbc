import { Graph, type Strength } from '../graph/graph.ts';
import { orderOf } from '../graph/order.ts';
import { compareText } from '../objects/key.ts';
import { planFault } from './codes.ts';
import { type Reason, STAGES, type Stage, type Step, type StepId } from './plan.ts';

/** A step before its needs are known. */
export type StepDraft = Step extends infer Each ? (Each extends Step ? Omit<Each, 'needs' | 'after'> : never) : never;

/** `needs`: without the first the next is not done. `after`: order that matters. `rather`: order that is given up first when there is a circle. */
const STRENGTH = { needs: 'firm', after: 'linking', rather: 'soft' } as const;

/** Steps and what must come before what; `finish` puts them in an order. */
export class StepGraph {
  readonly #steps: StepDraft[] = [];
  readonly #byId = new Map<StepId, number>();
  /** In columns: a large plan has hundreds of thousands of links. */
  readonly #first: number[] = [];
  readonly #next: number[] = [];
  readonly #strength: Strength[] = [];

  /** The step's number, for `link`. */
  add(step: StepDraft): number {
    if (this.#byId.has(step.id)) throw planFault('PLAN-AMBIGUOUS', `two steps are called "${step.id}"`);
    this.#byId.set(step.id, this.#steps.length);
    return this.#steps.push(step) - 1;
  }
  link(first: number | undefined, next: number | undefined, strength: keyof typeof STRENGTH): void {
    if (first === undefined || next === undefined || first === next) return;
    this.#first.push(first);
    this.#next.push(next);
    this.#strength.push(STRENGTH[strength]);
  }
  stepAt(index: number): StepDraft | undefined {
    return this.#steps[index];
  }
  /** Changes a step that was added. */
  amend(index: number, change: (step: StepDraft) => StepDraft): void {
    const step = this.#steps[index];
    if (step !== undefined) this.#steps[index] = change(step);
  }

  /** All steps, ordered; a circle gives up `after`, never `needs`. */
  finish(): Step[] {
    const graph = new Graph(this.#steps.length);
    const reason: { code: string; why: string } = { code: '', why: '' };
    for (let link = 0; link < this.#first.length; link++) {
      graph.add(this.#first[link] ?? 0, this.#next[link] ?? 0, 'refers', this.#strength[link] ?? 'soft', reason);
    }
    const order = orderOf(graph, this.#ranks());
    const [stuck] = order.impossible;
    if (stuck !== undefined) {
      throw planFault(
        'PLAN-CIRCLE',
        `"${this.#steps[stuck]?.id}" needs itself through others; this is a defect of the rules`,
      );
    }
    return order.nodes.flatMap((node) => {
      const step = this.#steps[node];
      if (step === undefined) return [];
      const edges = graph.into(node);
      if (edges.length === 0) return [Object.assign(step, { needs: NONE, after: NONE }) as Step];
      const needs: StepId[] = [];
      const after: StepId[] = [];
      for (const edge of edges) {
        const id = order.givenUp.has(edge) ? undefined : this.#steps[graph.firstOf(edge)]?.id;
        if (id !== undefined) (graph.strengthOf(edge) === 'firm' ? needs : after).push(id);
      }
      const known = new Set(after.length === 0 ? NONE : needs);
      const rest = after.length === 0 ? after : after.filter((id) => !known.has(id));
      return [Object.assign(step, { needs: listed(needs), after: listed(rest) }) as Step];
    });
  }

  #ranks(): Int32Array {
    const stages = new Map<Stage, number>(STAGES.map((stage, index) => [stage, index]));
    const sorted = this.#steps.map((step, index) => ({ stage: stages.get(step.stage) ?? 0, id: step.id, index }));
    sorted.sort((a, b) => a.stage - b.stage || compareText(a.id, b.id));
    const ranks = new Int32Array(this.#steps.length);
    for (const [rank, { index }] of sorted.entries()) ranks[index] = rank;
    return ranks;
  }
}
const NONE: readonly StepId[] = [];
/** In order, each once. */
function listed(ids: StepId[]): readonly StepId[] {
  if (ids.length < 2) return ids.length === 0 ? NONE : ids;
  ids.sort();
  return ids.some((id, index) => id === ids[index + 1]) ? [...new Set(ids)] : ids;
}

export function stepId(action: string, what: string): StepId {
  return `${action} ${what}` as StepId;
}
export function reasonOf(code: string, sentence: string): Reason {
  return { code, sentence };
}
