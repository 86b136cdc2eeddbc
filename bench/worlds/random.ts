/** Reproducible numbers (mulberry32): the same seed gives the same world on every machine. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  /** A whole number in [0, end). */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
  /** Text of words, which compresses about as configuration does. */
  text(length: number): string {
    let made = '';
    while (made.length < length) made += `${WORDS[this.below(WORDS.length)]}${this.below(1000)} `;
    return made.slice(0, length);
  }
}

const WORDS = 'replicas timeout database endpoint region bucket feature enabled token level retries queue'.split(' ');

/** A UID of version 4 made of two numbers. */
export function uidFor(family: number, number: number): string {
  const left = family.toString(16).padStart(8, '0');
  return `${left}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}
