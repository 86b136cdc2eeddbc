import { Graph } from '../graph/graph.ts';
import { orderOf } from '../graph/order.ts';
import { compareText } from '../objects/key.ts';
import { planFault } from './codes.ts';
import { type Reason, STAGES, type Stage, type Step, type StepId } from './plan.ts';

/** A step before its needs are known. */
export type StepDraft = Step extends infer Each ? (Each extends Step ? Omit<Each, 'needs' | 'after'> : never) : never;

interface Link {
  readonly first: number;
  readonly next: number;
  readonly strength: 'needs' | 'after';
}

/** Steps and what must come before what; `finish` puts them in an order. */
export class StepGraph {
  readonly #steps: StepDraft[] = [];
  readonly #byId = new Map<StepId, number>();
  readonly #links: Link[] = [];

  /** The step's number, for `link`. */
  add(step: StepDraft): number {
    if (this.#byId.has(step.id)) throw planFault('PLAN-AMBIGUOUS', `two steps are called "${step.id}"`);
    this.#byId.set(step.id, this.#steps.length);
    return this.#steps.push(step) - 1;
  }
  link(first: number | undefined, next: number | undefined, strength: 'needs' | 'after'): void {
    if (first !== undefined && next !== undefined && first !== next) this.#links.push({ first, next, strength });
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
    for (const { first, next, strength } of this.#links)
      graph.add(first, next, 'refers', strength === 'needs' ? 'firm' : 'soft', reason);
    const order = orderOf(graph, this.#ranks());
    const [stuck] = order.impossible;
    if (stuck !== undefined) {
      throw planFault(
        'PLAN-CIRCLE',
        `"${this.#steps[stuck]?.id}" needs itself through others; this is a defect of the rules`,
      );
    }
    const needs = new Map<number, Set<StepId>>();
    const after = new Map<number, Set<StepId>>();
    for (const [edge, { first, next, strength }] of this.#links.entries()) {
      if (order.givenUp.has(edge)) continue;
      const id = this.#steps[first]?.id;
      if (id === undefined) continue;
      const lists = strength === 'needs' ? needs : after;
      const list = lists.get(next);
      if (list === undefined) lists.set(next, new Set([id]));
      else list.add(id);
    }
    return order.nodes.flatMap((node) => {
      const step = this.#steps[node];
      if (step === undefined) return [];
      const own = needs.get(node);
      const soft = [...(after.get(node) ?? [])].filter((id) => own === undefined || !own.has(id)).sort();
      return [
        { ...step, needs: own === undefined ? NONE : [...own].sort(), after: soft.length === 0 ? NONE : soft } as Step,
      ];
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

export function stepId(action: string, what: string): StepId {
  return `${action} ${what}` as StepId;
}
export function reasonOf(code: string, sentence: string): Reason {
  return { code, sentence };
}
