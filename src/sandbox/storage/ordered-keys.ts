/** Keys in byte-wise order, kept in blocks so that an insert moves few of them. */
export class OrderedKeys {
  readonly #blocks: string[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(key: string): void {
    const at = this.#blockOf(key);
    const block = this.#blocks[at];
    if (block === undefined) {
      this.#blocks.push([key]);
      this.#size++;
      return;
    }
    const index = lowerBound(block, key);
    if (block[index] === key) return;
    if (index === block.length) block.push(key);
    else block.splice(index, 0, key);
    this.#size++;
    if (block.length > MOST) this.#blocks.splice(at + 1, 0, block.splice(block.length >> 1));
  }

  delete(key: string): void {
    const at = this.#blockOf(key);
    const block = this.#blocks[at];
    if (block === undefined) return;
    const index = lowerBound(block, key);
    if (block[index] !== key) return;
    block.splice(index, 1);
    this.#size--;
    if (block.length === 0) this.#blocks.splice(at, 1);
  }

  /** Calls back for every key from `start` on, in order, until the callback says `false`. Do not change keys meanwhile. */
  from(start: string, each: (key: string) => boolean): void {
    let at = this.#blockOf(start);
    let index = lowerBound(this.#blocks[at] ?? [], start);
    for (; at < this.#blocks.length; at++, index = 0) {
      const block = this.#blocks[at] as string[];
      for (; index < block.length; index++) if (!each(block[index] as string)) return;
    }
  }

  /** The block that holds the key or should: the last one that begins at or before it. */
  #blockOf(key: string): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#blocks[middle]?.[0] as string) <= key) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

const MOST = 1024;

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
