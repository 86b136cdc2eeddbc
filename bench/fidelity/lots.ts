/** Decisions that a seed makes (mulberry32): the same in every run. */
export class Lots {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 0x9e3779b1) >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  chance(part: number): boolean {
    return this.next() < part;
  }

  /** From `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  one<Value>(of: readonly Value[]): Value {
    const chosen = of[Math.floor(this.next() * of.length)];
    if (chosen === undefined) throw new RangeError('there is nothing to choose from');
    return chosen;
  }

  /** At least one of them, in their order. */
  some<Value>(of: readonly Value[]): Value[] {
    const chosen = of.filter(() => this.chance(0.5));
    return chosen.length === 0 ? [this.one(of)] : chosen;
  }
}
