import type { Step } from '../plan/plan.ts';
import { recoverFault } from './codes.ts';

/** Indices of steps, the smallest first: ready steps are taken in the plan's order. */
class IndexHeap {
  readonly #items: number[] = [];

  get size(): number {
    return this.#items.length;
  }

  push(value: number): void {
    const items = this.#items;
    let at = items.push(value) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = items[up] as number;
      if (parent <= value) break;
      items[at] = parent;
      at = up;
    }
    items[at] = value;
  }

  pop(): number | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      let down = at * 2 + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && (items[down + 1] as number) < (items[down] as number)) down++;
      if ((items[down] as number) >= last) break;
      items[at] = items[down] as number;
      at = down;
    }
    items[at] = last;
    return first;
  }
}

/** How a step ended for those that wait for it. */
export type End = 'done' | 'undone';

/**
 * Which steps may be taken now. Every step is given out once by `next`, then ended once by `end`; a step whose need ends
 * undone is never given out, and is told by `onBlocked` with the step that it needed.
 */
export class Schedule {
  readonly #open: Int32Array;
  readonly #dependents: (number[] | undefined)[];
  readonly #followers: (number[] | undefined)[];
  readonly #ended: Uint8Array;
  readonly #ready = new IndexHeap();
  readonly #onBlocked: (index: number, by: number) => void;
  #left: number;

  constructor(steps: readonly Step[], onBlocked: (index: number, by: number) => void) {
    const places = new Map(steps.map((step, index) => [step.id, index]));
    this.#open = new Int32Array(steps.length);
    this.#dependents = new Array(steps.length);
    this.#followers = new Array(steps.length);
    this.#ended = new Uint8Array(steps.length);
    this.#onBlocked = onBlocked;
    this.#left = steps.length;
    for (const [index, step] of steps.entries()) {
      for (const id of step.needs) this.#await(index, placeOf(places, step, id), this.#dependents);
      for (const id of step.after) this.#await(index, placeOf(places, step, id), this.#followers);
      if (this.#open[index] === 0) this.#ready.push(index);
    }
  }

  /** Steps that have not ended. */
  get left(): number {
    return this.#left;
  }
  get ready(): number {
    return this.#ready.size;
  }

  next(): number | undefined {
    for (;;) {
      const index = this.#ready.pop();
      // A blocked step can be ready too: what it comes after has ended since.
      if (index === undefined || this.#ended[index] === 0) return index;
    }
  }

  /** Puts a step back that was taken: it is tried again. */
  again(index: number): void {
    this.#ready.push(index);
  }

  end(index: number, end: End): void {
    if (!this.#close(index)) return;
    const ended: [number, End][] = [[index, end]];
    for (let one = ended.pop(); one !== undefined; one = ended.pop()) {
      const [at, how] = one;
      for (const follower of this.#followers[at] ?? []) this.#settle(follower);
      for (const dependent of this.#dependents[at] ?? []) {
        if (how === 'done') this.#settle(dependent);
        else if (this.#close(dependent)) {
          this.#onBlocked(dependent, at);
          ended.push([dependent, 'undone']);
        }
      }
    }
  }

  /** False when it had ended before: a step can be blocked over several needs. */
  #close(index: number): boolean {
    if (this.#ended[index] === 1) return false;
    this.#ended[index] = 1;
    this.#left--;
    return true;
  }

  #await(index: number, other: number, lists: (number[] | undefined)[]): void {
    this.#open[index] = (this.#open[index] ?? 0) + 1;
    const list = lists[other];
    if (list === undefined) lists[other] = [index];
    else list.push(index);
  }

  #settle(index: number): void {
    const open = (this.#open[index] ?? 0) - 1;
    this.#open[index] = open;
    if (open === 0 && this.#ended[index] === 0) this.#ready.push(index);
  }
}

function placeOf(places: ReadonlyMap<string, number>, step: Step, id: string): number {
  const place = places.get(id);
  if (place === undefined)
    throw recoverFault('PLAN-REFUSED', `${step.id} waits for ${id}, which is no step of the plan.`, {
      hint: 'Make the plan anew.',
    });
  return place;
}
