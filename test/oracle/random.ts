/** Numbers from 0 to `limit` - 1, the same ones for the same seed on every machine (mulberry32). */
export function randomBelow(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit);
  };
}

/** A seeded source of choices. */
export class Random {
  readonly below: (limit: number) => number;
  constructor(seed: number) {
    this.below = randomBelow(seed);
  }
  /** From `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(items.length)];
  }
  one<Item>(first: Item, ...more: Item[]): Item {
    return [first, ...more][this.below(more.length + 1)] ?? first;
  }
  shuffled<Item>(items: readonly Item[]): Item[] {
    const left = [...items];
    const found: Item[] = [];
    while (left.length > 0) found.push(...left.splice(this.below(left.length), 1));
    return found;
  }
  uid(): string {
    const digits = Array.from({ length: 32 }, (_, index) => (index === 12 ? 4 : this.below(16)).toString(16)).join('');
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
  }
  word(): string {
    return Array.from({ length: 5 }, () => 'bcdfghjkmnpqrstvwxz24567'[this.below(24)]).join('');
  }
}
