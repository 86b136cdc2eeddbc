import { isJsonObject } from '../../objects/json.ts';
import { malformed } from './answer.ts';
import { ItemCursor } from './item-cursor.ts';
import type { ScannedItem } from './scanned-item.ts';

/** What a list says of itself beside its items. */
export interface ListHead {
  readonly apiVersion: string;
  readonly kind: string;
  /** `metadata.resourceVersion`; '' when the server gave none. */
  readonly revision: string;
  /** `metadata.continue`; '' on the last page. */
  readonly continueToken: string;
  /** `metadata.remainingItemCount`; absent when the server does not say. */
  readonly remaining?: number;
}

export interface ScanBounds {
  /** Bytes of one item. */
  readonly item: number;
  /** How the list is called in faults. */
  readonly what: string;
}

const START = 0;
const KEY = 1;
const IN_KEY = 2;
const COLON = 3;
const VALUE = 4;
const SCALAR = 5;
const TEXT = 6;
const NESTED = 7;
const ITEMS = 8;
const ITEM = 9;
const DONE = 10;

const KEPT = ['apiVersion', 'kind', 'metadata'];
const MOST_KEPT = 1 << 20;
const MOST_DEPTH = 10_000;

/**
 * Finds the elements of the top-level `items` in the bytes of a list as they come in, in pieces of any size, without parsing
 * them, and beside them what the list says of itself, whether that comes before or after the items.
 * Use: `push` a piece, then `next` until it gives undefined; `finish` after the last piece. Throws MALFORMED-ANSWER.
 */
export class ListScanner {
  readonly #what: string;
  readonly #items: ItemCursor;
  #chunk: Buffer = Buffer.alloc(0);
  #pos = 0;
  #state = START;
  #key = '';
  #seen = false;
  #afterComma = false;
  #afterElement = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #kept: number[] = [];
  readonly #values: Record<string, unknown> = {};

  constructor(bounds: ScanBounds) {
    this.#what = bounds.what;
    this.#items = new ItemCursor(bounds);
  }

  /** The bytes are read until `next` has given undefined; an item inside of them is a view of them. */
  push(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#pos = 0;
  }

  /** The next whole item, valid until the following call; undefined when the rest of the list has yet to come. */
  next(): ScannedItem | undefined {
    while (this.#pos < this.#chunk.length) {
      if (this.#state !== ITEM) {
        this.#walk();
        continue;
      }
      const end = this.#items.scan(this.#chunk, this.#pos);
      if (end < 0) {
        this.#pos = this.#chunk.length;
        return undefined;
      }
      this.#pos = end;
      this.#state = ITEMS;
      this.#afterElement = true;
      this.#afterComma = false;
      return this.#items.take();
    }
    return undefined;
  }

  /** The list's own metadata as soon as it was read: with Go's encoding before the first item. */
  get metadata(): { readonly revision: string; readonly continueToken: string } | undefined {
    const { metadata } = this.#values;
    if (metadata === undefined) return undefined;
    return { revision: this.#textIn(metadata, 'resourceVersion'), continueToken: this.#textIn(metadata, 'continue') };
  }

  /** Checks that the list is whole and gives what it says of itself. */
  finish(): ListHead {
    if (this.#state !== DONE) throw malformed(this.#what, 'is cut short');
    if (!this.#seen) throw malformed(this.#what, 'is no list: it has no items');
    const { apiVersion, kind } = this.#values;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string')
      throw malformed(this.#what, 'is a list without apiVersion or kind');
    const head = this.metadata ?? { revision: '', continueToken: '' };
    const remaining = (this.#values.metadata as { readonly remainingItemCount?: unknown } | undefined)
      ?.remainingItemCount;
    if (remaining === undefined || remaining === null) return { apiVersion, kind, ...head };
    if (typeof remaining !== 'number' || !Number.isSafeInteger(remaining) || remaining < 0)
      throw malformed(this.#what, 'has a metadata.remainingItemCount that is no count');
    return { apiVersion, kind, ...head, remaining };
  }

  /** Everything outside of items, byte by byte: it is short. */
  #walk(): void {
    const chunk = this.#chunk;
    for (let i = this.#pos; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      if (this.#state >= SCALAR && this.#state <= NESTED) {
        if (this.#value(byte)) continue;
        // A scalar ends before the byte that follows it.
      } else if (this.#state === IN_KEY) {
        this.#inKey(byte);
        continue;
      }
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) continue;
      this.#between(byte);
      if (this.#state === ITEM) {
        this.#items.begin(i);
        this.#pos = i + 1;
        // With nothing behind the brace, `next` has no more reason to scan: the brace itself must be kept.
        if (this.#pos === chunk.length) this.#items.scan(chunk, this.#pos);
        return;
      }
    }
    this.#pos = chunk.length;
  }

  #between(byte: number): void {
    if (this.#state === START && byte === 0x7b) this.#open(KEY);
    else if (this.#state === KEY && byte === 0x22 && !this.#afterElement) {
      this.#kept = [0x22];
      this.#state = IN_KEY;
    } else if (this.#state === KEY && byte === 0x7d && !this.#afterComma) this.#state = DONE;
    else if (this.#state === ITEMS && byte === 0x7b && !this.#afterElement) this.#state = ITEM;
    else if (this.#state === ITEMS && byte === 0x5d && !this.#afterComma) this.#close();
    else if ((this.#state === KEY || this.#state === ITEMS) && byte === 0x2c && this.#afterElement) {
      this.#afterElement = false;
      this.#afterComma = true;
    } else if (this.#state === COLON && byte === 0x3a) this.#state = VALUE;
    else if (this.#state === VALUE) this.#beginValue(byte);
    else if (this.#state === ITEMS) throw malformed(this.#what, 'has an item that is no object, or is out of order');
    else throw malformed(this.#what, 'is no JSON object');
  }

  #open(state: number): void {
    this.#state = state;
    this.#afterElement = false;
    this.#afterComma = false;
  }

  #close(): void {
    this.#state = KEY;
    this.#afterElement = true;
    this.#afterComma = false;
  }

  #inKey(byte: number): void {
    this.#kept.push(byte);
    if (this.#kept.length > 1024) throw malformed(this.#what, 'has a field name without end');
    if (this.#escaped) this.#escaped = false;
    else if (byte === 0x5c) this.#escaped = true;
    else if (byte === 0x22) {
      this.#key = this.#parse() as string;
      this.#state = COLON;
    }
  }

  #beginValue(byte: number): void {
    if (this.#key === 'items') {
      if (this.#seen) throw malformed(this.#what, 'has items twice');
      this.#seen = true;
      if (byte === 0x5b) {
        this.#open(ITEMS);
        return;
      }
      // Go writes null for a list without items.
      if (byte !== 0x6e) throw malformed(this.#what, 'has items that are no array');
    }
    this.#kept = [];
    this.#depth = 0;
    this.#inString = false;
    this.#state = byte === 0x22 ? TEXT : byte === 0x7b || byte === 0x5b ? NESTED : SCALAR;
    this.#value(byte);
  }

  /** Takes one byte of a value; false when the value ended before it. */
  #value(byte: number): boolean {
    if (this.#state === SCALAR && (byte === 0x2c || byte === 0x7d || byte <= 0x20)) {
      this.#endValue();
      return false;
    }
    if (this.#key === 'items' || KEPT.includes(this.#key)) this.#kept.push(byte);
    if (this.#kept.length > MOST_KEPT) throw malformed(this.#what, `has a ${this.#key} beyond all bounds`);
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === 0x5c) this.#escaped = true;
      else if (byte === 0x22) {
        this.#inString = false;
        if (this.#state === TEXT) this.#endValue();
      }
    } else if (byte === 0x22) this.#inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++this.#depth > MOST_DEPTH) throw malformed(this.#what, 'is nested beyond all bounds');
    } else if (byte === 0x7d || byte === 0x5d) {
      if (--this.#depth === 0) this.#endValue();
    }
    return true;
  }

  #endValue(): void {
    if (this.#key === 'items' && this.#parse() !== null) throw malformed(this.#what, 'has items that are no array');
    if (KEPT.includes(this.#key)) {
      const value = this.#parse();
      const fits = this.#key === 'metadata' ? isJsonObject(value) : typeof value === 'string';
      if (!fits) throw malformed(this.#what, `has a ${this.#key} of the wrong type`);
      this.#values[this.#key] = value;
    }
    this.#close();
  }

  #parse(): unknown {
    try {
      return JSON.parse(Buffer.from(this.#kept).toString('utf8'));
    } catch (cause) {
      throw malformed(this.#what, 'is no JSON', cause);
    }
  }

  #textIn(metadata: unknown, field: string): string {
    const value = (metadata as Record<string, unknown>)[field];
    if (value === undefined || value === null) return '';
    if (typeof value !== 'string') throw malformed(this.#what, `has a metadata.${field} that is no text`);
    return value;
  }
}
