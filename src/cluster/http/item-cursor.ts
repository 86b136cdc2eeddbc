import { malformed } from './answer.ts';
import { ItemMaker, type ScannedItem } from './scanned-item.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
/** With bit 0x20 set, `{` and `[` are one value and `}` and `]` another; nothing else becomes them. */
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** A Kubernetes server decodes no JSON nested deeper than this. */
const MOST_DEPTH = 10_000;
const NEAR = 48;
const KEPT_CAPACITY = 4 << 20;

/**
 * Walks through one item after the other, across pieces, and notes where the fields of its own `metadata` stand.
 * Offsets are counted from the item's first byte. Only an item that crosses a border of pieces is copied.
 */
export class ItemCursor {
  readonly #what: string;
  readonly #most: number;
  readonly #maker: ItemMaker;
  readonly #from = new Int32Array(4);
  readonly #to = new Int32Array(4);
  #carry = Buffer.allocUnsafe(64 << 10);
  #carried = 0;
  #chunk: Buffer = Buffer.alloc(0);
  /** Where the item begins in the piece at hand, and behind its last byte. */
  #start = 0;
  #end = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #stringFrom = 0;
  #stringTo = 0;
  #inMetadata = false;
  #wanted = -1;

  constructor(bounds: { readonly item: number; readonly what: string }) {
    this.#what = bounds.what;
    this.#most = bounds.item;
    this.#maker = new ItemMaker(bounds.what);
  }

  /** An item's opening brace stands at `start` of the piece that `scan` gets next. */
  begin(start: number): void {
    this.#start = start;
    this.#carried = 0;
    this.#depth = 1;
    this.#inString = false;
    this.#escaped = false;
    this.#inMetadata = false;
    this.#wanted = -1;
    this.#from.fill(-1);
    this.#to.fill(-1);
  }

  /** Goes on at `from`. Gives the place behind the item, or -1 when it does not end in this piece. */
  scan(chunk: Buffer, from: number): number {
    this.#chunk = chunk;
    const length = chunk.length;
    // Offset in the item = place in the piece + base.
    const base = this.#carried - this.#start;
    let depth = this.#depth;
    let i = from;
    if (this.#inString) {
      const close = this.#escaped ? closingQuote(chunk, i + 1, length) : closingQuote(chunk, i, length);
      if (close >= length) return this.#suspend(depth, close > length);
      this.#inString = false;
      if (depth <= 2) this.#string(depth, this.#stringFrom, close + base);
      i = close + 1;
    }
    while (i < length) {
      const floor = this.#inMetadata ? 2 : 1;
      // Deep inside only strings and brackets matter.
      while (depth > floor && i < length) {
        const byte = chunk[i] as number;
        if (byte === QUOTE) {
          const close = closingQuote(chunk, i + 1, length);
          if (close >= length) return this.#suspendString(depth, i + 1 + base, close > length);
          i = close + 1;
          continue;
        }
        const bracket = byte | 0x20;
        if (bracket === OPEN) {
          if (++depth > MOST_DEPTH) throw malformed(this.#what, 'has an item nested beyond all bounds');
        } else if (bracket === CLOSE) depth--;
        i++;
      }
      while (depth <= floor && i < length) {
        const byte = chunk[i] as number;
        if (byte === QUOTE) {
          const close = closingQuote(chunk, i + 1, length);
          if (close >= length) return this.#suspendString(depth, i + 1 + base, close > length);
          this.#string(depth, i + 1 + base, close + base);
          i = close + 1;
          continue;
        }
        i++;
        if (byte === COLON) {
          this.#colon(depth, base);
          if (depth === 1) break;
          continue;
        }
        if (byte === COMMA) {
          this.#wanted = -1;
          continue;
        }
        const bracket = byte | 0x20;
        if (bracket === OPEN) {
          this.#wanted = -1;
          depth++;
        } else if (bracket === CLOSE && --depth === 0) {
          if (byte !== CLOSE) throw malformed(this.#what, 'has an item that is closed like an array');
          this.#end = i;
          if (this.#carried > 0) this.#keep(i);
          return i;
        }
      }
    }
    return this.#suspend(depth, false);
  }

  /** The item that `scan` just finished; valid until the next call of `scan`. */
  take(): ScannedItem {
    const bytes =
      this.#carried > 0 ? this.#carry.subarray(0, this.#carried) : this.#chunk.subarray(this.#start, this.#end);
    return this.#maker.make(bytes, this.#from, this.#to);
  }

  #suspendString(depth: number, stringFrom: number, escaped: boolean): number {
    this.#inString = true;
    this.#stringFrom = stringFrom;
    return this.#suspend(depth, escaped);
  }

  #suspend(depth: number, escaped: boolean): number {
    this.#depth = depth;
    this.#escaped = escaped;
    this.#keep(this.#chunk.length);
    this.#start = 0;
    return -1;
  }

  /** Copies what the piece holds of the item, up to `end`, behind what was copied before. */
  #keep(end: number): void {
    const size = this.#carried + end - this.#start;
    if (size > this.#most) throw malformed(this.#what, `has an item longer than ${this.#most} bytes`);
    const fits = this.#carry.length >= size;
    const tooLarge = this.#carried === 0 && this.#carry.length > KEPT_CAPACITY;
    if (!fits || tooLarge) {
      const larger = Buffer.allocUnsafe(fits ? Math.max(size, 64 << 10) : Math.max(size, this.#carry.length * 2));
      this.#carry.copy(larger, 0, 0, this.#carried);
      this.#carry = larger;
    }
    this.#chunk.copy(this.#carry, this.#carried, this.#start, end);
    this.#carried = size;
  }

  /** A string at depth 1 or 2: the value that was waited for, or what may turn out to be a field's name. */
  #string(depth: number, from: number, to: number): void {
    if (depth === 2 && this.#wanted >= 0) {
      this.#from[this.#wanted] = from;
      this.#to[this.#wanted] = to;
      this.#wanted = -1;
    }
    this.#stringFrom = from;
    this.#stringTo = to;
  }

  #colon(depth: number, base: number): void {
    if (depth === 1) {
      this.#inMetadata = this.#stringIs(METADATA, base);
      // As for JSON.parse, a repeated field counts as it came last.
      if (this.#inMetadata) this.#from.fill(-1);
      return;
    }
    const length = this.#stringTo - this.#stringFrom;
    this.#wanted = -1;
    for (let field = 0; field < 4; field++) {
      const name = FIELDS[field] as Buffer;
      if (name.length !== length || !this.#stringIs(name, base)) continue;
      this.#wanted = field;
      // Present, and no text until one follows.
      this.#from[field] = 0;
      this.#to[field] = -1;
    }
  }

  #stringIs(wanted: Buffer, base: number): boolean {
    const length = wanted.length;
    if (this.#stringTo - this.#stringFrom !== length) return false;
    for (let k = 0; k < length; k++) {
      const offset = this.#stringFrom + k;
      const byte = offset < this.#carried ? this.#carry[offset] : this.#chunk[offset - base];
      if (byte !== wanted[k]) return false;
    }
    return true;
  }
}

const METADATA = Buffer.from('metadata');
const FIELDS = [Buffer.from('name'), Buffer.from('namespace'), Buffer.from('uid'), Buffer.from('resourceVersion')];

/**
 * Place of the quote that ends the string whose content goes on at `from`; `length` when it does not end here,
 * `length + 1` when moreover the last byte is a backslash that belongs to the next piece's first byte.
 */
function closingQuote(chunk: Buffer, from: number, length: number): number {
  let i = from;
  for (;;) {
    // Most strings are short: a loop beats a call. Long ones are left to the native search.
    const near = Math.min(i + NEAR, length);
    while (i < near) {
      const byte = chunk[i];
      if (byte === QUOTE) return i;
      i += byte === BACKSLASH ? 2 : 1;
    }
    if (i >= length) return i;
    const quote = chunk.indexOf(QUOTE, i);
    const stop = quote < 0 ? length : quote;
    let run = stop;
    while (run > i && chunk[run - 1] === BACKSLASH) run--;
    const escaped = ((stop - run) & 1) === 1;
    if (quote < 0) return escaped ? length + 1 : length;
    if (!escaped) return quote;
    i = quote + 1;
  }
}
