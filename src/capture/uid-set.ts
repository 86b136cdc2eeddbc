const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * UIDs at 21 to 43 bytes each: two numbers of 52 bits out of the 122 random bits of a UUID, in open addressing.
 * Other texts are kept as they are.
 */
export class UidSet {
  #slots = new Float64Array(2 * 1024);
  #used = 0;
  readonly #others = new Set<string>();

  get size(): number {
    return this.#used + this.#others.size;
  }
  has(uid: string): boolean {
    if (!UUID.test(uid)) return this.#others.has(uid);
    return this.#slots[this.#find(this.#slots, high(uid), low(uid)) + 1] !== 0;
  }
  /** False when it was there already. */
  add(uid: string): boolean {
    if (!UUID.test(uid)) return this.#others.size !== this.#others.add(uid).size;
    const one = high(uid);
    const two = low(uid);
    const at = this.#find(this.#slots, one, two);
    if (this.#slots[at + 1] !== 0) return false;
    this.#slots[at] = one;
    this.#slots[at + 1] = two;
    this.#used++;
    if (this.#used * 4 > (this.#slots.length / 2) * 3) this.#grow();
    return true;
  }

  /** The place of the pair, or the empty one where it belongs. */
  #find(slots: Float64Array, one: number, two: number): number {
    const mask = slots.length / 2 - 1;
    for (let i = (Math.imul(one | 0, 0x9e3779b1) ^ Math.imul(two | 0, 0x85ebca6b)) & mask; ; i = (i + 1) & mask) {
      const at = 2 * i;
      if (slots[at + 1] === 0 || (slots[at] === one && slots[at + 1] === two)) return at;
    }
  }
  #grow(): void {
    const larger = new Float64Array(2 * this.#slots.length);
    for (let i = 0; i < this.#slots.length; i += 2) {
      const one = this.#slots[i] ?? 0;
      const two = this.#slots[i + 1] ?? 0;
      if (two === 0) continue;
      const at = this.#find(larger, one, two);
      larger[at] = one;
      larger[at + 1] = two;
    }
    this.#slots = larger;
  }
}

const high = (uid: string): number => Number.parseInt(uid.slice(0, 8) + uid.slice(9, 13), 16);
/** The variant bits make it at least 8 * 16^12 for the UUIDs that servers make; the one added keeps all others from 0, the empty place. */
const low = (uid: string): number => Number.parseInt(uid.slice(19, 20) + uid.slice(24), 16) + 1;
